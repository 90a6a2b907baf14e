"""Manners towards hosts: every request waits for its turn, a pause a host asks for is kept, failures are counted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawlers.web.job import Job
from crawlers.web.refusals import Refused
from crawlers.web.talk import Talk
from tanggap.hosts import PATIENCE_S

#: House rule towards hosts the operator did not name as his own: at most one request in 2 s.
SLOWEST_PACE_S = 2.0

#: Pause for a host that asks for fewer requests without saying how long.
PAUSE_S = 600.0

#: Longest pause that is believed.
LONGEST_PAUSE_S = 86_400.0

#: Shortest wait between two looks whether it is our turn.
SHORTEST_WAIT_S = 0.02

#: How often one page is asked for again after a pause.
AGAIN = 2


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or an HTTP date; None where it holds neither."""
    value = value.strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class PolitenessMiddleware:
    """Scrapy knows only this process and retries a 429 at once (tried with 2.19); the parent knows all crawls."""

    def __init__(self, job: Job, talk: Talk) -> None:
        self.job, self.talk = job, talk

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        return cls(crawler.settings["TANGGAP_JOB"], crawler.spider.talk)

    async def process_request(self, request: Request) -> None:
        """Waits until it is our turn at the host.

        Raises:
            Refused: the host is to be left alone.
        """
        pace, hold = self.pace(request), self.job.page_timeout_s
        while answer := await self.talk.ask("turn", host=self.host(request), pace=pace, hold=hold):
            if "closed" in answer:
                failure, until = answer["failure"], datetime.fromisoformat(answer["until"])
                raise Refused(answer["closed"], "network" if failure == "network" else "blocked", failure, until=until)
            # Another crawl may be done long before the time it was given.
            await asyncio.sleep(min(answer["wait"], max(pace / 4, SHORTEST_WAIT_S)))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Passes answers on; asks again after a pause the host named, if it is short enough.

        Raises:
            Refused: the pause is too long for this run.
        """
        now = datetime.now(UTC)
        named = response.headers.get("Retry-After") if response.status in (429, 503) else None
        pause = retry_after(named.decode("latin-1"), now) if named else None
        if response.status == 429 and pause is None:
            pause = PAUSE_S
        if pause is None:
            self.tell(request, failed=response.status >= 500)
            return response
        pause = min(pause, LONGEST_PAUSE_S)
        self.tell(request, failed=False, pause=pause)
        again = request.meta.get("asked_again", 0)
        if pause <= PATIENCE_S and again < AGAIN:
            return request.replace(meta={**request.meta, "asked_again": again + 1}, dont_filter=True)
        wait = f"a pause of {pause:.0f} s" if named else "fewer requests"
        until = now + timedelta(seconds=pause)
        raise Refused(f"its host asks for {wait} ({response.status})", "blocked", "rate", until=until)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Counts connections that failed; what we cut off is no fault of the host, what we refused never reached it."""
        if not isinstance(exception, Refused):
            self.tell(request, failed=not isinstance(exception, DownloadCancelledError))

    def tell(self, request: Request, *, failed: bool, pause: float = 0.0) -> None:
        """Tells the parent how a request ended."""
        host, pace = self.host(request), self.pace(request)
        self.talk.say("heard", host=host, pace=pace, failed=failed, pause=pause)

    def host(self, request: Request) -> str:
        """The name hosts are remembered by: without the ports of the web, so that http and https share a pace."""
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"

    def pace(self, request: Request) -> float:
        """Seconds between two requests: the source's, the house rule, or a Crawl-delay that asks for more."""
        parts = urlsplit(request.url)
        own = self.job.allows(parts.hostname or "", parts.port or 0)
        pace = self.job.pace_s if own else max(self.job.pace_s, SLOWEST_PACE_S)
        return max(pace, float(request.meta.get("crawl_delay", 0.0)))
