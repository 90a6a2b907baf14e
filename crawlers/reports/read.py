"""Citizen reports from a file or an address: Qlue A and B, CogniCity, Open311, tables and the counter book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawlers.batch import Batch, Entry, batches
from crawlers.door import Door
from crawlers.drift import sample, watch
from crawlers.fields import read_records
from crawlers.reports.cognicity import cognicity_records, read_cognicity
from crawlers.reports.georeport import pull
from crawlers.reports.open311 import read_request, request_records
from crawlers.reports.qlue import post_number, read_a, read_b
from crawlers.reports.tables import TableReader, table_rows
from crawlers.web.child import fetch
from crawlers.web.hosts import Hosts
from tanggap.errors import SourceError
from tanggap.records import Post, Source, SourceKind
from tanggap.settings import Settings

Body = bytes | Path

WEB = ("http://", "https://")


def crawl_reports(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    since: datetime | None = None,
    limit: int | None = None,
    hosts: Hosts | None = None,
) -> Iterator[Batch]:
    """The reports at the source's address; `limit` None reads them all, for a list that is at hand costs nothing.

    Raises:
        SourceError: the address cannot be read.
    """
    if source.kind is SourceKind.OPEN311 and source.address.startswith(WEB):
        return pull(source, settings, cursor=cursor, since=since, limit=limit, hosts=hosts)
    entries = READERS[source.kind](load(source, settings, hosts), source, Door(source, settings), cursor)
    return batches(entries, since=since, limit=limit)


def read_reports(path: Path, kind: SourceKind, source: Source, settings: Settings) -> Iterator[Batch]:
    """Every report of a file, whatever was read before; the store knows the repeats.

    Raises:
        SourceError: the file cannot be read, or holds not one readable report.
    """
    entries = READERS[kind](path, source, Door(source, settings), "")
    return watch(batches(entries), source, settings.now(), share=1.0)


def load(source: Source, settings: Settings, hosts: Hosts | None) -> Body:
    """What stands at the address: a file's path, or the body of an http(s) answer."""
    if source.address.startswith(WEB):
        return fetch(source.address, source, settings, hosts)
    return Path(source.address.replace("{config}", str(settings.config_dir)))


def qlue_a(body: Body, source: Source, door: Door, cursor: str) -> Iterator[Entry]:
    """Reports above the cursor in rising order, so each cursor covers all that came before it; unnumbered ones last."""
    after = int(cursor) if cursor.isdecimal() else -1
    found = read_records(content(body, source), source.title)
    placed = [(post_number(record), place, record) for place, record in enumerate(found, 1)]
    for number, place, record in sorted(placed, key=lambda entry: (entry[0] is None, entry[0] or 0)):
        if number is None or number > after:
            after = after if number is None else number
            yield entry(place, record, read_a, door, str(after) if after >= 0 else "")


def qlue_b(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All reports, each time: their status and follow-ups go on changing."""
    for place, record in enumerate(read_records(content(body, source), source.title), 1):
        yield entry(place, record, read_b, door)


def cognicity(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All reports, each time: the store tells a repeat by its `post_id`, as CogniCity itself does."""
    for place, record in enumerate(cognicity_records(content(body, source), source.title), 1):
        yield entry(place, record, read_cognicity, door)


def open311(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All requests of a file, JSON or XML."""
    for place, record in enumerate(request_records(content(body, source), source.title), 1):
        yield entry(place, record, read_request, door)


def table(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All rows, each time: a row has no order that could serve as a cursor.

    Raises:
        SourceError: there is no header row, or it lacks a column; failure `empty` or `layout`.
    """
    rows = table_rows(body, source.title)
    _, header = next(rows, (0, ""))
    if isinstance(header, str):
        raise SourceError(f"{source.title} is empty: a table begins with a row of column names.", "empty")
    reader = TableReader(source, door, header)
    for line, cells in rows:
        yield Entry(where=f"line {line}", read=partial(reader.read, cells), sample=partial(reader.sample, cells))


READERS: dict[SourceKind, Callable[[Body, Source, Door, str], Iterator[Entry]]] = {
    SourceKind.QLUE_A: qlue_a,
    SourceKind.QLUE_B: qlue_b,
    SourceKind.COGNICITY: cognicity,
    SourceKind.OPEN311: open311,
    SourceKind.CSV: table,
    SourceKind.COUNTER: table,
}


def entry(place: int, record: Any, read: Callable[[Any, Door], Post], door: Door, cursor: str = "") -> Entry:
    """One record of a list."""
    return Entry(
        where=f"record {place}", read=partial(read, record, door), cursor=cursor, sample=partial(sample, record)
    )


def content(body: Body, source: Source) -> bytes:
    """The bytes of a body or a file.

    Raises:
        SourceError: the file cannot be read; failure `config`.
    """
    try:
        return body if isinstance(body, bytes) else body.read_bytes()
    except OSError as error:
        raise SourceError(f"{source.id}: {body!s} cannot be read: {error.strerror}.", "config") from None
