"""Brings a store to the newest schema with the Alembic scripts of this package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, func, select

from tanggap.errors import StoreError

#: Key of the advisory lock that lets one process migrate at a time on PostgreSQL.
MIGRATING = 0x7461_6E68


def script_config() -> Config:
    """Where Alembic finds env.py and the versions; no alembic.ini is needed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(db: Connection) -> None:
    """Runs what is missing inside the transaction of `db`.

    Raises:
        StoreError: the store was made by a newer Tanggap.
    """
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    config = script_config()
    config.attributes["connection"] = db
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"The store cannot be brought up to date: {error}.") from error
