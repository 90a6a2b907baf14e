"""Obeys robots.txt by RFC 9309: what a site forbids, or cannot tell us, we do not fetch."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawlers.web.refusals import Refused, explain
from crawlers.web.talk import Talk
from tanggap.hosts import Rules

#: RFC 9309, 2.5: parsers read at least 500 KiB; we read no more.
READ_BYTES = 500 * 1024

#: RFC 9309, 2.3.1.2: at least five redirects are followed.
REDIRECTS = 5

#: Longest Crawl-delay we wait for; a site that wants more is left to a slower schedule.
LONGEST_DELAY_S = 30.0


def parse_rules(body: bytes) -> Protego:
    """The rules of a robots.txt; a page that is none (HTML, say) holds no rules and allows all."""
    return Protego.parse(readable(body).decode("utf-8-sig", errors="replace"))


def readable(body: bytes) -> bytes:
    """The part of a robots.txt that we read; a line that the limit would cut in two would say something else."""
    if len(body) <= READ_BYTES:
        return body
    return body[: body.rfind(b"\n", 0, READ_BYTES) + 1]


def product(user_agent: str) -> str:
    """The product token of our user agent, which groups of robots.txt are matched against."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match[0] if match else "*"


class RobotsMiddleware:
    """Scrapy's own fetches a page when robots.txt answers 503 (tried with 2.19); by the RFC such a site is closed."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.talk: Talk = crawler.spider.talk
        self.agent = product(crawler.settings["USER_AGENT"])
        self.rules: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """
        Raises:
            Refused: the rules forbid the page, or cannot be had.
        """
        if request.meta.get("robots") is False:
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.rules:
            self.rules[origin] = asyncio.ensure_future(self.obtain(origin))
        rules = await asyncio.shield(self.rules[origin])
        if not rules.can_fetch(request.url, self.agent):
            raise Refused("robots.txt of its host forbids it", "robots", final=True)
        request.meta["crawl_delay"] = min(rules.crawl_delay(self.agent) or 0.0, LONGEST_DELAY_S)

    async def obtain(self, origin: str) -> Protego:
        """The rules of an origin, remembered or fetched: 4xx allows all; 429, 5xx and silence allow nothing.

        Raises:
            Refused: they cannot be had.
        """
        known = await self.talk.ask("rules", origin=origin)
        status, body = (known["status"], known["body"].encode()) if known else await self.fetch(origin)
        if not Rules.tell(status):
            told = f"answers {status}" if status else "cannot be had"
            raise Refused(f"robots.txt of its host {told}, so the site is closed to us", "robots")
        return parse_rules(body)

    async def fetch(self, origin: str) -> tuple[int, bytes]:
        """Status and body of the robots.txt of an origin, b"" where there is none; the parent learns them.

        Raises:
            Refused: no answer came; what we refused ourselves is not remembered.
        """
        asked = {"robots": False, "redirect_ttl": REDIRECTS}
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta=asked)
        try:
            response = await self.crawler.engine.download_async(request)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the host counts as unreachable
            self.talk.say("learned", origin=origin, status=0, body="")
            told = f"robots.txt of its host cannot be had, so the site is closed to us: {explain(error).reason}"
            raise Refused(told, "robots") from None
        body = readable(response.body) if response.status < 300 else b""
        text = body.decode("utf-8-sig", errors="replace").replace("\0", "")
        self.talk.say("learned", origin=origin, status=response.status, body=text)
        return response.status, body
