"""Who gets past the gate, and what every answer carries."""

from __future__ import annotations

import base64
import secrets
import socket

import pytest

from dashboard.gate import page_policy
from dashboard.sessions import Sessions, digest
from tanggap.records import Role, User
from tanggap.store import Store, people
from tests.dashboard.conftest import Browser, FixedClock


def handshake(port: int, **headers: str) -> str:
    """The first line the server answers to a websocket that wants to open."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return wire.recv(200).split(b"\r\n")[0].decode()


@pytest.mark.parametrize(
    "path", ["/", "/ringkasan", "/ringkasan/2026-11-22.json", "/sumber", "/_stcore/host-config", "/masuk/"]
)
def test_an_anonymous_navigation_goes_to_the_login_page(browser: Browser, path: str) -> None:
    answer = browser.get(path, **{"Sec-Fetch-Mode": "navigate"})

    assert answer.status == 302
    assert answer.headers["location"].startswith("/masuk")


@pytest.mark.parametrize("path", ["/favicon.ico", "/_stcore/metrics", "/static/js/index.js", "/media/x.png"])
def test_an_anonymous_fetch_is_refused(browser: Browser, path: str) -> None:
    assert browser.get(path, **{"Sec-Fetch-Mode": "no-cors", "Accept": "image/png"}).status == 401
    assert browser.post(path, {}).status == 401


def test_login_page_its_files_and_the_health_check_are_public(browser: Browser) -> None:
    assert browser.get("/masuk").status == 200
    assert browser.get("/masuk/gaya.css").status == 200
    assert browser.get("/masuk/ikon.png", **{"Accept-Encoding": "gzip"}).status == 200
    assert browser.get("/healthz").body.startswith("ok")


def test_an_anonymous_websocket_is_refused(port: int) -> None:
    assert " 403" in handshake(port)
    assert " 403" in handshake(port, Cookie="sid=made-up")


def test_a_websocket_of_another_site_is_refused_even_with_a_session(port: int, sessions: Sessions) -> None:
    token = sessions.open("sari")

    assert " 403" in handshake(port, Cookie=f"sid={token}", Origin="https://jahat.example")


def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    for path in ("/masuk", "/healthz", "/"):
        headers = browser.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_policy_allows_no_foreign_address_no_eval_and_no_inline_script() -> None:
    policy = page_policy()

    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_an_idle_session_ends(sessions: Sessions, clock: FixedClock) -> None:
    token = sessions.open("sari")
    clock.forward(hours=7)
    assert sessions.user(token) is not None
    clock.forward(hours=8, minutes=1)

    assert sessions.user(token) is None


def test_a_session_in_use_stays_open_all_day(sessions: Sessions, clock: FixedClock) -> None:
    token = sessions.open("sari")
    for _ in range(200):
        clock.forward(seconds=311)
        assert sessions.user(token) is not None


def test_a_session_checked_every_few_seconds_stays_open_too(sessions: Sessions, clock: FixedClock) -> None:
    token = sessions.open("sari")
    for _ in range(300):
        clock.forward(seconds=7)
        assert sessions.user(token) is not None


def test_a_deleted_session_row_and_a_disabled_account_end_it_at_once(sessions: Sessions, store: Store) -> None:
    first, second = sessions.open("sari"), sessions.open("sari")
    assert sessions.user(first) == sessions.user(second)
    with store.write() as db:
        people.close_session(db, digest(first))
    assert sessions.user(first) is None

    with store.write() as db:
        people.update(db, User(name="sari", full_name="Sari", roles=(Role.OFFICER,), disabled=True))
    assert sessions.user(second) is None


def test_static_files_trust_a_session_for_ten_seconds_only(sessions: Sessions, store: Store, clock: FixedClock) -> None:
    token = sessions.open("sari")
    assert sessions.user(token) is not None
    with store.write() as db:
        people.close_session(db, digest(token))

    assert sessions.asset_user(token) is not None
    clock.forward(seconds=10)
    assert sessions.asset_user(token) is None
