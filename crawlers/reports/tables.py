"""Reads report tables: CSV and workbooks of any column order, and the book of walk-in complaints at the counters."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.drift import sample
from crawlers.fields import told
from crawlers.personal import is_personal
from crawlers.reports.qlue import pictures
from crawlers.reports.statuses import read_status
from crawlers.reports.workbook import is_workbook, workbook_rows
from tanggap.declarations import COLUMN_FIELDS
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post, Source, SourceKind
from tanggap.text import fold

#: Columns of the counter book where its source maps none: our field -> their column.
COUNTER_COLUMNS = {
    "id": "nomor_tanda_terima",
    "text": "uraian",
    "published_at": "tanggal",
    "time": "jam",
    "author": "nama",
    "status": "status",
    "desk": "loket",
    "channel": "kanal",
}

#: Where a counter book names its desk by its kecamatan.
DESK_AREA = "kecamatan"

#: Longest cell; csv's own limit of 128 KiB would stop the whole file at one hostile cell.
CELL_CHARS = 4_000_000
#: Lines a quoted cell may span; a quote that is opened and never closed must not swallow the rest of the file.
QUOTED_LINES = 100

#: A row as it is read: its line, and its cells or why they cannot be told apart.
Row = tuple[int, list[str] | str]


def table_rows(body: bytes | Path, name: str) -> Iterator[Row]:
    """The rows of a CSV file or an .xlsx workbook, told apart by content, the header first.

    Raises:
        SourceError: the file cannot be read (failure `config`) or is a broken workbook (`layout`).
    """
    try:
        start = body[:4] if isinstance(body, bytes) else first_bytes(body)
        if is_workbook(start):
            yield from workbook_rows(body, name)
        else:
            with open_table(body) as file:
                yield from csv_rows(file)
    except OSError as error:
        raise SourceError(f"{body!s:.200} cannot be read: {error.strerror}.", "config") from None


def first_bytes(path: Path) -> bytes:
    """What a file begins with."""
    with path.open("rb") as file:
        return file.read(4)


def open_table(body: bytes | Path) -> io.TextIOBase:
    """The text of a table: UTF-16 by its mark, UTF-8 with or without one, or, where it is neither, Windows-1252."""
    if isinstance(body, bytes):
        return io.TextIOWrapper(io.BytesIO(body), encoding=encoding_of(io.BytesIO(body)), errors="replace", newline="")
    with body.open("rb") as file:
        encoding = encoding_of(file)
    return body.open(encoding=encoding, errors="replace", newline="")


def encoding_of(file: io.BufferedIOBase) -> str:
    """`utf-16` by its mark, `utf-8-sig` when every line decodes, else `cp1252`."""
    if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    file.seek(0)
    try:
        for line in file:
            line.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def csv_rows(table: io.TextIOBase) -> Iterator[Row]:
    """The rows that are not empty; the delimiter is the one the header holds most of.

    A quote that is opened and not closed within QUOTED_LINES, or closed by the quote of another row, costs its own
    row and no other.
    """
    csv.field_size_limit(CELL_CHARS)
    lines = enumerate(iter(partial(table.readline, CELL_CHARS), ""), 1)
    waiting: deque[tuple[int, str]] = deque()
    delimiter = ""
    while row := waiting.popleft() if waiting else next(lines, None):
        number, line = row
        delimiter = delimiter or max(",;\t|", key=line.count)
        block = [line]
        found = read_block(block, delimiter)
        while found is None and len(block) < QUOTED_LINES:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            block.append(more[1])
            found = read_block(block, delimiter)
            if found is None and block[-1].count('"') % 2:
                break
        if found is None:
            waiting.extendleft((number + place, text) for place, text in reversed(list(enumerate(block))[1:]))
            yield number, line
            continue
        for cells in found:
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]


def read_block(block: Sequence[str], delimiter: str) -> list[list[str]] | None:
    """The rows of some lines, None while a quoted cell goes on behind them."""
    if len(block) == 1 and '"' not in block[0]:
        return list(csv.reader(block, delimiter=delimiter))
    try:
        return list(csv.reader(block, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if len(block) > 1 or "unexpected end" in str(error):
            return None
        return list(csv.reader(block, delimiter=delimiter))


class TableReader:
    """Turns rows into posts by the column mapping of a source."""

    def __init__(self, source: Source, door: Door, header: Sequence[str]) -> None:
        """
        Raises:
            SourceError: the table lacks the column of the text or of the time; failure `layout`.
        """
        self.door = door
        self.counter = source.kind is SourceKind.COUNTER
        self.header = list(header)
        columns = {field: field for field in COLUMN_FIELDS} | (COUNTER_COLUMNS if self.counter else {})
        self.columns = columns | dict(source.columns)
        folded = [fold(column) for column in header]
        self.places = {
            field: folded.index(fold(column)) for field, column in self.columns.items() if fold(column) in folded
        }
        self.desk_area = folded.index(DESK_AREA) if self.counter and DESK_AREA in folded else None
        mapped = set(self.places.values())
        #: Columns nobody mapped and that hold no person: kept in `extra`.
        self.others = [
            (place, column)
            for place, column in enumerate(header)
            if place not in mapped and column and not is_personal(column)
        ]
        for field in ("text", "published_at"):
            if field not in self.places:
                raise SourceError(
                    f"{source.title} has no column `{self.columns[field]}` for `{field}`; it has "
                    f"{', '.join(header):.300}. Name the right one under `columns` of the source.",
                    "layout",
                )

    def read(self, cells: list[str] | str) -> Post:
        """One row as a post; columns nobody mapped are kept in `extra`.

        Raises:
            PayloadError: the row has no text or no readable time, cells without a column, or a quote left open.
        """
        if isinstance(cells, str):
            raise PayloadError("a quote is opened and not closed")
        if any(cells[len(self.header) :]):
            raise PayloadError(f"it has {len(cells)} cells for {len(self.header)} columns")
        cells = [*cells, *[""] * (len(self.header) - len(cells))]
        value = dict.fromkeys(COLUMN_FIELDS, "") | {field: cells[place] for field, place in self.places.items()}
        published = read_time(f"{value['published_at']} {value['time']}".strip())
        if published is None:
            raise PayloadError(f"{self.columns['published_at']} {told(value['published_at'])} is no time")
        return self.door.admit(
            Item(
                native_id=value["id"] or self.fingerprint(value),
                text=value["text"],
                title=value["title"],
                url=value["url"],
                published_at=published,
                author=value["author"],
                status=read_status(value["status"]),
                lat=value["lat"].replace(",", "."),
                lon=value["lon"].replace(",", "."),
                extra=self.kept(cells, value),
            )
        )

    def kept(self, cells: list[str], value: Mapping[str, str]) -> dict[str, Any]:
        """What a row says beyond the post."""
        extra: dict[str, Any] = {column: cells[place] for place, column in self.others if cells[place]}
        if value["status"] and read_status(value["status"]) is None:
            extra["status"] = value["status"]
        if value["tags"]:
            extra["tags"] = [tag for tag in re.split(r"\s*[,;|]\s*", value["tags"].strip()) if tag]
        if value["channel"]:
            extra["channel"] = value["channel"]
        desk = value["desk"] or (cells[self.desk_area] if self.desk_area is not None else "")
        if desk:
            extra["desk"] = desk
        if self.counter and value["id"]:
            extra["receipt"] = value["id"]
        return extra | pictures(re.split(r"\s+(?=https?://)|\s*[|;]\s*", value["photo"]) if value["photo"] else None)

    def sample(self, cells: list[str] | str) -> str:
        """A row for quarantine, cell by column; one whose cells fit no column is not shown where persons may stand."""
        torn = isinstance(cells, str) or len(cells) != len(self.header)
        if torn and any(is_personal(column) for column in self.header):
            return f"{len(cells)} {'letters' if isinstance(cells, str) else 'cells'}, left out: the table names persons"
        return sample(cells if isinstance(cells, str) else dict(zip(self.header, cells, strict=False)))

    def fingerprint(self, value: Mapping[str, str]) -> str:
        """An id for a row without one: the same row read twice is the same report."""
        said = "\x1f".join(value[field] for field in ("published_at", "time", "author", "text"))
        return "row-" + hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]
