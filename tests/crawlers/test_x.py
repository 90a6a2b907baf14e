"""X by recent search, against a stand-in: paging, resuming, and each way to be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawlers import Batch, crawl
from tanggap.errors import SourceError
from tanggap.records import PostKind, Source, SourceKind
from tanggap.settings import CrawlerSection, Settings
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import CAP, RATE, XApi, tweet

Make = Callable[..., Source]
SEARCH = "/2/tweets/search/recent"


@pytest.fixture
def x_settings(settings: Settings, web: MockWeb) -> Settings:
    return settings.model_copy(update={"x_bearer_token": "a-token", "crawler": CrawlerSection(x_api=web.url("/"))})


@pytest.fixture
def x(source: Make) -> Source:
    return source(kind=SourceKind.X, query="air mati", agreement="X-2026-001", limit=10_000)


def serve(web: MockWeb, *args: Any, **kwargs: Any) -> XApi:
    api = XApi(*args, **kwargs)
    web.routes[SEARCH] = api
    return api


def pages(x: Source, settings: Settings, cursor: str = "", **kwargs: Any) -> list[Batch]:
    return list(crawl(x, settings, cursor=cursor, known=lambda _: set(), **kwargs))


def ids(batches: list[Batch]) -> list[int]:
    return [int(post.native_id) for batch in batches for post in batch.posts]


def test_pages_are_walked_to_the_end_and_the_newest_id_is_the_cursor(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x, x_settings)
    assert ids(batches) == list(range(1249, 999, -1))
    assert [batch.cursor for batch in batches] == ["/1150/1249", "/1050/1249", "1249"]
    assert api.tokens == {"Bearer a-token"}
    assert "expansions" not in api.calls[0]


def test_the_next_run_asks_for_newer_posts_only(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1010)])
    batches = pages(x, x_settings, "1006")
    assert ids(batches) == [1009, 1008, 1007]
    assert api.calls[0]["since_id"] == "1006"
    assert pages(x, x_settings, batches[-1].cursor)[-1].cursor == "1009"


@pytest.mark.parametrize("stored", [0, 1, 2])
def test_a_run_killed_after_any_page_loses_and_doubles_nothing(
    stored: int, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    serve(web, [tweet(n) for n in range(1000, 1250)])
    kept = pages(x, x_settings, "1005")[:stored]
    web.routes[SEARCH].tweets.extend(tweet(n) for n in range(1250, 1255))  # type: ignore[union-attr]
    cursor = kept[-1].cursor if kept else "1005"
    resumed = pages(x, x_settings, cursor)
    latest = pages(x, x_settings, resumed[-1].cursor)
    assert sorted(ids(kept) + ids(resumed) + ids(latest)) == list(range(1006, 1255))


def test_a_run_that_meets_its_limit_goes_on_below_it_next_time(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1250)])
    first = pages(x, x_settings, limit=100)
    assert ids(first) == list(range(1249, 1149, -1))
    assert ids(pages(x, x_settings, first[-1].cursor)) == list(range(1149, 999, -1))


def test_a_post_keeps_its_counters_and_loses_its_author(web: MockWeb, x: Source, x_settings: Settings) -> None:
    point = {"coordinates": {"type": "Point", "coordinates": [106.8, -6.2]}}
    answered = [{"type": "replied_to", "id": "7"}]
    longer = {"text": "Air PAM mati lagi. " * 20}
    serve(web, [tweet(9, geo=point, referenced_tweets=answered, note_tweet=longer)])
    ((post,),) = [batch.posts for batch in pages(x, x_settings)]
    assert post.kind is PostKind.POST
    assert (post.engagement.likes, post.engagement.reposts, post.engagement.views) == (3, 3, 90)
    assert (post.lat, post.lon, post.reply_to) == (-6.2, 106.8, "7")
    assert post.text == ("Air PAM mati lagi. " * 20).strip()
    assert "4711" not in repr(post)


REFUSALS = {
    "rate": (429, RATE, {"x-rate-limit-reset": "1767330000", "x-rate-limit-remaining": "0"}),
    "cap": (429, CAP, {}),
    "auth": (401, {"title": "Unauthorized", "status": 401}, {}),
    "network": (503, {"title": "Service Unavailable"}, {}),
    "config": (400, {"errors": [{"message": "There were errors processing your request: missing ')'"}]}, {}),
}


@pytest.mark.parametrize("failure", REFUSALS)
def test_each_refusal_has_its_class(failure: str, web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(1)], {1: REFUSALS[failure]})
    with pytest.raises(SourceError) as caught:
        pages(x, x_settings)
    assert caught.value.failure == failure
    assert "a-token" not in str(caught.value)
    assert len(api.calls) == 1


def test_a_forbidden_access_level_is_a_matter_of_the_key(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [], {1: (403, {"title": "Forbidden", "reason": "client-not-enrolled"}, {})})
    with pytest.raises(SourceError) as caught:
        pages(x, x_settings)
    assert caught.value.failure == "auth"


def test_pages_before_a_refusal_stand_and_the_walk_goes_on_later(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1250)], {2: REFUSALS["rate"]})
    got: list[Batch] = []
    with pytest.raises(SourceError, match="pause until 05:00 UTC"):
        got.extend(crawl(x, x_settings, known=lambda _: set()))
    got = [next(iter(crawl(x, x_settings, known=lambda _: set())))]
    rest = pages(x, x_settings, got[0].cursor)
    assert len(ids(got) + ids(rest)) == 250


def test_records_x_leaves_out_are_notes(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(5)], errors=[{"title": "Not Found Error", "resource_id": "6"}])
    (batch,) = pages(x, x_settings)
    assert (len(batch.posts), batch.failed) == (1, 1)
    assert "Not Found Error" in batch.notes[0]


def test_a_broken_post_is_a_note_and_the_rest_goes_on(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(5), tweet(6, created_at=None), tweet(7, text=None)])
    (batch,) = pages(x, x_settings)
    assert [post.native_id for post in batch.posts] == ["5"]
    assert batch.failed == 2
    assert batch.cursor == "7"


def test_posts_without_ids_are_a_changed_layout(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [{"text": "tanpa nomor"}])
    with pytest.raises(SourceError) as caught:
        pages(x, x_settings)
    assert caught.value.failure == "layout"


def test_a_cursor_older_than_x_remembers_begins_anew(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1005)], oldest=900)
    assert ids(pages(x, x_settings, "500")) == [1004, 1003, 1002, 1001, 1000]


def test_nothing_new_keeps_the_cursor(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(5)])
    (batch,) = pages(x, x_settings, "5")
    assert (batch.posts, batch.cursor) == ((), "5")


def test_x_stays_off_without_an_agreement(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(5)])
    with pytest.raises(SourceError, match="agreement made with X") as caught:
        pages(x.evolve(agreement=" "), x_settings)
    assert caught.value.failure == "config"
    assert api.calls == []


def test_x_without_a_key_is_not_configured(web: MockWeb, x: Source, settings: Settings) -> None:
    with pytest.raises(SourceError, match="TANGGAP_X_BEARER_TOKEN") as caught:
        pages(x, settings)
    assert caught.value.failure == "config"


def test_x_that_does_not_answer_is_a_matter_of_the_network(x: Source, x_settings: Settings) -> None:
    gone = x_settings.model_copy(update={"crawler": CrawlerSection(x_api="http://127.0.0.1:9")})
    with pytest.raises(SourceError) as caught:
        pages(x, gone)
    assert caught.value.failure == "network"
