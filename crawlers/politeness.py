"""Manners towards a host in trouble: waits as long as it asks, and leaves it alone when it keeps failing."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawlers.refusals import Refused
from tanggap.errors import FailureClass

#: Longest pause we sit out within a run; a host that asks for more is left to the next run.
PATIENCE_S = 60.0

#: How often one page is asked for again after a pause.
AGAIN = 2

#: Failures in a row after which a host is left alone for the rest of the run.
STRIKES = 5


@dataclass(slots=True)
class Host:
    """How one host fares in this run."""

    not_before: float = 0.0
    strikes: int = 0
    closed: str = ""
    failure: FailureClass = "network"


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
    """Scrapy retries a 429 at once whatever Retry-After says (tried with 2.19); this waits, or gives the host up."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = defaultdict(Host)

    @classmethod
    def from_crawler(cls, _crawler: Any) -> Self:
        return cls()

    async def process_request(self, request: Request) -> None:
        """Waits out the pause its host asked for.

        Raises:
            Refused: the host is left alone for the rest of this run.
        """
        host = self.host(request)
        await asyncio.sleep(max(0.0, host.not_before - time.monotonic()))
        if host.closed:
            raise Refused(host.closed, host.failure)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Passes answers on; asks again after a pause the host named, if it is short enough.

        Raises:
            Refused: the pause is too long for this run.
        """
        host = self.host(request)
        if response.status not in (429, 503):
            self.count(host, failed=response.status >= 500)
            return response
        named = response.headers.get("Retry-After")
        pause = retry_after(named.decode("latin-1"), datetime.now(UTC)) if named else None
        again = request.meta.get("asked_again", 0)
        if pause is not None and pause <= PATIENCE_S and again < AGAIN:
            host.not_before = max(host.not_before, time.monotonic() + pause)
            return request.replace(meta={**request.meta, "asked_again": again + 1}, dont_filter=True)
        if response.status == 429 or pause is not None:
            wait = f"a pause of {pause:.0f} s" if pause is not None else "fewer requests"
            host.closed, host.failure = f"its host asks for {wait} ({response.status})", "rate"
            raise Refused(host.closed, host.failure)
        self.count(host, failed=response.status == 503)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Counts connections that failed; what we refused ourselves is no fault of the host."""
        if not isinstance(exception, Refused):
            self.count(self.host(request), failed=True)

    def host(self, request: Request) -> Host:
        """The state of the host a request goes to."""
        return self.hosts[urlsplit(request.url).netloc]

    def count(self, host: Host, *, failed: bool) -> None:
        """Opens the circuit after STRIKES failures in a row."""
        host.strikes = host.strikes + 1 if failed else 0
        if host.strikes >= STRIKES and not host.closed:
            host.closed, host.failure = f"its host failed {STRIKES} times in a row", "network"
