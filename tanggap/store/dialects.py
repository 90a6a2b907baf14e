"""The few things SQLite and PostgreSQL say differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, cast, column, func, literal_column, select, table
from sqlalchemy.dialects import postgresql, sqlite

from tanggap.store.tables import post

T = TypeVar("T")

#: Keys bound to one statement; SQLite takes 32,766 variables, PostgreSQL 65,535.
CHUNK = 5_000

#: Key of the advisory lock that keeps PostgreSQL's writers of posts in a row.
WRITERS = 0x7461_6E67


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`items` in slices that fit one statement."""
    return (items[start : start + size] for start in range(0, len(items), size))


def upsert(db: Connection, target: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(target) if db.dialect.name == "postgresql" else sqlite.insert(target)


def one_writer(db: Connection) -> None:
    """Waits until no other transaction counts posts, so that the rollup always equals a recount.

    SQLite has one writer anyway; on PostgreSQL an advisory lock lasts until the transaction ends.
    """
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(WRITERS)))


def has_words(db: Connection, words: Sequence[str]) -> ColumnElement[bool]:
    """Posts whose terms hold every one of `words`, which must be folded.

    PostgreSQL reads the terms with string_to_array: its own parser would split "12e3x", and SQLite's does not.
    """
    if db.dialect.name == "postgresql":
        lexemes = func.array_to_tsvector(func.string_to_array(post.c.terms, literal_column("' '")))
        return lexemes.bool_op("@@")(cast(" & ".join(words), postgresql.TSQUERY))
    index = table("post_fts", column("rowid"), column("post_fts"))
    quoted = " ".join(f'"{word}"' for word in words)
    return post.c.id.in_(select(index.c.rowid).where(index.c.post_fts.op("MATCH")(quoted)))
