"""The session of the API clients: which addresses it dials, and how much of an answer it takes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from crawlers.web.addresses import dial
from crawlers.web.session import Session, wait_until
from tanggap.errors import SourceError
from tanggap.settings import Settings
from tests.crawlers.conftest import NOW, make_settings
from tests.crawlers.test_guard import HOSTILE
from tests.mockserver.web import MockWeb, Request

Answers = Callable[[str], None]


@pytest.fixture
def session(settings: Settings) -> Session:
    return Session(settings)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Lets every name lead to the given addresses, one after the other."""

    def lead(addresses: str) -> None:
        queue = addresses.split()

        def resolve(*_args: Any, **_kwargs: Any) -> list[Any]:
            address = queue.pop(0) if len(queue) > 1 else queue[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    return lead


def test_an_allowed_address_is_read_under_our_own_name(web: MockWeb, session: Session, settings: Settings) -> None:
    web.routes["/api"] = b'{"a": 1}'
    assert session.get(web.url("/api")).json() == {"a": 1}
    assert web.agents == {settings.crawler.user_agent}


def test_no_hostile_address_is_asked(session: Session, resolver: Answers) -> None:
    resolver("10.0.0.7")
    unfit = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    for url in HOSTILE:
        with pytest.raises((SourceError, *unfit)) as caught:
            session.get(url)
        assert getattr(caught.value, "failure", "blocked") == "blocked"
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_inside_is_refused(address: str, session: Session, resolver: Answers) -> None:
    resolver(address)
    with pytest.raises(SourceError, match="is not a public address") as caught:
        session.get("https://api.example.com/v1?key=a-key")
    assert caught.value.failure == "blocked"
    assert "a-key" not in str(caught.value)


def test_the_address_that_was_checked_is_the_one_that_is_dialled(
    resolver: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver("93.184.216.34 127.0.0.1")
    dialled: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda place, *_: dialled.append(place))
    dial("rebinding.example.com", 443, (), 1.0)
    assert dialled == [("93.184.216.34", 443)]


def test_another_port_of_an_allowed_host_is_refused(web: MockWeb, session: Session) -> None:
    with pytest.raises(SourceError, match="not a public address"):
        session.get("http://127.0.0.1:1/")
    assert web.asked == []


@pytest.mark.parametrize("path", ["/loop-a", "/to-file", "/to-metadata"])
def test_no_redirect_is_followed(path: str, web: MockWeb, session: Session) -> None:
    with pytest.raises(SourceError, match="redirects elsewhere"):
        session.get(web.url(path))
    assert web.asked == [path]


@pytest.mark.parametrize("path", ["/huge", "/announced-huge", "/bomb"])
def test_a_large_answer_is_cut_off(path: str, web: MockWeb, session: Session) -> None:
    with pytest.raises(SourceError, match="max_page_bytes") as caught:
        session.get(web.url(path))
    assert caught.value.failure == "layout"


def drip(request: Request) -> None:
    """A header that never ends."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        request.wfile.write(b"a")
        request.wfile.flush()
        time.sleep(0.1)
    request.close_connection = True


@pytest.mark.parametrize("path", ["/slow", "/drip", "/truncated", "/broken-chunk", "/drop"])
def test_an_answer_that_does_not_come_is_a_matter_of_the_network(path: str, web: MockWeb, tmp_path: Path) -> None:
    web.routes["/drip"] = drip
    with pytest.raises(requests.RequestException):
        Session(make_settings(tmp_path, web, page_timeout_s=0.6)).get(web.url(path))


def test_the_environment_sets_no_proxy(web: MockWeb, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    web.routes["/api"] = b"{}"
    assert session.get(web.url("/api")).ok


def test_requests_keep_the_pace_of_their_source(web: MockWeb, settings: Settings) -> None:
    web.routes["/api"] = b"{}"
    paced = Session(settings, pace_s=0.2)
    for _ in range(3):
        paced.get(web.url("/api"))
    assert all(later - earlier > 0.15 for earlier, later in pairwise(web.times))


def test_no_cookie_is_kept(web: MockWeb, session: Session) -> None:
    web.routes["/api"] = lambda request: request.answer(b"{}", headers={"Set-Cookie": "who=we"})
    session.get(web.url("/api"))
    assert not session.cookies


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({}, None),
        ({"retry-after": "90"}, NOW + timedelta(seconds=90)),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 60)}, NOW + timedelta(minutes=1)),
        ({"x-ratelimit-reset": "2026-01-10T03:05:00Z"}, datetime(2026, 1, 10, 3, 5, tzinfo=UTC)),
        ({"x-ratelimit-reset": "2020-01-10T03:05:00Z"}, None),
        ({"x-ratelimit-reset": "9" * 11}, NOW + timedelta(days=1)),
    ],
)
def test_a_pause_is_read_from_the_headers(headers: dict[str, str], until: datetime | None) -> None:
    assert wait_until(headers, NOW) == until
