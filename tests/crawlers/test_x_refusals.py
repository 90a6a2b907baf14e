"""Every way X refuses, with the written outcome: the error class, when to come back, and one request only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawlers import crawl
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tests.crawlers.conftest import NOW, make_settings
from tests.mockserver.web import MockWeb, drop, slow
from tests.mockserver.x_api import CAP, PROBLEMS, RATE, SEARCH, SPEND, XApi, tweet

Make = Callable[..., Source]

RESET = str(int((NOW + timedelta(minutes=7)).timestamp()))
MIDNIGHT = datetime.fromisoformat("2026-01-11T00:00Z")
LATER = NOW + timedelta(minutes=5)
WINDOW = NOW + timedelta(minutes=15)

#: What X answers -> failure and when to come back; None is: not before a person has looked.
OUTCOMES: dict[str, tuple[int, Any, dict[str, str], str, datetime | None]] = {
    "rate with its reset": (429, RATE, {"x-rate-limit-reset": RESET}, "rate", NOW + timedelta(minutes=7)),
    "rate without a reset": (429, RATE, {}, "rate", WINDOW),
    "rate with a reset that is past": (429, RATE, {"x-rate-limit-reset": "1600000000"}, "rate", WINDOW),
    "rate with a reset that is no number": (429, RATE, {"x-rate-limit-reset": "soon"}, "rate", WINDOW),
    "rate with a reset in a year": (429, RATE, {"x-rate-limit-reset": "1800000000"}, "rate", NOW + timedelta(days=1)),
    "rate with Retry-After": (429, RATE, {"Retry-After": "90"}, "rate", NOW + timedelta(seconds=90)),
    "rate as plain text": (429, b"slow down", {}, "rate", WINDOW),
    "usage cap of the month": (429, CAP, {"x-rate-limit-reset": RESET}, "cap", MIDNIGHT),
    "usage cap of the day": (429, {**CAP, "period": "Daily"}, {}, "cap", MIDNIGHT),
    "spend cap with its renewal": (429, SPEND, {}, "cap", datetime.fromisoformat("2026-02-01T00:00Z")),
    "spend cap renewed long ago": (429, {**SPEND, "reset_date": "2020-01-01"}, {}, "cap", MIDNIGHT),
    "spend cap renewed in a century": (429, {**SPEND, "reset_date": "2126-01-01"}, {}, "cap", NOW + timedelta(days=32)),
    "spend cap renewed never": (403, {**SPEND, "reset_date": None}, {}, "cap", MIDNIGHT),
    "credits used up": (402, {"title": "CreditsDepleted", "type": f"{PROBLEMS}/credits"}, {}, "cap", MIDNIGHT),
    "payment required, no reason": (402, b"", {}, "cap", MIDNIGHT),
    "token wrong": (401, {"title": "Unauthorized", "status": 401}, {}, "auth", None),
    "access level": (403, {"title": "Client Forbidden", "reason": "client-not-enrolled"}, {}, "auth", None),
    "query wrong": (400, {"errors": [{"message": "missing ')'"}]}, {}, "config", None),
    "query wrong, strange errors": (400, {"errors": [17]}, {}, "config", None),
    "query wrong, no JSON": (400, b"<html>", {}, "config", None),
    "a list for an error": (400, ["no"], {}, "config", None),
    "unknown path": (404, {"title": "Not Found Error"}, {}, "config", None),
    "path taken away": (410, {}, {}, "config", None),
    "request timed out there": (408, {}, {}, "network", LATER),
    "conflict": (409, {}, {}, "network", LATER),
    "broken there": (500, {"title": "Internal Server Error"}, {}, "network", LATER),
    "bad gateway": (502, b"<html>Bad gateway</html>", {}, "network", LATER),
    "over capacity": (503, {"title": "Service Unavailable"}, {}, "network", LATER),
    "over capacity with Retry-After": (503, {}, {"Retry-After": "600"}, "network", NOW + timedelta(minutes=10)),
    "gateway timed out": (504, b"", {}, "network", LATER),
    "legal reasons": (451, {}, {}, "blocked", None),
    "a page of HTML": (200, b"<html>login</html>", {}, "layout", LATER),
    "nothing": (200, b"", {}, "layout", LATER),
    "a list": (200, [], {}, "layout", LATER),
    "an object for the posts": (200, {"data": {"id": "1"}}, {}, "layout", None),
    "posts without ids": (200, {"data": [{"text": "tanpa nomor"}]}, {}, "layout", None),
    "ids that are numbers": (200, {"data": [{"id": 17, "text": "x"}]}, {}, "layout", None),
}


@pytest.fixture
def x_settings(settings: Settings, web: MockWeb) -> Settings:
    return over(settings, web.url("/"))


@pytest.fixture
def x(source: Make) -> Source:
    return source(kind=SourceKind.X, query="air mati", agreement="X-2026-001", limit=10_000)


def over(settings: Settings, host: str) -> Settings:
    return settings.model_copy(
        update={"secrets": Secrets(x_bearer_token="a-token"), "crawler": CrawlerSection(x_api=host)}
    )


def failure_of(x: Source, settings: Settings, cursor: str = "") -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(crawl(x, settings, cursor=cursor, known=lambda _: set()))
    assert "a-token" not in str(caught.value)
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.parametrize("address", ["", "list:456"])
def test_each_refusal_has_its_outcome(name: str, address: str, web: MockWeb, x: Source, x_settings: Settings) -> None:
    status, body, headers, failure, retry_at = OUTCOMES[name]
    api = XApi([tweet(1)], {1: (status, body, headers)})
    web.routes |= {SEARCH: api, "/2/lists/456/tweets": api}
    found = failure_of(x.evolve(address=address), x_settings)
    assert (found.failure, found.retry_at) == (failure, retry_at)
    assert len(api.calls) == 1


@pytest.mark.parametrize("name", ["query wrong", "token wrong", "rate with its reset", "over capacity"])
def test_a_refusal_in_the_middle_of_a_walk_reads_nothing_again(
    name: str, web: MockWeb, x: Source, x_settings: Settings
) -> None:
    status, body, headers, failure, _ = OUTCOMES[name]
    api = XApi([tweet(n) for n in range(1000, 1250)], {1: (status, body, headers)})
    web.routes[SEARCH] = api
    assert failure_of(x, x_settings, "900/1100/1249").failure == failure
    assert len(api.calls) == 1


def test_pages_before_a_refusal_stand_and_the_walk_goes_on_later(web: MockWeb, x: Source, x_settings: Settings) -> None:
    api = XApi([tweet(n) for n in range(1000, 1250)], {2: (429, RATE, {"x-rate-limit-reset": RESET})})
    web.routes[SEARCH] = api
    run = crawl(x, x_settings, known=lambda _: set())
    got = [next(run)]
    with pytest.raises(SourceError, match="pause until 03:07 UTC"):
        next(run)
    rest = list(crawl(x, x_settings, cursor=got[-1].cursor, known=lambda _: set()))
    assert sum(len(batch.posts) for batch in [*got, *rest]) == 250


def test_x_that_is_not_there_is_a_matter_of_the_network(x: Source, settings: Settings) -> None:
    gone = over(settings, "http://127.0.0.1:9")
    limits = gone.limits.model_copy(update={"allow_addresses": ("127.0.0.1:9",)})
    found = failure_of(x, gone.model_copy(update={"limits": limits}))
    assert (found.failure, found.retry_at) == ("network", LATER)


def test_x_that_hangs_up_or_drips_is_a_matter_of_the_network(x: Source, web: MockWeb, tmp_path: Any) -> None:
    hasty = over(make_settings(tmp_path, web, page_timeout_s=0.3), web.url("/"))
    for behaviour in (drop, slow):
        web.routes[SEARCH] = behaviour
        found = failure_of(x, hasty)
        assert (found.failure, found.retry_at) == ("network", LATER)


def test_an_answer_without_end_is_cut_off(x: Source, web: MockWeb, tmp_path: Any) -> None:
    web.routes[SEARCH] = b"[" * 300_000
    found = failure_of(x, over(make_settings(tmp_path, web, max_page_bytes=100_000), web.url("/")))
    assert found.failure == "layout"


def test_x_may_not_send_us_elsewhere(x: Source, web: MockWeb, x_settings: Settings) -> None:
    web.routes[SEARCH] = lambda request: request.redirect("http://169.254.169.254/latest/meta-data/")
    assert failure_of(x, x_settings).failure == "blocked"
    assert len(web.asked) == 1
