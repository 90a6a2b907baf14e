"""The plain HTML pages of signing in, choosing a new password and signing out; no Streamlit runs before them."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.sessions import COOKIE, Sessions
from tanggap.clock import Clock
from tanggap.passwords import hash_password, verify_password, weakness
from tanggap.records import User
from tanggap.store import Store, people

HERE: Final = Path(__file__).parent
CSRF: Final = "csrf"
FORM_LIMIT: Final = 8_192
#: Argon2 takes 64 MiB a time, so that many sign-ins at once must wait for each other.
HASHERS: Final = CapacityLimiter(2)
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

PAGES: Final = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)


@dataclass(frozen=True, slots=True)
class Login:
    """The four routes, bound to one store."""

    store: Store
    sessions: Sessions
    now: Clock

    def routes(self) -> list[Route]:
        """What create_app mounts."""
        return [
            Route("/masuk", self.sign_in, methods=["GET", "POST"]),
            Route("/masuk/gaya.css", asset("gaya.css")),
            Route("/masuk/ikon.png", asset("ikon.png")),
            Route("/sandi", self.new_password, methods=["GET", "POST"]),
            Route("/keluar", self.sign_out, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """GET shows the form; POST opens a session, or says in one sentence why not."""
        if request.method == "GET":
            return page(request, "masuk.html", next=own_path(request.query_params.get("lanjut", "")))
        form = await read_form(request)
        if form is None:
            return page(request, "masuk.html", 403, error="Formulir kedaluwarsa. Coba sekali lagi.")
        name, wanted = form.get("nama", "").strip()[:80], own_path(form.get("lanjut", ""))
        locked = await to_thread.run_sync(self._locked_until, name)
        if locked:
            wait = max(1, round((locked - self.now()).total_seconds()))
            return page(
                request, "masuk.html", 429, name=name, next=wanted,
                error=f"Terlalu banyak percobaan. Coba lagi dalam {wait} detik.",
            )  # fmt: skip
        user = await to_thread.run_sync(self._check, name, form.get("sandi", ""), limiter=HASHERS)
        if user is None:
            error = "Nama pengguna atau sandi salah."
            return page(request, "masuk.html", 401, name=name, next=wanted, error=error)
        token = await to_thread.run_sync(self.sessions.open, user.name)
        return with_session(request, RedirectResponse("/sandi" if user.must_change else wanted, 303), token)

    async def new_password(self, request: Request) -> Response:
        """GET shows the form; POST changes the password and gives the browser a fresh session."""
        user: User = request.state.user
        if request.method == "GET":
            return page(request, "sandi.html", user=user)
        form = await read_form(request)
        if form is None:
            return page(request, "sandi.html", 403, user=user, error="Formulir kedaluwarsa. Coba sekali lagi.")
        chosen = form.get("baru", "")
        error = weakness(chosen, user.name) or ("" if chosen == form.get("ulang") else "Kedua sandi baru tidak sama.")
        if not error and chosen == form.get("lama"):
            error = "Sandi baru harus lain dari sandi lama."
        if not error and not await to_thread.run_sync(self._check, user.name, form.get("lama", ""), limiter=HASHERS):
            error = "Sandi lama salah."
        if error:
            return page(request, "sandi.html", 400, user=user, error=error)
        await to_thread.run_sync(self._change, user.name, chosen, limiter=HASHERS)
        await to_thread.run_sync(self.sessions.close, request.cookies.get(COOKIE))
        token = await to_thread.run_sync(self.sessions.open, user.name)
        return with_session(request, RedirectResponse("/", 303), token)

    async def sign_out(self, request: Request) -> Response:
        """End this browser's session on the server and forget its cookie."""
        if await read_form(request) is None:
            return page(request, "masuk.html", 403, error="Formulir kedaluwarsa. Coba sekali lagi.")
        await to_thread.run_sync(self.sessions.close, request.cookies.get(COOKIE))
        response = RedirectResponse("/masuk", 303)
        response.delete_cookie(COOKIE)
        return response

    def _locked_until(self, name: str) -> datetime | None:
        with self.store.read() as db:
            return people.locked_until(db, name, self.now())

    def _check(self, name: str, password: str) -> User | None:
        """The person, when name and password fit; a failure is counted against the name."""
        with self.store.read() as db:
            user, stored = people.get(db, name), people.password_hash(db, name)
        fits = verify_password(password[:1024], stored) and user is not None and not user.disabled
        with self.store.write() as db:
            if fits:
                people.clear_failures(db, name)
            else:
                people.failed(db, name, self.now())
        return user if fits else None

    def _change(self, name: str, password: str) -> None:
        hashed = hash_password(password)
        with self.store.write() as db:
            people.set_password(db, name, hashed, False)


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page with a form: the browser keeps one random token in a cookie and sends it back in the form."""
    token = request.cookies.get(CSRF) or secrets.token_urlsafe(32)
    html = PAGES.get_template(template).render(csrf=token, **values)
    response = HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
    if CSRF not in request.cookies:
        response.set_cookie(CSRF, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a form of ours; None when it is too long or lacks the token of its cookie (OWASP double submit)."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            return None
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    expected = request.cookies.get(CSRF, "")
    return form if expected and hmac.compare_digest(form.get(CSRF, "").encode(), expected.encode()) else None


def with_session(request: Request, response: Response, token: str) -> Response:
    """`response`, carrying the session cookie until the browser closes."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def own_path(wanted: str) -> str:
    """`wanted` when it is a path on this server, else the front page: a sign-in must not send people elsewhere."""
    safe = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if safe else "/"


def asset(name: str) -> Callable[[Request], Awaitable[Response]]:
    """A file of the login page as a route; every answer is a new one, since middleware writes into its headers."""

    async def send(_request: Request) -> Response:
        return FileResponse(HERE / "static" / name, headers={"Cache-Control": "max-age=3600"})

    return send
