"""Lets only signed-in people past the login page, on HTTP and on the websocket, and sets the security headers."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.sessions import COOKIE, Sessions
from tanggap.records import User

#: What anybody may fetch.
PUBLIC: Final = frozenset({"/masuk", "/masuk/gaya.css", "/masuk/ikon.png", "/healthz", "/_stcore/health"})
#: The public interface: it reads released issues only, and is not there unless it is switched on.
OPEN: Final = "/open311/v2/"
#: What somebody who must first choose a new password may fetch.
BEFORE_NEW_PASSWORD: Final = frozenset({"/sandi", "/keluar"})


class Gate:
    """Deny by default: 302 to the login page for navigations, 401 for other requests, 403 for websockets."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        if foreign(connection):
            return await self._refuse(scope, receive, send, PlainTextResponse("Asal permintaan ditolak.", 403))
        if scope["type"] == "http" and (scope["path"] in PUBLIC or scope["path"].startswith(OPEN)):
            return await self._app(scope, receive, send)
        user = await self._user(connection)
        if user is None:
            return await self._refuse(scope, receive, send, to_login(connection))
        if user.must_change and scope["path"] not in BEFORE_NEW_PASSWORD:
            return await self._refuse(scope, receive, send, RedirectResponse("/sandi", 303))
        scope.setdefault("state", {})["user"] = user
        return await self._app(scope, receive, send)

    async def _user(self, connection: HTTPConnection) -> User | None:
        token = connection.cookies.get(COOKIE)
        asset = connection.scope["type"] == "http" and connection.url.path.startswith("/static/")
        return await run_in_threadpool(self._sessions.asset_user if asset else self._sessions.user, token)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, response: Response) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not signed in"})
        else:
            await response(scope, receive, send)


def foreign(connection: HTTPConnection) -> bool:
    """Whether a browser sent this for another site: a websocket or a write with an Origin that is not ours."""
    origin = connection.headers.get("origin")
    writes = connection.scope["type"] == "websocket" or connection.scope["method"] not in ("GET", "HEAD")
    return writes and origin is not None and urlsplit(origin).netloc != connection.headers.get("host")


def to_login(connection: HTTPConnection) -> Response:
    """The login page for a person who opens a page, a bare 401 for anything a page fetches."""
    if connection.scope["type"] == "websocket" or connection.scope["method"] != "GET":
        return PlainTextResponse("Belum masuk.", 401)
    mode = connection.headers.get("sec-fetch-mode")
    accepted = connection.headers.get("accept", "*/*")
    if not (mode == "navigate" or (mode is None and ("text/html" in accepted or accepted == "*/*"))):
        return PlainTextResponse("Belum masuk.", 401)
    query = connection.url.query
    wanted = connection.url.path + (f"?{query}" if query else "")
    return RedirectResponse("/masuk" if wanted == "/" else f"/masuk?lanjut={quote(wanted, safe='')}", 302)


class Headers:
    """Security headers on every answer; a route that sets its own policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._policy = page_policy()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with headers added to the first message of the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", self._policy)
                headers["X-Frame-Options"] = "DENY"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def page_policy() -> str:
    """The content policy of the application.

    No script from elsewhere, none inline but the one in Streamlit's own page (by hash), no eval; `blob:` carries
    our components, `wasm-unsafe-eval` its charts. Images, fonts and connections stay on this server.
    """
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
