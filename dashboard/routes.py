"""Pages that need no Streamlit: the health check and the daily briefs as web page, chat text and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from tanggap.briefs.render import chat_text, html, to_json
from tanggap.city import City
from tanggap.clock import Clock, city_day, long_day
from tanggap.errors import StoreError
from tanggap.records import Brief
from tanggap.store import Store, briefs, runs

#: A brief is one page with its own styles and drawings; it runs no script and fetches nothing.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class PlainPages:
    """The routes beside the application, bound to one store."""

    store: Store
    city: City
    now: Clock

    def routes(self) -> list[Route]:
        """What create_app mounts."""
        return [
            Route("/healthz", self.health),
            Route("/ringkasan", self.brief),
            Route("/ringkasan/{day}.txt", self.brief_text),
            Route("/ringkasan/{day}.json", self.brief_json),
            Route("/ringkasan/{day}", self.brief),
        ]

    async def health(self, _request: Request) -> Response:
        """`ok` with the age of the last crawl in seconds, or 503 when the store does not answer."""
        try:
            last = await run_in_threadpool(self._last_crawl)
        except StoreError as error:
            return PlainTextResponse(f"store: {type(error).__name__}\n", 503)
        age = "never" if last is None else f"{max(0, round((self.now() - last).total_seconds()))}"
        return PlainTextResponse(f"ok\nlast_crawl_age_s {age}\n", headers={"Cache-Control": "no-store"})

    async def brief(self, request: Request) -> Response:
        """The web page of a day, or of the latest day that has a brief."""
        page = html(await self._brief(request), self.city)
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    async def brief_text(self, request: Request) -> Response:
        """The text for a chat group, with a link to the page."""
        brief = await self._brief(request)
        link = str(request.url_for("brief", day=brief.day.isoformat()))
        return PlainTextResponse(chat_text(brief, self.city, link))

    async def brief_json(self, request: Request) -> Response:
        """The brief as it was saved."""
        return Response(to_json(await self._brief(request)), media_type="application/json")

    async def _brief(self, request: Request) -> Brief:
        day = request.path_params.get("day")
        found = await run_in_threadpool(self._saved, read_day(day) if day else None)
        if found is None:
            raise HTTPException(404, f"Belum ada ringkasan untuk {long_day(read_day(day or self._today()))}.")
        return found

    def _today(self) -> str:
        return city_day(self.now()).isoformat()

    def _saved(self, day: date | None) -> Brief | None:
        with self.store.read() as db:
            wanted = day or max(briefs.days(db), default=None)
            return briefs.latest(db, wanted) if wanted else None

    def _last_crawl(self) -> datetime | None:
        with self.store.read() as db:
            latest = runs.latest(db).values()
        return max((run.ended_at or run.started_at for run in latest), default=None)


def read_day(text: str) -> date:
    """A day written as 2026-11-22; anything else is a page that does not exist."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404, "Tidak ada halaman ini.") from None
