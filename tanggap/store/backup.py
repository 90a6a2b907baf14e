"""A store written into one file and read back: every table as JSON Lines, with counts and checksums beside them.

The file is the same for SQLite and PostgreSQL, so a backup of one can be restored into the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Connection, Date, Table, delete, func, insert, select, text

from tanggap import __version__
from tanggap.errors import TanggapError
from tanggap.store.database import Store
from tanggap.store.tables import REVISION, Moment, metadata

#: Of this moment only: who is signed in, and which workers live.
TRANSIENT = frozenset({"session", "worker"})
#: Filled by the migrations, so that a new store holds them too.
SEEDED = frozenset({"audit_head"})
MANIFEST = "manifest.json"
#: Rows read, written and counted at a time.
PART = 2_000
#: Higher is slower and hardly smaller.
LEVEL = 3

#: Is told how many rows are done, again and again; may raise to end the work.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One table of a backup."""

    columns: tuple[str, ...]
    rows: int
    #: SHA-256 of its lines.
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds, by table, and which Tanggap made it."""

    made_at: datetime
    product: str
    revision: str
    tables: Mapping[str, Kept]

    @property
    def rows(self) -> int:
        """Rows over all tables."""
        return sum(kept.rows for kept in self.tables.values())

    def to_json(self) -> str:
        """As it stands in the file."""
        kept = {name: {"columns": k.columns, "rows": k.rows, "sha256": k.sha256} for name, k in self.tables.items()}
        head = {"made_at": self.made_at.isoformat(), "product": self.product, "revision": self.revision}
        return json.dumps(head | {"tables": kept}, indent=1)

    @classmethod
    def from_json(cls, written: bytes) -> Manifest:
        """Reads it; ValueError, KeyError or TypeError when it is none."""
        read = json.loads(written)
        kept = {
            name: Kept(columns=tuple(one["columns"]), rows=one["rows"], sha256=one["sha256"])
            for name, one in read["tables"].items()
        }
        made_at = datetime.fromisoformat(read["made_at"])
        return cls(made_at=made_at, product=read["product"], revision=read["revision"], tables=kept)


def dump(store: Store, path: Path, made_at: datetime, progress: Progress = lambda _: None) -> Manifest:
    """Writes the store as it is at one moment, while others go on writing, and reads the file back before it counts.

    It appears under its name whole and checked, or not at all; only its owner may read it.

    Raises:
        TanggapError: the file cannot be written, or does not read back.
    """
    unfinished = path.with_name(f"{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600, exist_ok=False)
        with unfinished.open("wb") as file:
            manifest = _write(store, file, made_at, progress)
            file.flush()
            os.fsync(file.fileno())
        if verify(unfinished) != manifest:
            raise TanggapError(f"The backup {path} does not hold what was written; check the disk and try again.")
        unfinished.replace(path)
    except OSError as error:
        raise TanggapError(f"The backup {path} cannot be written: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write(store: Store, file: IO[bytes], made_at: datetime, progress: Progress) -> Manifest:
    kept: dict[str, Kept] = {}
    done = 0
    with store.read() as db, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for table in tables():
            rows, digest = 0, hashlib.sha256()
            with archive.open(member(table.name), "w", force_zip64=True) as out:
                for lines, count in _lines(db, table):
                    out.write(lines)
                    digest.update(lines)
                    rows += count
                    progress(done := done + count)
            columns = tuple(table.columns.keys())
            kept[table.name] = Kept(columns=columns, rows=rows, sha256=digest.hexdigest())
        manifest = Manifest(made_at=made_at, product=__version__, revision=REVISION, tables=kept)
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _lines(db: Connection, table: Table) -> Iterator[tuple[bytes, int]]:
    """The rows of a table as JSON lines, a part at a time, in the order of its key."""
    found = db.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": PART})
    for rows in found.partitions(PART):
        yield "".join(json.dumps(tuple(row), default=_written) + "\n" for row in rows).encode(), len(rows)


def _written(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be backed up")


def tables() -> list[Table]:
    """What a backup holds, those first that others refer to."""
    return [table for table in metadata.sorted_tables if table.name not in TRANSIENT]


def member(table: str) -> str:
    """The name of a table inside the file."""
    return f"tables/{table}.jsonl"


def verify(path: Path) -> Manifest:
    """Reads a whole backup: every table is there, with the rows and the checksum its manifest names.

    Raises:
        TanggapError: it is damaged, cut off, or no backup.
    """
    with _reading(path) as archive:
        manifest = Manifest.from_json(archive.read(MANIFEST))
        for name, kept in manifest.tables.items():
            rows, digest = 0, hashlib.sha256()
            with archive.open(member(name)) as file:
                while block := file.read(1 << 20):
                    digest.update(block)
                    rows += block.count(b"\n")
            if (rows, digest.hexdigest()) != (kept.rows, kept.sha256):
                raise TanggapError(f"The table {name} of {path} is not what was written; use another backup.")
    return manifest


@contextmanager
def _reading(path: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(path) as archive:
            yield archive
    except (BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError) as error:
        raise TanggapError(f"{path} is no whole backup of Tanggap; use another one.") from error
    except OSError as error:
        raise TanggapError(f"{path} cannot be read: {error.strerror or error}.") from error


def load(store: Store, path: Path, progress: Progress = lambda _: None) -> Manifest:
    """Fills an empty store with a backup, all of it or nothing, and counts what arrived.

    Raises:
        TanggapError: the backup is damaged or of another version, or the store holds something already.
    """
    manifest = verify(path)
    if manifest.revision != REVISION:
        raise TanggapError(
            f"{path} is of store version {manifest.revision}, this Tanggap needs {REVISION}; "
            f"restore it with Tanggap {manifest.product}, then run `tanggap init` of this one."
        )
    done = 0
    with _reading(path) as archive, store.write() as db:
        if filled := first_filled(db):
            raise TanggapError(
                f"The store {store.address} holds data already (table {filled}); restore into a new one: "
                "move this one away, or name another in TANGGAP_STORE."
            )
        with _references_later(db):
            for table in tables():
                if table.name in SEEDED:
                    db.execute(delete(table))
                for rows in _rows(archive, table, manifest.tables[table.name]):
                    db.execute(insert(table), rows)
                    progress(done := done + len(rows))
        for table in tables():
            if db.scalar(select(func.count()).select_from(table)) != manifest.tables[table.name].rows:
                raise TanggapError(f"The table {table.name} did not arrive whole; nothing was restored.")
            _go_on_counting(db, table)
    return manifest


def first_filled(db: Connection) -> str | None:
    """A table that holds something in a store that should be new; None in one that is."""
    names = (table.name for table in metadata.sorted_tables if table.name not in SEEDED)
    return next((name for name in names if db.execute(select(metadata.tables[name]).limit(1)).first()), None)


def _rows(archive: ZipFile, table: Table, kept: Kept) -> Iterator[list[dict[str, Any]]]:
    read = {
        name: datetime.fromisoformat if isinstance(table.c[name].type, Moment) else date.fromisoformat
        for name in kept.columns
        if isinstance(table.c[name].type, Moment | Date)
    }
    with archive.open(member(table.name)) as file:
        while lines := list(islice(file, PART)):
            rows = [dict(zip(kept.columns, json.loads(line), strict=True)) for line in lines]
            for row in rows:
                row |= {name: parse(row[name]) for name, parse in read.items() if row[name] is not None}
            yield rows


@contextmanager
def _references_later(db: Connection) -> Iterator[None]:
    """Lets rows refer to rows of their own table that come after them; at the end all of them must be there."""
    if db.dialect.name == "sqlite":
        db.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
        return
    within = [
        f"ALTER TABLE {constraint.table.name} ALTER CONSTRAINT {constraint.name}"
        for table in metadata.sorted_tables
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
    ]
    for change in within:
        db.execute(text(f"{change} DEFERRABLE INITIALLY DEFERRED"))
    yield
    db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for change in within:
        db.execute(text(f"{change} NOT DEFERRABLE"))


def _go_on_counting(db: Connection, table: Table) -> None:
    """The next row gets a number after the restored ones; SQLite does this by itself."""
    if db.dialect.name == "postgresql" and table.autoincrement_column is not None:
        column = table.autoincrement_column
        counter = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        db.execute(select(func.setval(counter, select(func.max(column)).scalar_subquery())))
