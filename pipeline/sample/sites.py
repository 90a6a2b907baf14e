"""The three news sites of the sample city: a feed, a news sitemap with split pages, and a listing of links."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from pipeline.sample.day import SampleDay
from pipeline.sample.press import page_of, path_of
from pipeline.sample.published import METRO, SUARA, WARTA, Article
from tanggap.clock import WIB, Clock, long_day

TEMPLATES = Environment(
    loader=PackageLoader("pipeline.sample"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
#: Newest articles shown in feeds, listings and boxes of related reading.
LATEST = 60
RELATED = 3
#: A link of the third site's listing whose page was taken down.
DEAD_PATH = "/2026/01/01/berita-yang-sudah-dihapus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One fictional outlet; `listing` is where a crawler begins, `markup` its template."""

    id: str
    title: str
    listing: str
    markup: str
    sections: tuple[str, ...]


SITES = (
    Site(
        id=WARTA,
        title="Warta Nusa",
        listing="/rss.xml",
        markup="warta.html",
        sections=("Megapolitan", "Nasional", "Bola"),
    ),
    Site(
        id=METRO,
        title="Metro Lima",
        listing="/sitemap.xml",
        markup="metro.html",
        sections=("Jakarta", "Ekonomi", "Gaya"),
    ),
    Site(id=SUARA, title="Suara Warga", listing="/indeks", markup="suara.html", sections=("Kota", "Kampung", "Opini")),
)


def dateline(moment: datetime) -> str:
    """`Sabtu, 21 November 2026 19:40 WIB`."""
    local = moment.astimezone(WIB)
    return f"{long_day(local.date())} {local:%H:%M} WIB"


TEMPLATES.filters |= {
    "dateline": dateline,
    "iso": lambda moment: moment.astimezone(WIB).isoformat(),
    "mail_date": lambda moment: format_datetime(moment.astimezone(WIB)),
    "path": path_of,
}


class Newsroom:
    """Answers the requests of one site with what is published by now."""

    def __init__(self, site: Site, day: SampleDay, now: Clock, slow_s: float) -> None:
        self.site = site
        self.now = now
        self.slow_s = slow_s
        self.own = [article for article in day.articles if article.site == site.id]

    def latest(self) -> list[Article]:
        """The site's published articles, newest first."""
        return [article for article in reversed(self.own) if article.at <= self.now()]

    def render(self, template: str, request: Request, **values: object) -> str:
        """A template with what every page of the site knows."""
        base = str(request.base_url).rstrip("/")
        return TEMPLATES.get_template(template).render(site=self.site, base=base, now=self.now(), **values)

    def xml(self, template: str) -> Callable[[Request], Response]:
        """A handler that answers with an XML listing of the latest articles."""

        def answer(request: Request) -> Response:
            text = self.render(template, request, articles=self.latest()[:LATEST])
            return Response(text, media_type="application/xml")

        return answer

    def html(self, template: str) -> Callable[[Request], Response]:
        """A handler that answers with an HTML page about the latest articles."""

        def answer(request: Request) -> Response:
            return HTMLResponse(
                self.render(template, request, articles=self.latest()[:LATEST], dead=DEAD_PATH, title=self.site.title)
            )

        return answer

    def robots(self, request: Request) -> Response:
        """The site's rules for robots."""
        return PlainTextResponse(self.render("robots.txt", request))

    async def article(self, request: Request) -> Response:
        """An article page, `?page=` counted from 1; 404 for what is not published (yet)."""
        latest = self.latest()
        article = next((item for item in latest if path_of(item) == request.url.path), None)
        number = request.query_params.get("page", "1")
        if article is None or not number.isdigit() or not 1 <= int(number) <= article.pages:
            return HTMLResponse(self.render("missing.html", request, title="Halaman tidak ditemukan"), 404)
        if article.slow:
            await asyncio.sleep(self.slow_s)
        related = [item for item in latest if item is not article][:RELATED]
        text = self.render(
            self.site.markup,
            request,
            article=article,
            title=article.title,
            paragraphs=page_of(article, int(number)),
            page=int(number),
            related=related,
        )
        return HTMLResponse(text)


def site_app(site: Site, day: SampleDay, now: Clock, slow_s: float) -> Starlette:
    """The web application of one site."""
    room = Newsroom(site, day, now, slow_s)
    listings = {
        WARTA: [Route("/rss.xml", room.xml("rss.xml"))],
        METRO: [
            Route("/sitemap.xml", room.xml("sitemap.xml")),
            Route("/sitemap-news.xml", room.xml("sitemap-news.xml")),
            Route("/sitemap-pages.xml", room.xml("sitemap-pages.xml")),
        ],
        SUARA: [Route("/indeks", room.html("index.html"))],
    }
    return Starlette(
        routes=[
            Route("/robots.txt", room.robots),
            Route("/", room.html("index.html")),
            Route("/tentang-kami", room.html("about.html")),
            Route("/tag/{tag}", room.html("index.html")),
            Route("/internal/{rest:path}", room.html("about.html")),
            *listings[site.id],
            Route("/{path:path}", room.article),
        ]
    )
