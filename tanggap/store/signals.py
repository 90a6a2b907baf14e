"""Signals in the store: one open at a time per kind and subject, kept after it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from tanggap.records import Signal, SignalKind
from tanggap.store.signal_tables import signal

#: A signal of the same subject that began this far from the open one is another one.
APART = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a look changed: how many signals began, stand and ended."""

    opened: int = 0
    standing: int = 0
    ended: int = 0


def keep(db: Connection, kind: SignalKind, found: Sequence[Signal], at: datetime) -> Kept:
    """Makes `found` the open signals of a kind: new ones begin, known ones are refreshed, the others end.

    Call it after `dialects.one_writer` in its transaction, so that two workers never open two.
    """
    known = {one.subject: one for one in open_ones(db, kind)}
    opened = standing = 0
    for item in found:
        old = known.get(item.subject)
        if old is not None and abs(item.since - old.since) <= APART:
            del known[item.subject]
            db.execute(update(signal).where(signal.c.id == old.id).values(_row(item, at)))
            standing += 1
        else:
            db.execute(insert(signal).values(_row(item, at)))
            opened += 1
    over = [one.id for one in known.values()]
    db.execute(update(signal).where(signal.c.id.in_(over)).values(ended_at=at))
    return Kept(opened=opened, standing=standing, ended=len(over))


def open_ones(db: Connection, *kinds: SignalKind) -> list[Signal]:
    """The signals that are not over, of some kinds or of all, strongest first within a kind."""
    wanted = select(signal).where(signal.c.ended_at.is_(None))
    if kinds:
        wanted = wanted.where(signal.c.kind.in_([kind.value for kind in kinds]))
    rows = db.execute(wanted.order_by(signal.c.kind, signal.c.strength.desc(), signal.c.id)).mappings()
    return [_item(row) for row in rows]


def of(db: Connection, subject: str) -> list[Signal]:
    """Everything that was noticed of a subject, newest first."""
    wanted = select(signal).where(signal.c.subject == subject).order_by(signal.c.since.desc(), signal.c.id.desc())
    return [_item(row) for row in db.execute(wanted).mappings()]


def prune(db: Connection, before: datetime) -> int:
    """Forgets signals that ended before a moment; returns how many."""
    return db.execute(signal.delete().where(signal.c.ended_at < before)).rowcount


def _row(item: Signal, at: datetime) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "subject": item.subject,
        "since": item.since,
        "seen_at": at,
        "strength": item.strength,
        "told": item.told,
        "withheld": item.withheld,
        "evidence": dict(item.evidence),
    }


def _item(row: RowMapping) -> Signal:
    return Signal(**{**row, "kind": SignalKind(row["kind"])})
