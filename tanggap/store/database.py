"""One store on SQLite or PostgreSQL: opens, creates, reads and writes, with every failure in one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from tanggap.errors import StoreError
from tanggap.store import audit
from tanggap.store.tables import REVISION

#: Seconds a SQLite writer waits for the one before it, and PostgreSQL may take to answer a connection.
BUSY_S = 30
CONNECT_S = 10
#: A PostgreSQL that the network has swallowed is given up within ten seconds, not after hours.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": CONNECT_S * 1000,
}
#: Connections one process may hold besides the five it keeps open: fifty officers at once need no queue of their own.
AT_ONCE = 45

#: What a PostgreSQL address may begin with; all mean the psycopg 3 driver.
POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")


class Store:
    """Everything Tanggap remembers. Functions of this package take a connection from `read` or `write`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """The existing store at `url`.

        Raises:
            StoreError: it is unreachable, read-only, not a database, or of another version of Tanggap.
        """
        address = parse(url)
        path = file_of(address)
        if path is not None and not os.access(path, os.F_OK):
            raise StoreError(f"There is no store at {show(address)}; run `tanggap init` to create it.")
        store = cls(connect(address))
        try:
            store.check()
        except StoreError:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, url: str) -> Store:
        """The store at `url`, made or brought up to date first; on a current store it changes nothing.

        All migrations run in one transaction: a process killed within leaves the old schema.

        Raises:
            StoreError: it is unreachable, read-only, not a database, or of a newer Tanggap.
        """
        from tanggap.store.migrations import upgrade

        address = parse(url)
        path = file_of(address)
        if path is not None:
            make_folder(path.parent, address)
        store = cls(connect(address))
        try:
            with store.write() as db:
                upgrade(db)
            store.check()
        except StoreError:
            store.close()
            raise
        return store

    def check(self) -> None:
        """Refuses a store that is not of this version, or that this process may not write to."""
        path = file_of(self.engine.url)
        if path is not None and not (writable(path) and writable(path.parent)):
            raise StoreError(f"The store {self.address} is read-only for this user; give it write permission.")
        with self.read() as db:
            if not self.engine.dialect.has_table(db, "alembic_version"):
                raise StoreError(f"{self.address} is not a store of Tanggap yet; run `tanggap init`.")
            revision = db.scalar(text("SELECT version_num FROM alembic_version"))
        if revision != REVISION:
            raise StoreError(
                f"The store {self.address} is at version {revision}, this Tanggap needs {REVISION}; "
                "run `tanggap init`, or install the newer Tanggap."
            )

    @property
    def address(self) -> str:
        """Where the store is, with the password hidden."""
        return show(self.engine.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store and refuses to write."""
        with self.speaking(), self.engine.connect() as db:
            db.execution_options(**READING[db.dialect.name])
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in one transaction: committed at the end, rolled back on any error."""
        with self.speaking(), self.engine.connect() as db:
            db.execution_options(**WRITING[db.dialect.name])
            try:
                with db.begin() as transaction:
                    yield db
                    if transaction.is_active:
                        audit.write(db)
            finally:
                audit.forget(db)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Turns every failure of the database within into one sentence naming the store."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(f"The store {self.address} {fault(error)}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"The store {self.address} takes no broken Unicode; repair the text first.") from error

    def close(self) -> None:
        """Gives every connection back to the database."""
        self.engine.dispose()


READING: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": ("PRAGMA query_only = ON", "BEGIN")},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
WRITING: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": ("PRAGMA query_only = OFF", "BEGIN IMMEDIATE")},
    "postgresql": {"isolation_level": "READ COMMITTED", "postgresql_readonly": False},
}

#: The beginning of what a database says -> what people should read.
FAULTS = {
    "file is not a database": "is not a database; choose another file or restore a backup.",
    "database disk image is malformed": "is damaged; run `tanggap restore` with a backup.",
    "attempt to write a readonly database": "is read-only here; give this user write permission.",
    "read-only transaction": "is read-only here; give this user write permission.",
    "database is locked": f"was busy for {BUSY_S} seconds; try again.",
    "database or disk is full": "is out of disk space; free some and try again.",
    "unable to open database file": "cannot be opened; check that its folder exists and may be written.",
    "no such table": "is not a store of Tanggap yet; run `tanggap init`.",
}


def fault(error: Exception) -> str:
    """The rest of a sentence that began with "The store X": what is wrong and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    words = (str(cause).strip().splitlines() or ["no reason given"])[0].rstrip(".")
    for sign, sentence in FAULTS.items():
        if sign in words:
            return sentence
    lost = isinstance(error, DBAPIError) and (error.connection_invalidated or "connect" in words.lower())
    return f"cannot be reached: {words}." if lost else f"refused: {words}."


def parse(url: str) -> URL:
    """The address of a store, with psycopg 3 as the driver of PostgreSQL."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            "The store address cannot be read; write sqlite:///FILE or postgresql+psycopg://HOST/NAME."
        ) from None
    if address.drivername in POSTGRES:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        return address
    raise StoreError(f"A store cannot live on {address.drivername}; use sqlite:/// or postgresql+psycopg://.")


def show(address: URL) -> str:
    """An address for people: no password, and no query, which may hold one too."""
    return address.set(query={}).render_as_string(hide_password=True)


def file_of(address: URL) -> Path | None:
    """The file of a SQLite store; None for one in memory or on a server."""
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database).removeprefix("file:"))


def make_folder(folder: Path, address: URL) -> None:
    """The folder of a new store."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder of the store {show(address)} cannot be made: {error.strerror}.") from None


def writable(path: Path) -> bool:
    """Whether this process may write to `path`."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def connect(address: URL) -> Engine:
    """An engine with the settings every connection needs; nothing is opened yet."""
    shared: dict[str, Any] = {
        "json_serializer": partial(dumps, ensure_ascii=False, allow_nan=False),
        "hide_parameters": True,
        "max_overflow": AT_ONCE,
    }
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_S, "options": "-c timezone=UTC", **KEEPALIVE},
            **shared,
        )
    engine = create_engine(address, connect_args={"timeout": BUSY_S}, **shared)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    """Takes transactions out of the driver's hands and sets what SQLite forgets between connections."""
    del entry
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_S * 1000}",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(db: Connection) -> None:
    """Begins the transaction that `read` or `write` asked for."""
    for statement in db.get_execution_options().get("sqlite_begin", ("BEGIN",)):
        db.exec_driver_sql(statement)
