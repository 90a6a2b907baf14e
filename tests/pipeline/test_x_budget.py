"""Crawls of X in a real store: the budget of a UTC day holds, through refusals, restarts and a killed process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline import jobs
from pipeline.jobs import crawling
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tanggap.store import Store, posts, runs, sources, spending, waits
from tanggap.store.tables import post
from tests.crawlers.conftest import make_settings
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import CAP, RATE, SEARCH, XApi, tweet
from tests.whole import assert_whole

START = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 11, tzinfo=UTC)


class Moved(Settings):
    """Settings whose clock a test moves."""

    @property
    def now(self) -> Callable[[], datetime]:  # type: ignore[override]
        return lambda: CLOCK[0]


CLOCK = [START]


@pytest.fixture(autouse=True)
def _clock() -> None:
    CLOCK[0] = START


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with MockWeb() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, web: MockWeb) -> Settings:
    plain = make_settings(tmp_path, web)
    over = {"secrets": Secrets(x_bearer_token="t"), "crawler": CrawlerSection(x_api=web.url("/"))}
    return Moved(**{**{name: getattr(plain, name) for name in type(plain).model_fields}, **over})


def declared(store: Store, **fields: Any) -> Source:
    made = {"id": "x", "kind": SourceKind.X, "title": "X", "address": "", "query": "air", "agreement": "X-1"}
    source = Source(**{**made, "limit": 10_000, **fields})
    with store.write() as db:
        sources.sync(db, [source])
    return source


def serve(web: MockWeb, count: int = 1000, **kwargs: Any) -> XApi:
    api = XApi([tweet(n) for n in range(1000, 1000 + count)], **kwargs)
    web.routes[SEARCH] = api
    return api


def stored(store: Store) -> list[int]:
    with store.read() as db:
        return sorted(int(key) for key in db.scalars(sa.select(post.c.native_id)))


def spent(store: Store) -> tuple[int, float]:
    with store.read() as db:
        items, usd = spending.spent(db, "x", CLOCK[0])
    return items, round(usd, 6)


@pytest.mark.parametrize(
    ("budget", "read"),
    [({"budget_items": 250}, 250), ({"budget_usd": 1.0}, 200), ({"budget_usd": 0.9, "price_usd": 0.01}, 90)],
)
def test_the_budget_of_the_day_is_never_overdrawn_and_the_next_day_goes_on(
    budget: dict[str, float], read: int, any_store: Store, web: MockWeb, settings: Settings
) -> None:
    source, api = declared(any_store, **budget), serve(web, 600)
    first = jobs.crawl(any_store, source, settings)
    assert (first.failure, first.fetched, len(api.billed)) == (None, read, read)
    assert spent(any_store) == (read, pytest.approx(read * source.price))
    second = jobs.crawl(any_store, source, settings)
    assert (second.failure, second.fetched, len(api.billed)) == ("cap", 0, read)
    asked = len(api.calls)
    third = jobs.crawl(any_store, source, settings)
    assert (third.failure, len(api.calls)) == ("cap", asked)
    assert "Waits until 11 Jan 07.00 WIB" in third.message
    CLOCK[0] = MIDNIGHT
    assert jobs.crawl(any_store, source, settings).fetched == read
    assert stored(any_store) == list(range(1600 - 2 * read, 1600))
    assert_whole(any_store)


@pytest.mark.parametrize("rest", [3, 9])
def test_a_rest_smaller_than_a_page_is_not_spent(rest: int, any_store: Store, web: MockWeb, settings: Settings) -> None:
    source, api = declared(any_store, budget_items=100 + rest), serve(web, 300)
    run = jobs.crawl(any_store, source, settings)
    assert (run.fetched, len(api.billed)) == (100, 100)
    assert "no fewer than 10" in run.message
    again = jobs.crawl(any_store, source, settings)
    assert (again.failure, len(api.billed)) == ("cap", 100)
    with any_store.read() as db:
        assert waits.until(db, "x").until == MIDNIGHT  # type: ignore[union-attr]


class KilledError(BaseException):
    """What a kill looks like from inside."""


@pytest.mark.parametrize("moment", ["before the batch", "within the transaction", "after the batch"])
@pytest.mark.parametrize("batch", [1, 3])
def test_a_kill_between_batches_costs_at_most_the_page_in_flight(
    batch: int, moment: str, any_store: Store, web: MockWeb, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, api = declared(any_store, budget_items=300), serve(web, 600)
    take, booked, seen = crawling._take, spending.add, []

    def dying_take(*args: Any, **kwargs: Any) -> CrawlRun:
        seen.append(1)
        if len(seen) == batch and moment == "before the batch":
            raise KilledError
        run = take(*args, **kwargs)
        if len(seen) == batch and moment == "after the batch":
            raise KilledError
        return run

    def dying_booking(*args: Any, **kwargs: Any) -> None:
        if len(seen) == batch and moment == "within the transaction":
            raise KilledError
        booked(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(crawling, "_take", dying_take)
        patch.setattr(spending, "add", dying_booking)
        with pytest.raises(KilledError):
            jobs.crawl(any_store, source, settings)
    whole = batch if moment == "after the batch" else batch - 1
    assert (len(stored(any_store)), spent(any_store)) == (100 * whole, (100 * whole, pytest.approx(0.5 * whole)))
    jobs.crawl(any_store, source, settings)
    assert stored(any_store) == list(range(1300, 1600))
    assert spent(any_store) == (300, pytest.approx(1.5))
    assert len(api.billed) == 300
    assert_whole(any_store)


@pytest.mark.parametrize(
    ("answer", "failure", "until"),
    [
        ((429, RATE, {"x-rate-limit-reset": "1768015020"}), "rate", datetime(2026, 1, 10, 3, 17, tzinfo=UTC)),
        ((429, CAP, {}), "cap", MIDNIGHT),
        ((503, {}, {}), "network", datetime(2026, 1, 10, 3, 5, tzinfo=UTC)),
    ],
)
def test_a_wait_outlives_the_process_and_nobody_sleeps_through_it(
    answer: Any, failure: str, until: datetime, any_store: Store, web: MockWeb, settings: Settings
) -> None:
    source, api = declared(any_store), serve(web, 250, refusals={2: answer})
    run = jobs.crawl(any_store, source, settings)
    assert (run.failure, run.new) == (failure, 100)
    with any_store.read() as db:
        assert waits.until(db, "x").until == until  # type: ignore[union-attr]
    assert jobs.crawl(any_store, source, settings).failure == failure
    assert len(api.calls) == 2
    CLOCK[0] = until
    assert jobs.crawl(any_store, source, settings).new == 150
    with any_store.read() as db:
        assert (waits.until(db, "x"), runs.cursor(db, "x")) == (None, "1249")


def test_a_refused_key_is_asked_once_and_changes_nothing(any_store: Store, web: MockWeb, settings: Settings) -> None:
    source, api = declared(any_store), serve(web, refusals={1: (401, {"title": "Unauthorized"}, {})})
    run = jobs.crawl(any_store, source, settings)
    assert (run.failure, run.new, len(api.calls)) == ("auth", 0, 1)


def test_what_the_guard_refused_is_counted_and_paid_but_not_stored(
    any_store: Store, web: MockWeb, settings: Settings
) -> None:
    source = declared(any_store)
    web.routes[SEARCH] = XApi([tweet(1, text="ikut unjuk rasa yuk"), tweet(2)])
    run = jobs.crawl(any_store, source, settings)
    assert (run.new, run.refused, run.failed, run.cost_usd) == (1, {"topic": 1}, 0, pytest.approx(0.01))
    with any_store.read() as db:
        assert posts.search(db, "unjuk") == []
