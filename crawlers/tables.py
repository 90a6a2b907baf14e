"""Reads report tables: CSV of any column order, and the book of walk-in complaints at the counters."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.sources import COLUMN_FIELDS
from crawlers.statuses import read_status
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
}

#: Unmapped columns that hold a person rather than a report; their values never get past the reader.
PERSONAL = {
    "nama", "nama pelapor", "nama pemohon", "nama warga", "nama lengkap", "pelapor", "pemohon",
    "nik", "no ktp", "nomor ktp", "ktp", "kk", "no kk", "telepon", "no telepon", "nomor telepon", "telp", "no telp",
    "hp", "no hp", "nomor hp", "no wa", "wa", "whatsapp", "email", "e mail", "surel", "alamat", "alamat pelapor",
    "name", "phone", "address", "username",
}  # fmt: skip

#: Longest cell; csv's own limit of 128 KiB would stop the whole file at one hostile cell.
CELL_CHARS = 4_000_000


def open_table(body: bytes | Path) -> io.TextIOBase:
    """The text of a table, in UTF-8 (with or without a mark) or, where it is not that, Windows-1252.

    Raises:
        SourceError: the file cannot be read; failure `config`.
    """
    if isinstance(body, bytes):
        return io.TextIOWrapper(io.BytesIO(body), encoding=encoding_of(io.BytesIO(body)), errors="replace", newline="")
    try:
        with body.open("rb") as file:
            encoding = encoding_of(file)
        return body.open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise SourceError(f"{body} cannot be read: {error.strerror}.", "config") from None


def encoding_of(file: io.BufferedIOBase) -> str:
    """`utf-8-sig` when every line decodes, else `cp1252`."""
    try:
        for line in file:
            line.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def read_rows(table: io.TextIOBase, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, column -> cell) of each row; the delimiter is the one the header holds most of.

    Raises:
        SourceError: there is no header row; failure `layout`.
    """
    header = table.readline()
    if not header.strip():
        raise SourceError(f"{name} is empty: a table begins with a row of column names.", "empty")
    delimiter = max(",;\t|", key=header.count)
    csv.field_size_limit(CELL_CHARS)
    columns = [column.strip() for column in next(csv.reader([header], delimiter=delimiter))]
    reader = csv.reader(table, delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num + 1, dict(zip(columns, (cell.strip() for cell in cells), strict=False))


class TableReader:
    """Turns rows into posts by the column mapping of a source."""

    def __init__(self, source: Source, door: Door) -> None:
        self.door = door
        self.counter = source.kind is SourceKind.COUNTER
        defaults = COUNTER_COLUMNS if self.counter else {}
        self.columns = {field: field for field in COLUMN_FIELDS} | defaults | dict(source.columns)
        self.mapped = {fold(column) for column in self.columns.values()}

    def check_header(self, row: Mapping[str, str], name: str) -> None:
        """
        Raises:
            SourceError: the table lacks the column of the text or of the time; failure `layout`.
        """
        present = {fold(column) for column in row}
        for field in ("text", "published_at"):
            if fold(self.columns[field]) not in present:
                raise SourceError(
                    f"{name} has no column `{self.columns[field]}` for `{field}`; it has {', '.join(row)}. "
                    f"Name the right one under `columns` of the source.",
                    "layout",
                )

    def read(self, row: Mapping[str, str]) -> Post:
        """One row as a post; columns nobody mapped are kept in `extra`.

        Raises:
            PayloadError: the row has no text or no readable time.
        """
        cells = {fold(column): cell for column, cell in row.items()}
        value = {field: cells.get(fold(column), "") for field, column in self.columns.items()}
        published = read_time(f"{value['published_at']} {value['time']}".strip())
        if published is None:
            raise PayloadError(f"{self.columns['published_at']} {value['published_at']!r} is no time")
        status = read_status(value["status"])
        extra = {column: cell for column, cell in row.items() if cell and self.may_keep(column)}
        if value["status"] and status is None:
            extra["status"] = value["status"]
        if self.counter and value["id"]:
            extra["receipt"] = value["id"]
        return self.door.admit(
            Item(
                native_id=value["id"] or self.fingerprint(value),
                text=value["text"],
                title=value["title"],
                url=value["url"],
                published_at=published,
                author=value["author"],
                status=status,
                lat=value["lat"].replace(",", "."),
                lon=value["lon"].replace(",", "."),
                extra=extra,
            )
        )

    def may_keep(self, column: str) -> bool:
        """Whether a column nobody mapped may stand in `extra`."""
        return fold(column) not in self.mapped and fold(column) not in PERSONAL

    def fingerprint(self, value: Mapping[str, str]) -> str:
        """An id for a row without one: the same row read twice is the same report."""
        told = "\x1f".join(value[field] for field in ("published_at", "time", "author", "text"))
        return "row-" + hashlib.sha256(told.encode()).hexdigest()[:24]
