"""X against a stand-in: paging, resuming, what a page costs, and what may not be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crawlers import Batch, crawl
from crawlers.x.walk import Walk
from tanggap.errors import SourceError
from tanggap.records import PostKind, Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tests.crawlers.conftest import NOW
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import SEARCH, XApi, tweet

Make = Callable[..., Source]
TODAY = "2026-01-10T01:00:00.000Z"

#: address, path, cursors of a walk over 250 posts
PATHS = {"": SEARCH, "user:123": "/2/users/123/tweets", "mentions:789": "/2/users/789/mentions"}
LIST = {"list:456": "/2/lists/456/tweets"}


@pytest.fixture
def x_settings(settings: Settings, web: MockWeb) -> Settings:
    return settings.model_copy(
        update={"secrets": Secrets(x_bearer_token="a-token"), "crawler": CrawlerSection(x_api=web.url("/"))}
    )


@pytest.fixture
def x(source: Make) -> Source:
    return source(kind=SourceKind.X, query="air mati", agreement="X-2026-001", limit=10_000)


def serve(web: MockWeb, *args: Any, **kwargs: Any) -> XApi:
    api = XApi(*args, **kwargs)
    for path in (PATHS | LIST).values():
        web.routes[path] = api
    return api


def pages(x: Source, settings: Settings, cursor: str = "", *, stored: Sequence[int] = (), **kwargs: Any) -> list[Batch]:
    known = {str(number) for number in stored}
    return list(crawl(x, settings, cursor=cursor, known=lambda asked: known & set(asked), **kwargs))


def ids(batches: list[Batch]) -> list[int]:
    return [int(post.native_id) for batch in batches for post in batch.posts]


@pytest.mark.parametrize("address", PATHS)
def test_pages_are_walked_to_the_end_and_the_newest_id_is_the_cursor(
    address: str, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x.evolve(address=address), x_settings)
    assert ids(batches) == list(range(1249, 999, -1))
    assert [batch.cursor for batch in batches] == ["/1150/1249", "/1050/1249", "1249"]
    assert api.tokens == {"Bearer a-token"}
    assert set(api.paths) == {PATHS[address]}


def test_a_list_is_walked_by_tokens(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x.evolve(address="list:456"), x_settings)
    assert ids(batches) == list(range(1249, 999, -1))
    assert [batch.cursor for batch in batches] == ["/1150/1249/b261150", "/1050/1249/b261050", "1249"]
    assert [call.get("pagination_token") for call in api.calls] == [None, "b261150", "b261050"]


@pytest.mark.parametrize("address", PATHS | LIST)
def test_no_request_asks_for_what_costs_more_than_the_post(
    address: str, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    pages(x.evolve(address=address), x_settings)
    asked = {name for call in api.calls for name in call}
    assert not [name for name in asked if name == "expansions" or (name.endswith(".fields") and name != "tweet.fields")]


@pytest.mark.parametrize("address", PATHS)
def test_the_next_run_asks_for_newer_posts_only(address: str, web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1010)])
    batches = pages(x.evolve(address=address), x_settings, "1006")
    assert ids(batches) == [1009, 1008, 1007]
    assert api.calls[0]["since_id"] == "1006"
    assert pages(x, x_settings, batches[-1].cursor)[-1].cursor == "1009"


def test_the_next_run_over_a_list_asks_for_little_and_stops_at_what_is_known(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x.evolve(address="list:456"), x_settings, "1224")
    assert ids(batches) == list(range(1249, 1224, -1))
    assert [call["max_results"] for call in api.calls] == ["20", "100"]
    assert batches[-1].cursor == "1249"


@pytest.mark.parametrize("address", PATHS | LIST)
@pytest.mark.parametrize("stored", [0, 1, 2])
def test_a_run_killed_after_any_page_loses_and_doubles_nothing(
    stored: int, address: str, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    x = x.evolve(address=address)
    kept = pages(x, x_settings, "1005")[:stored]
    api.tweets.extend(tweet(n) for n in range(1250, 1255))
    cursor = kept[-1].cursor if kept else "1005"
    resumed = pages(x, x_settings, cursor)
    latest = pages(x, x_settings, resumed[-1].cursor)
    assert sorted(ids(kept) + ids(resumed) + ids(latest)) == list(range(1006, 1255))


def test_a_run_that_meets_its_limit_goes_on_below_it_next_time(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1250)])
    first = pages(x, x_settings, limit=100)
    assert ids(first) == list(range(1249, 1149, -1))
    assert ids(pages(x, x_settings, first[-1].cursor)) == list(range(1149, 999, -1))


@pytest.mark.parametrize(("address", "least"), [("", 10), ("user:123", 5), ("mentions:789", 5), ("list:456", 1)])
def test_a_page_is_never_larger_than_what_is_left(
    address: str, least: int, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x.evolve(address=address), x_settings, limit=100 + least - 1)
    assert sum(batch.fetched for batch in batches) == 100
    assert [call["max_results"] for call in api.calls] == ["100"]
    if least > 1:
        assert "no fewer than" in batches[-1].notes[-1]
        assert batches[-1].cursor == "/1150/1249"


def test_a_rest_of_a_budget_too_small_for_a_page_waits_for_the_next_day(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(1)])
    with pytest.raises(SourceError, match="no fewer than 10") as caught:
        pages(x.evolve(budget_items=100), x_settings, limit=3)
    assert (caught.value.failure, caught.value.retry_at) == ("cap", datetime.fromisoformat("2026-01-11T00:00Z"))
    assert api.calls == []


def test_a_page_costs_its_posts_at_the_price_of_the_source(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1150)])
    usual = pages(x, x_settings)
    assert [batch.cost_usd for batch in usual] == [pytest.approx(0.5), pytest.approx(0.25)]
    assert sum(b.cost_usd for b in pages(x.evolve(price_usd=0.01), x_settings)) == pytest.approx(0.01 * len(api.billed))


def test_what_was_read_earlier_on_the_same_utc_day_costs_nothing(web: MockWeb, x: Source, x_settings: Settings) -> None:
    old = [tweet(n) for n in range(1000, 1005)]
    serve(web, [*old, *(tweet(n, created_at=TODAY) for n in range(1005, 1010))])
    (batch,) = pages(x.evolve(address="list:456"), x_settings, "1007", stored=range(1000, 1008))
    assert ids([batch]) == [1009, 1008]
    assert batch.cost_usd == pytest.approx((2 + 5) * 0.005)


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


def test_records_x_leaves_out_are_notes(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(5)], errors=[{"title": "Not Found Error", "resource_id": "6"}])
    (batch,) = pages(x, x_settings)
    assert (len(batch.posts), batch.failed) == (1, 1)
    assert "Not Found Error" in batch.notes[0]


def test_a_broken_post_is_set_aside_and_the_rest_goes_on(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [*(tweet(n) for n in range(10, 30)), tweet(30, created_at=None), tweet(31, text=None)])
    batch, last = pages(x, x_settings)
    assert ids([batch]) == list(range(29, 9, -1))
    assert [refusal.kind for refusal in batch.refusals] == ["payload", "payload"]
    assert "4711" not in batch.refusals[0].sample
    assert last.cursor == "31"


def test_a_cursor_older_than_search_remembers_goes_down_as_far_as_it_does(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1005)], oldest=900)
    assert ids(pages(x, x_settings, "500")) == [1004, 1003, 1002, 1001, 1000]
    assert len(api.calls) == 2


def test_a_walk_that_waited_too_long_below_reads_only_what_is_new(
    web: MockWeb, x: Source, x_settings: Settings
) -> None:
    api = serve(web, [tweet(n) for n in range(1000, 1005)], oldest=900)
    batches = pages(x, x_settings, "500/800/1002")
    assert (ids(batches), batches[-1].cursor) == ([1004, 1003], "1004")
    assert api.billed == {"1004", "1003"}


def test_a_list_whose_token_went_stale_is_walked_from_the_top(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1250)])
    batches = pages(x.evolve(address="list:456"), x_settings, "1100/1150/1249/gone")
    assert sorted(ids(batches)) == list(range(1101, 1250))
    assert batches[-1].cursor == "1249"


@pytest.mark.parametrize("cursor", ["", "12", "1/2/3", "/2/3", "1/2/3/b26x_-9"])
def test_a_cursor_reads_back(cursor: str) -> None:
    assert str(Walk.read(cursor)) == cursor


@pytest.mark.parametrize("cursor", ["abc", "1/2", "1/x/3", "1/2/3/to ken", "1/2/3/4/5", "../../x"])
def test_a_cursor_that_is_none_begins_anew(cursor: str) -> None:
    assert str(Walk.read(cursor)) in ("", "1")


def test_nothing_new_keeps_the_cursor(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(5)])
    (batch,) = pages(x, x_settings, "5")
    assert (batch.posts, batch.cursor, batch.cost_usd) == ((), "5", 0)


def test_search_is_not_asked_beyond_its_seven_days(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = serve(web, [tweet(5)])
    pages(x, x_settings, since=datetime.fromisoformat("2025-11-01T00:00Z"))
    assert api.calls[0]["start_time"] == "2026-01-03T03:05:00Z"


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


def test_a_timeline_needs_a_number(x: Source, x_settings: Settings) -> None:
    with pytest.raises(SourceError, match="`user:123`"):
        pages(x.evolve(address="user:DKIJakarta"), x_settings)


def test_known_posts_below_the_cursor_are_not_handed_on_again(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(n) for n in range(1000, 1010)])
    (batch,) = pages(x.evolve(address="list:456"), x_settings, "1009")
    assert (batch.posts, batch.fetched, batch.cursor) == ((), 10, "1009")


def test_a_run_says_what_it_did_not_read_rather_than_fail(web: MockWeb, x: Source, x_settings: Settings) -> None:
    serve(web, [tweet(1)])
    (batch,) = pages(x, x_settings, limit=3)
    assert batch == replace(Batch(), remarks=batch.remarks)
    assert "3 more posts may be read" in batch.remarks[0]
    assert x_settings.now() == NOW
