"""Mastodon by tag, against a stand-in: reading forwards, resuming, looking again, and each way to be refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crawlers import Batch, crawl
from tanggap.errors import SourceError
from tanggap.records import PostKind, Source, SourceKind
from tanggap.settings import Secrets, Settings
from tests.crawlers.conftest import NOW
from tests.mockserver.api import stand_in
from tests.mockserver.mastodon_api import BASE, MastodonApi, status
from tests.mockserver.web import MockWeb

Make = Callable[..., Source]


@pytest.fixture
def mastodon(source: Make, web: MockWeb) -> Source:
    return source(kind=SourceKind.MASTODON, address=web.url("/").rstrip("/"), query="#banjir #krl", limit=1000)


def serve(web: MockWeb, statuses: list[Any], **kwargs: Any) -> MastodonApi:
    api = MastodonApi(statuses, **kwargs)
    stand_in(web, api)
    return api


def pages(source: Source, settings: Settings, cursor: str = "", **kwargs: Any) -> list[Batch]:
    return list(crawl(source, settings, cursor=cursor, known=lambda _: set(), **kwargs))


def ids(batches: list[Batch]) -> list[int]:
    return [int(post.native_id) - BASE for batch in batches for post in batch.posts if post.native_id.isdecimal()]


def refused(source: Source, settings: Settings) -> SourceError:
    with pytest.raises(SourceError) as caught:
        pages(source, settings)
    return caught.value


def test_each_tag_is_read_forwards_to_its_end(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    api = serve(web, [status(n, "banjir") for n in range(90)] + [status(n, "krl") for n in range(100, 110)])
    batches = pages(mastodon, settings)
    assert sorted(ids(batches)) == [*range(90), *range(100, 110)]
    assert json.loads(batches[-1].cursor)["tags"] == {"banjir": str(BASE + 89), "krl": str(BASE + 109)}
    assert [tag for tag, _ in api.calls] == ["banjir", "krl", "banjir", "krl", "banjir", "banjir"]
    assert web.agents == {settings.crawler.user_agent}


def test_the_first_run_looks_back_seven_days(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    api = serve(web, [status(1, "banjir")])
    pages(mastodon, settings)
    assert int(api.calls[0][1]["min_id"]) >> 16 == int((NOW - timedelta(days=7)).timestamp()) * 1000


@pytest.mark.parametrize("stored", range(4))
def test_a_run_killed_after_any_page_loses_and_doubles_nothing(
    stored: int, web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    api = serve(web, [status(n, "banjir" if n % 3 else "krl") for n in range(90)])
    kept = pages(mastodon, settings)[:stored]
    api.statuses.extend(status(n, "banjir") for n in range(90, 95))
    resumed = pages(mastodon, settings, kept[-1].cursor if kept else "")
    latest = pages(mastodon, settings, resumed[-1].cursor)
    assert sorted(ids(kept) + ids(resumed)) == list(range(95))
    assert ids(latest) == []


def test_a_loud_tag_leaves_room_for_the_others(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [status(n, "banjir") for n in range(500)] + [status(900, "krl")])
    batches = pages(mastodon, settings, limit=20)
    assert sum(batch.fetched for batch in batches) == 20
    assert 900 in ids(batches)


def test_a_status_keeps_its_words_and_counters_and_loses_its_author(
    web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    content = (
        "<p>Banjir lagi<br>di Pondok Uji</p><p>Lihat <a href='https://contoh.example/foto'><span class='invisible'>"
        "https://</span><span class='ellipsis'>contoh.example/fo</span><span class='invisible'>to</span></a> &amp; "
        "<script>alert(1)</script>tolong</p>"
    )
    serve(web, [status(7, "banjir", content=content, in_reply_to_id="5", spoiler_text="Genangan")])
    ((post,),) = [batch.posts for batch in pages(mastodon, settings)]
    assert post.text == "Genangan\nBanjir lagi\ndi Pondok Uji\n\nLihat https://contoh.example/foto & tolong"
    assert (post.kind, post.reply_to, post.extra["language"]) == (PostKind.POST, "5", "id")
    assert (post.engagement.likes, post.engagement.replies, post.engagement.reposts) == (3, 1, 2)
    assert post.url == "https://sosial.example/@warga7/7"
    assert post.author
    assert "warga7" not in post.author


def test_a_boost_is_the_status_that_was_boosted(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [status(9, "banjir", content="", reblog=status(3, "banjir"))])
    assert ids(pages(mastodon, settings)) == [3]


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": "unlisted"},
        {"visibility": "private"},
        {"account": {"acct": "a", "noindex": True}},
        {"account": {"acct": "a", "note": "<p>saya <a href='x'>#<span>nobot</span></a></p>"}},
    ],
)
def test_what_is_not_for_machines_is_refused_and_not_kept(
    fields: dict[str, Any], web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    serve(web, [status(1, "banjir", **fields), status(2, "banjir")])
    (batch,) = pages(mastodon, settings)
    assert ids([batch]) == [2]
    assert [(one.kind, one.sample) for one in batch.refusals] == [("blocked", "")]


def test_the_topic_guard_keeps_its_words_out(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [status(1, "banjir", content="<p>Ikut Demo-Buruh di Balai Kota</p>"), status(2, "banjir")])
    (batch,) = pages(mastodon.evolve(topic_guard=("demo buruh",)), settings)
    assert ids([batch]) == [2]
    assert [one.kind for one in batch.refusals] == ["topic"]
    assert batch.failed == 0


def test_a_day_later_edits_are_brought_up_to_date_and_deletions_taken_out(
    web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    api = serve(web, [status(n, "banjir") for n in range(3)])
    told = json.loads(pages(mastodon, settings)[-1].cursor)
    told["waiting"] = [[one, int((NOW - timedelta(days=2)).timestamp())] for one, _ in told["waiting"]]
    changed = status(1, "banjir", content="<p>Sudah surut</p>", edited_at="2026-01-10T01:00:00.000Z")
    api.statuses[:] = [status(0, "banjir", visibility="private"), changed]
    (batch, _) = pages(mastodon, settings, json.dumps(told))
    assert batch.removed == (str(BASE), str(BASE + 2))
    assert [post.text for post in batch.posts] == ["Sudah surut"]
    assert json.loads(batch.cursor)["waiting"] == []
    assert pages(mastodon, settings, batch.cursor)[-1].removed == ()
    assert len(api.looked_at) == 3


def test_statuses_of_today_are_not_looked_at_again(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    api = serve(web, [status(1, "banjir")])
    pages(mastodon, settings, pages(mastodon, settings)[-1].cursor)
    assert api.looked_at == []


def test_an_empty_answer_is_remarked(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [])
    (batch,) = pages(mastodon, settings)
    assert batch.posts == ()
    assert "brought anything new" in batch.notes[0]


def test_an_instance_that_keeps_tags_to_members_asks_for_a_token(
    web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    api = serve(web, [status(1, "banjir")], access="authenticated")
    error = refused(mastodon, settings)
    assert error.failure == "auth"
    assert "TANGGAP_MASTODON_ACCESS_TOKEN" in str(error)
    member = settings.model_copy(update={"secrets": Secrets(mastodon_access_token="a-token")})
    assert ids(pages(mastodon, member)) == [1]
    assert "Bearer a-token" in api.tokens


REFUSALS = {
    400: "config",
    401: "auth",
    403: "auth",
    404: "config",
    410: "config",
    422: "config",
    429: "rate",
    451: "blocked",
    500: "network",
    502: "network",
    503: "network",
    504: "network",
    418: "network",
}


@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_has_its_class_and_sentence(code: int, web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [], refusals={1: (code, {"error": "no"}, {})})
    error = refused(mastodon, settings)
    assert error.failure == REFUSALS[code]
    assert f"({code})" in str(error)
    assert str(error).startswith("uji: ")


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-01-10T03:05:00.000000Z"}, 5),
        ({"Retry-After": "600"}, 10),
        ({"Retry-After": "Sat, 10 Jan 2026 03:20:00 GMT"}, 20),
        ({"Retry-After": "99999999"}, 24 * 60),
    ],
)
def test_a_pause_lasts_as_long_as_the_instance_says(
    headers: dict[str, str], minutes: int, web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    serve(web, [], refusals={1: (429, {"error": "Throttled"}, headers)})
    error = refused(mastodon, settings)
    assert (error.failure, error.retry_at) == ("rate", NOW + timedelta(minutes=minutes))


def test_pages_before_a_refusal_stand(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    api = serve(web, [status(n, "banjir") for n in range(60)], refusals={3: (503, {}, {})})
    got: list[Batch] = []
    with pytest.raises(SourceError, match="in trouble"):
        got.extend(crawl(mastodon, settings, known=lambda _: set()))
    api.refusals = {}
    assert ids(got) == list(range(40))
    assert ids(pages(mastodon, settings, got[-1].cursor)) == list(range(40, 60))


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"<html>maintenance", "layout"),
        ({"statuses": []}, "layout"),
        ("text", "layout"),
        ([{"content": "x"}], "layout"),
    ],
)
def test_an_answer_of_another_shape_is_a_changed_layout(
    body: Any, failure: str, web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    serve(web, [], refusals={1: (200, body, {})})
    assert refused(mastodon, settings).failure == failure


STRANGE = [None, 7, "x", [], {}, {"a": {"b": None}}, True, -1, "\ud800", "<p>" * 5000, 10**40]


@pytest.mark.parametrize("field", ["id", "content", "account", "created_at", "visibility", "favourites_count", "url"])
def test_strange_values_are_refused_with_a_sample_or_harmless(
    field: str, web: MockWeb, mastodon: Source, settings: Settings
) -> None:
    statuses = [status(10 * n, "banjir") for n in range(80)]
    for place, value in enumerate(STRANGE):
        statuses.insert(7 * place + 6, status(60 * place + 55, "banjir", **{field: value}))
    serve(web, statuses)
    batches = pages(mastodon, settings)
    assert set(range(0, 800, 10)) <= set(ids(batches))
    refusals = [one for batch in batches for one in batch.refusals]
    passed_over = 1 if field == "id" else 0  # an id below those of the page before is one we had
    assert len(refusals) + sum(len(batch.posts) for batch in batches) + passed_over == len(STRANGE) + 80
    assert all(one.sample for one in refusals if one.kind == "payload")


@pytest.mark.parametrize("address", ["http://10.0.0.1", "https://localhost", "http://169.254.169.254"])
def test_an_instance_inside_is_not_asked(address: str, mastodon: Source, settings: Settings) -> None:
    assert refused(mastodon.evolve(address=address), settings).failure == "blocked"


def test_a_query_without_tags_is_not_configured(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [])
    assert refused(mastodon.evolve(query=" # "), settings).failure == "config"


def test_an_unreadable_cursor_begins_anew(web: MockWeb, mastodon: Source, settings: Settings) -> None:
    serve(web, [status(1, "banjir")])
    for cursor in ("}", "[]", '{"tags": 7}', '{"tags": {"banjir": "../../x"}}', '{"waiting": [1]}', "12"):
        assert ids(pages(mastodon, settings, cursor)) == [1]
