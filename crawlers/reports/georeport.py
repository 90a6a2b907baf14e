"""Pulls service requests from an Open311 endpoint: span by span, page by page; a killed run goes on where it was.

GeoReport v2 searches by the time a request was made, while we also want requests whose status changed. So each walk
goes over the time from LOOKBACK before the last known change until now and takes what changed since. Its cursor is
either `T` (every change up to T is stored) or, in the middle of a walk, `T/D/P/K/N`: the walk stands at the span that
begins at D, page P, K requests of that page are stored, and the newest change seen so far is N.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.batch import Batch, Entry, batches
from crawlers.dates import read_time
from crawlers.door import Door
from crawlers.drift import sample
from crawlers.reports.open311 import read_request, request_records, updated
from crawlers.web.child import fetch
from crawlers.web.hosts import Hosts, MemoryHosts
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: How far a first walk goes back, and how old a request may be whose status still changes.
BACKLOG = timedelta(days=90)
LOOKBACK = timedelta(days=14)
#: Time searched at once; shorter where an endpoint gives no pages.
SPAN, SHORT_SPAN = timedelta(days=7), timedelta(days=1)

#: Requests asked for per page, and the most that GeoReport promises to give where there are no pages.
PAGE, MOST = 500, 1000
#: More pages than any span has; an endpoint that goes on is broken.
PAGES = 1000


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk has come; page 0 is a day of an endpoint without pages. Times as GeoReport writes them, or ""."""

    since: str = ""
    day: str = ""
    page: int = 1
    taken: int = 0
    newest: str = ""

    @classmethod
    def read(cls, cursor: str) -> Walk:
        """The walk a cursor stands for; an unreadable one begins anew."""
        parts = cursor.split("/")
        if len(parts) != 5:
            return cls(since=cursor if read_time(cursor) else "")
        since, day, page, taken, newest = parts
        if not (read_time(day) and page.isdecimal() and taken.isdecimal()):
            return cls(since=since if read_time(since) else "")
        return cls(since, day, int(page), int(taken), newest)

    def __str__(self) -> str:
        return f"{self.since}/{self.day}/{self.page}/{self.taken}/{self.newest}" if self.day else self.since


def pull(
    source: Source,
    settings: Settings,
    *,
    cursor: str,
    since: datetime | None,
    limit: int | None,
    hosts: Hosts | None = None,
) -> Iterator[Batch]:
    """Every request that was made or changed since the cursor; those made before `since` are left out.

    Raises:
        SourceError: the endpoint cannot be read; batches yielded before stand, and the next run goes on behind them.
    """
    ask = partial(fetch, source=source, settings=settings, hosts=hosts or MemoryHosts())
    return Pull(source, ask, Door(source, settings), Walk.read(cursor), since=since, limit=limit).run()


class Pull:
    """One walk: what it asks, and where it stands."""

    def __init__(
        self,
        source: Source,
        ask: Callable[[str], bytes],
        door: Door,
        walk: Walk,
        *,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> None:
        """`ask` gives the body at an address."""
        self.source, self.ask, self.door, self.walk = source, ask, door, walk
        self.since, self.left = since, limit

    def run(self) -> Iterator[Batch]:
        """The batches of the walk; the last one carries its end as the cursor."""
        now, known = self.door.now, read_time(self.walk.since)
        at = read_time(self.walk.day) or (known - LOOKBACK if known else self.since or now - BACKLOG)
        daily = at + SPAN if self.walk.page == 0 else at
        while at <= now:
            if at < daily:
                yield from self.day(at)
            elif (yield from self.span(at)):
                daily = at + SPAN
                continue
            if self.left is not None and self.left <= 0:
                return
            at += SHORT_SPAN if at < daily else SPAN
        if self.walk.newest or self.walk.since:
            yield Batch(cursor=self.walk.newest or self.walk.since)

    def span(self, at: datetime) -> Generator[Batch, None, bool]:
        """The batches of one span, page after page; True where it has to be read again day by day.

        Raises:
            SourceError: there is no end to the pages; failure `layout`.
        """
        self.begin(at, page=1)
        seen: set[str] = set()
        for page in range(self.walk.page, self.walk.page + PAGES):
            records = self.records(at, SPAN, page)
            fresh = [(place, record) for place, record in enumerate(records, 1) if repr(record) not in seen]
            if not fresh:
                return bool(records) and len(seen) >= MOST
            seen |= {repr(record) for _, record in fresh}
            self.walk = replace(self.walk, page=page, taken=self.walk.taken if page == self.walk.page else 0)
            yield from self.page(fresh)
            if self.left is not None and self.left <= 0:
                return False
        raise SourceError(f"{self.source.id}: the requests since {written(at)} have no last page.", "layout")

    def day(self, at: datetime) -> Iterator[Batch]:
        """The batches of one day of an endpoint that gives no pages."""
        self.begin(at, page=0)
        records = self.records(at, SHORT_SPAN, 0)
        yield from self.page(list(enumerate(records, 1)))
        if len(records) >= MOST:
            told = f"{written(at)[:10]}: the endpoint gave {len(records)} requests and no pages; some may be missing."
            yield Batch(remarks=(told,))

    def begin(self, at: datetime, *, page: int) -> None:
        """Moves the walk to the first page of a span, unless it resumes within it."""
        if (written(at), page == 0) != (self.walk.day, self.walk.page == 0):
            self.walk = replace(self.walk, day=written(at), page=page, taken=0)

    def records(self, at: datetime, length: timedelta, page: int) -> list[object]:
        """What the endpoint answers for one page."""
        return request_records(self.ask(address(self.source.address, at, length, page)), self.source.title)

    def page(self, records: list[tuple[int, object]]) -> Iterator[Batch]:
        """The batches of one page."""
        self.walk, entries = read_page(records, self.walk, self.door)
        for batch in batches(entries, since=self.since, limit=self.left):
            yield batch
            self.left = None if self.left is None else self.left - batch.fetched


def read_page(records: list[tuple[int, object]], walk: Walk, door: Door) -> tuple[Walk, list[Entry]]:
    """What of a page changed since the last walk and is not stored yet; one whose time cannot be read is tried."""
    since, newest = read_time(walk.since), read_time(walk.newest)
    entries: list[Entry] = []
    skip = walk.taken
    for place, record in records:
        changed = updated(record)
        if changed is not None and since is not None and changed < since:
            continue
        if changed is not None and changed <= door.now:
            newest = max(newest or changed, changed)
        taken = len(entries) + 1
        walk = replace(walk, taken=taken, newest=written(newest) if newest else "")
        entries.append(
            Entry(
                where=f"request {place} of page {walk.page}, {walk.day[:10]}",
                read=partial(read_request, record, door),
                cursor=str(walk),
                sample=partial(sample, record),
            )
        )
    return walk, entries[skip:]


def address(base: str, begin: datetime, length: timedelta, page: int) -> str:
    """The address of one page of one span (0: without pages); `base` ends in `requests.json`, `.xml` or before them."""
    parts = urlsplit(base)
    path = parts.path.rstrip("/")
    if not path.endswith((".json", ".xml")):
        path += ".json" if path.endswith("/requests") else "/requests.json"
    span = {"start_date": written(begin), "end_date": written(begin + length - timedelta(seconds=1))}
    pages = {"page": str(page), "page_size": str(PAGE)} if page else {}
    query = {**dict(parse_qsl(parts.query)), **span, **pages}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


def written(moment: datetime) -> str:
    """A moment as GeoReport writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
