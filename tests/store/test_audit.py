"""The audit chain: whatever is done to the table behind our back is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from tanggap.errors import StoreError
from tanggap.records import AuditEntry
from tanggap.store import Store, audit
from tanggap.store.audit_tables import audit as table
from tanggap.store.audit_tables import audit_head
from tanggap.store.migrations import script_config

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ENTRIES = 40


def entry(number: int, **changes: Any) -> AuditEntry:
    facts: dict[str, Any] = {
        "at": NOW + timedelta(seconds=number),
        "by": f"orang{number % 7}",
        "action": ("move", "take", "answer.approve")[number % 3],
        "subject": f"ISU-20261123-{number % 9:04d}",
        "before": {"status": "waiting", "version": number, "score": number / 4},
        "after": {"status": "in_process", "areas": ["31.75.03"], "deep": {"holder": None}},
        "note": "dijawab “hari ini”" if number % 2 else "",
    }
    return AuditEntry(**facts | changes)


def fill(store: Store, count: int = ENTRIES) -> None:
    with store.write() as db:
        for number in range(count):
            audit.add(db, entry(number))


def unlock(db: Connection) -> None:
    """What somebody with the database in hand can do."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
    else:
        db.exec_driver_sql("DROP TRIGGER audit_no_update")
        db.exec_driver_sql("DROP TRIGGER audit_no_delete")


def change(db: Connection, dice: random.Random) -> None:
    row = db.execute(sa.select(table).where(table.c.id == dice.randint(1, ENTRIES))).mappings().one()
    name = dice.choice(["at", "by", "action", "subject", "before", "after", "note", "previous", "hash"])
    other: dict[str, Any] = {
        "at": row["at"] + timedelta(microseconds=dice.choice([-1, 1])),
        "before": {**row["before"], "version": row["before"]["version"] + dice.randint(1, 5)},
        "after": {**row["after"], "status": dice.choice(["answered", "resolved"])},
    }
    value = other.get(name) or f"{row[name]}{dice.choice('0 aZ')}"
    db.execute(sa.update(table).where(table.c.id == row["id"]).values({name: value}))


def take_out(db: Connection, dice: random.Random) -> None:
    db.execute(sa.delete(table).where(table.c.id == dice.randint(1, ENTRIES)))


def insert(db: Connection, dice: random.Random) -> None:
    """A forged entry, correctly chained to the one before it, in between or at the end."""
    place = dice.randint(1, ENTRIES + 1)
    for number in range(ENTRIES, place - 1, -1):
        db.execute(sa.update(table).where(table.c.id == number).values(id=number + 1))
    previous = db.scalar(sa.select(table.c.hash).where(table.c.id == place - 1)) or audit.ORIGIN
    fields = {name: getattr(entry(dice.randint(0, 99)), name) for name in audit.FIELDS}
    row = fields | {"id": place, "previous": previous}
    db.execute(sa.insert(table).values(row | {"hash": audit.link_hash(row)}))


def reorder(db: Connection, dice: random.Random) -> None:
    one, other = dice.sample(range(1, ENTRIES + 1), 2)
    for start, end in ((one, -1), (other, one), (-1, other)):
        db.execute(sa.update(table).where(table.c.id == start).values(id=end))


def cut(db: Connection, dice: random.Random) -> None:
    db.execute(sa.delete(table).where(table.c.id > dice.randint(0, ENTRIES - 1)))


EDITS = (change, take_out, insert, reorder, cut)


def faults(store: Store, edit: Callable[[Connection, random.Random], None], times: int, seed: str) -> list[str]:
    """What `verify` says after each of `times` random edits, every one of the untouched table."""
    dice, told = random.Random(seed), []
    with store.write() as db:
        unlock(db)
        for _ in range(times):
            with db.begin_nested() as inner:
                edit(db, dice)
                told.append(audit.verify(db).fault)
                inner.rollback()
        assert audit.verify(db).fault == ""
    return told


