"""Citizen reports from a file or an address: Qlue A, Qlue B, CSV and the counter book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from crawlers.batch import Batch, Entry, batches
from crawlers.child import fetch
from crawlers.door import Door
from crawlers.qlue import post_number, read_a, read_b, read_records
from crawlers.tables import TableReader, open_table, read_rows
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import Settings

Body = bytes | Path

#: Broken records in a row, with no good one before, that mean a changed layout rather than bad luck.
ALL_BROKEN = 3


def crawl_reports(
    source: Source, settings: Settings, *, cursor: str = "", since: datetime | None = None, limit: int | None = None
) -> Iterator[Batch]:
    """The reports at the source's address; `limit` None reads them all, for a list that is at hand costs nothing.

    Raises:
        SourceError: the address cannot be read, or holds not one readable report.
    """
    entries = READERS[source.kind](load(source, settings), source, Door(source, settings), cursor)
    yield from readable(batches(entries, since=since, limit=limit), source)


def read_reports(path: Path, kind: SourceKind, source: Source, settings: Settings) -> Iterator[Batch]:
    """Every report of a file, whatever was read before; the store knows the repeats.

    Raises:
        SourceError: the file cannot be read, or holds not one readable report.
    """
    yield from readable(batches(READERS[kind](path, source, Door(source, settings), "")), source)


def load(source: Source, settings: Settings) -> Body:
    """What stands at the address: a file's path, or the body of an http(s) answer."""
    if source.address.startswith(("http://", "https://")):
        return fetch(source.address, source, settings)
    return Path(source.address.replace("{config}", str(settings.config_dir)))


def qlue_a(body: Body, source: Source, door: Door, cursor: str) -> Iterator[Entry]:
    """Reports above the cursor in rising order, so each cursor covers all that came before it."""
    after = int(cursor) if cursor.isdecimal() else -1
    placed = [(post_number(record), place, record) for place, record in enumerate(records(body, source), 1)]
    for number, place, record in sorted(placed, key=lambda entry: -1 if entry[0] is None else entry[0]):
        if number is None or number > after:
            after = after if number is None else number
            yield Entry(
                where=f"record {place}", read=partial(read_a, record, door), cursor=str(after) if after >= 0 else ""
            )


def qlue_b(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All reports, each time: their status and follow-ups go on changing."""
    for place, record in enumerate(records(body, source), 1):
        yield Entry(where=f"record {place}", read=partial(read_b, record, door))


def table(body: Body, source: Source, door: Door, _cursor: str) -> Iterator[Entry]:
    """All rows, each time: a row has no order that could serve as a cursor."""
    reader = TableReader(source, door)
    with open_table(body) as file:
        for place, (line, row) in enumerate(read_rows(file, source.title)):
            if place == 0:
                reader.check_header(row, source.title)
            yield Entry(where=f"line {line}", read=partial(reader.read, row))


READERS: dict[SourceKind, Callable[[Body, Source, Door, str], Iterator[Entry]]] = {
    SourceKind.QLUE_A: qlue_a,
    SourceKind.QLUE_B: qlue_b,
    SourceKind.CSV: table,
    SourceKind.COUNTER: table,
}


def records(body: Body, source: Source) -> list[object]:
    """The JSON records of a body or a file."""
    try:
        return read_records(body if isinstance(body, bytes) else body.read_bytes(), source.title)
    except OSError as error:
        raise SourceError(f"{source.id}: {body!s} cannot be read: {error.strerror}.", "config") from None


def readable(found: Iterator[Batch], source: Source) -> Iterator[Batch]:
    """The batches, until nothing but broken records has come: then the payload has changed its shape.

    Raises:
        SourceError: not one record could be read; failure `layout`. The cursor of such batches is withheld.
    """
    good = 0
    for batch in found:
        good += batch.fetched - batch.failed
        if batch.failed >= ALL_BROKEN and not good:
            raise SourceError(
                f"{source.id}: none of {batch.failed} records could be read ({batch.notes[0]}); "
                f"its layout has changed.",
                "layout",
            )
        yield batch
