"""Obeys robots.txt by RFC 9309: what a site forbids, or cannot tell us, we do not fetch."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawlers.refusals import Refused, explain_failure

#: RFC 9309, 2.5: parsers read at least 500 KiB; we read no more.
READ_BYTES = 500 * 1024

#: Longest Crawl-delay we wait for; a site that wants more is left to a slower schedule.
LONGEST_DELAY_S = 30.0


def parse_rules(body: bytes) -> Protego:
    """The rules of a robots.txt; a page that is none (HTML, say) holds no rules and allows all."""
    return Protego.parse(body[:READ_BYTES].decode("utf-8-sig", errors="replace"))


def product(user_agent: str) -> str:
    """The product token of our user agent, which groups of robots.txt are matched against."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match[0] if match else "*"


class RobotsMiddleware:
    """Scrapy's own fetches a page when robots.txt answers 503 (tried with 2.19); by the RFC such a site is closed."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
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
        home = f"{parts.scheme}://{parts.netloc}"
        if home not in self.rules:
            self.rules[home] = asyncio.ensure_future(self.fetch(home))
        rules = await asyncio.shield(self.rules[home])
        if not rules.can_fetch(request.url, self.agent):
            raise Refused("robots.txt of its host forbids it", "blocked")
        self.slow_down(parts.hostname or "", rules)

    async def fetch(self, home: str) -> Protego:
        """The rules of a host: 4xx allows all, 429, 5xx, redirects without end and silence allow nothing.

        Raises:
            Refused: they cannot be had.
        """
        request = Request(f"{home}/robots.txt", callback=NO_CALLBACK, meta={"robots": False})
        try:
            response = await self.crawler.engine.download_async(request)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the host counts as unreachable
            raise Refused(f"robots.txt of its host cannot be had: {explain_failure(error)[1]}", "blocked") from None
        if response.status >= 500 or response.status == 429 or 300 <= response.status < 400:
            raise Refused(f"robots.txt of its host answers {response.status}, so the site is closed to us", "blocked")
        return parse_rules(response.body if response.status < 300 else b"")

    def slow_down(self, host: str, rules: Protego) -> None:
        """Takes over a Crawl-delay that is slower than our own pace."""
        delay = min(rules.crawl_delay(self.agent) or 0.0, LONGEST_DELAY_S)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None and delay > slot.delay:
            slot.delay = delay