@pytest.mark.parametrize("edit", EDITS)
def test_every_one_of_a_thousand_random_edits_is_found(store: Store, edit: Callable[..., None]) -> None:
    fill(store)
    told = faults(store, edit, 1000 // len(EDITS), edit.__name__)
    assert len(told) == 200
    assert all(told)


def test_edits_are_found_on_every_database(any_store: Store) -> None:
    fill(any_store)
    dice = random.Random(7)
    told = faults(any_store, lambda db, _: dice.choice(EDITS)(db, dice), 50, "any")
    assert all(told)


def test_an_untouched_chain_is_whole_on_every_database(any_store: Store) -> None:
    fill(any_store, 5)
    with any_store.write() as db:
        audit.add(db, entry(99, before={"usd": 1e22, "share": 1e-7, "whole": 3.0}, after={"list": (1, 2)}))
    with any_store.read() as db:
        found = audit.verify(db)
        assert (found.entries, found.fault, found.head) == (6, "", audit.head(db))


def test_an_empty_chain_is_whole(any_store: Store) -> None:
    with any_store.read() as db:
        assert audit.verify(db) == audit.Verdict(entries=0, head=audit.Head(last=0, hash=audit.ORIGIN))


def test_a_chain_made_anew_as_a_whole_is_found_by_a_head_noted_elsewhere(store: Store) -> None:
    fill(store, 6)
    with store.read() as db:
        noted = audit.verify(db).head
    with store.write() as db:
        unlock(db)
        db.execute(sa.delete(table))
        db.execute(sa.update(audit_head).values(last=0, hash=audit.ORIGIN))
    fill(store, 5)
    with store.write() as db:
        audit.add(db, entry(5, note="tidak pernah terjadi"))
    with store.read() as db:
        assert audit.verify(db).fault == ""
        assert "made anew" in audit.verify(db, noted).fault
        assert "is missing" in audit.verify(db, audit.Head(last=7, hash="0" * 64)).fault


def test_a_missing_anchor_is_found_and_stops_further_writing(store: Store) -> None:
    fill(store, 3)
    with store.write() as db:
        db.execute(sa.delete(audit_head))
    with store.read() as db:
        assert "anchor" in audit.verify(db).fault
    with pytest.raises(StoreError):
        fill(store, 1)


def test_an_act_that_fails_leaves_no_entry_behind(any_store: Store) -> None:
    with suppress(RuntimeError), any_store.write() as db:
        audit.add(db, entry(1))
        raise RuntimeError("a bug")
    with any_store.write() as db:
        audit.add(db, entry(2))
    with any_store.read() as db:
        assert audit.entries(db) == [entry(2)]


def test_an_act_taken_back_inside_its_transaction_leaves_no_entry(any_store: Store) -> None:
    with any_store.write() as db:
        audit.add(db, entry(1))
        transaction = db.get_transaction()
        assert transaction is not None
        transaction.rollback()
    with any_store.read() as db:
        assert audit.entries(db) == []


def test_entries_of_an_older_store_are_chained_when_it_is_brought_up_to_date(any_url: str) -> None:
    from alembic import command

    engine = sa.create_engine(any_url)
    config = script_config()
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0003")
        row = "(at, by, action, subject, before, after, note) VALUES ('2026-11-22 01:02:03', 'sari', 'move'"
        for number in (1, 2, 4):
            db.exec_driver_sql(f"INSERT INTO audit {row}, 'ISU-{number}', '{{}}', '{{\"n\": 1.0}}', '')")
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    engine.dispose()
    store = Store.create(any_url)
    fill(store, 2)
    with store.read() as db:
        assert (audit.verify(db).entries, audit.verify(db).fault) == (5, "")
    with pytest.raises(StoreError, match="append-only"), store.write() as db:
        db.execute(sa.update(table).values(note="x"))
    store.close()
