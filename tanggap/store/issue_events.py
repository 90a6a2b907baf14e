"""The log of identities, append-only, and the bonds that people's acts in it taught the machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, insert, or_, select

from tanggap.records import Bond, BondKind, EventKind, IssueEvent
from tanggap.store.issue_tables import issue_bond, issue_event

#: What the machine signs its events with, before its version.
MACHINE = "machine"
#: What people do to an identity.
ACTS = (EventKind.MOVED, EventKind.MERGED, EventKind.SPLIT, EventKind.TITLED)


def add(db: Connection, event: IssueEvent) -> int:
    """Writes one event in the transaction of the act it tells of; returns its number."""
    values = {name: getattr(event, name) for name in IssueEvent.__slots__ if name != "id"}
    values |= {"kind": event.kind.value, "posts": list(event.posts)}
    return int(db.execute(insert(issue_event).values(values).returning(issue_event.c.id)).scalar_one())


def get(db: Connection, number: int) -> IssueEvent | None:
    """The event of that number."""
    row = db.execute(select(issue_event).where(issue_event.c.id == number)).mappings().one_or_none()
    return None if row is None else from_row(row)


def log(db: Connection, *issues: str, limit: int = 1000) -> list[IssueEvent]:
    """What happened to any of these issues, on either side, oldest first; the last `limit` of it."""
    touched = or_(issue_event.c.issue.in_(issues), issue_event.c.other.in_(issues))
    query = select(issue_event).where(touched).order_by(issue_event.c.id.desc()).limit(limit)
    return [from_row(row) for row in db.execute(query).mappings()][::-1]


def newest(db: Connection) -> int:
    """Number of the newest event, 0 before the first."""
    return db.scalar(select(sa.func.max(issue_event.c.id))) or 0


def since(db: Connection, number: int) -> list[IssueEvent]:
    """What happened after an event, oldest first."""
    query = select(issue_event).where(issue_event.c.id > number).order_by(issue_event.c.id)
    return [from_row(row) for row in db.execute(query).mappings()]


def lately(db: Connection, *, limit: int) -> list[IssueEvent]:
    """What people did to identities and took back, newest first."""
    by_people = ~issue_event.c.by.startswith(MACHINE)
    kinds = issue_event.c.kind.in_([kind.value for kind in (*ACTS, EventKind.UNDONE)])
    query = select(issue_event).where(by_people, kinds).order_by(issue_event.c.id.desc()).limit(limit)
    return [from_row(row) for row in db.execute(query).mappings()]


def standing(events: Iterable[IssueEvent]) -> list[IssueEvent]:
    """The acts among a log that were not taken back, in its order."""
    told = list(events)
    undone = {event.undoes for event in told}
    return [event for event in told if event.kind in ACTS and event.id not in undone]


def curated(db: Connection) -> frozenset[str]:
    """Issues whose posts or title people have put in order themselves, and not taken it all back."""
    undone = select(issue_event.c.undoes).where(issue_event.c.undoes.is_not(None))
    by_people = ~issue_event.c.by.startswith(MACHINE) & issue_event.c.kind.in_([kind.value for kind in ACTS])
    query = select(issue_event.c.issue, issue_event.c.other).where(by_people, issue_event.c.id.not_in(undone))
    return frozenset(name for row in db.execute(query) for name in row if name)


def bind(db: Connection, bonds: Sequence[Bond]) -> None:
    """Remembers what an act taught."""
    if bonds:
        rows = [
            {"kind": b.kind.value, "issue": b.issue, "other": b.other, "post": b.post, "event": b.event} for b in bonds
        ]
        db.execute(insert(issue_bond), rows)


def lift(db: Connection, event: int) -> None:
    """Forgets what an act taught, because it was taken back."""
    db.execute(sa.delete(issue_bond).where(issue_bond.c.event == event))


def bonds(db: Connection) -> list[Bond]:
    """All bonds, in the order they were taught; a later one about the same post or pair overrules."""
    columns = (issue_bond.c[name] for name in Bond.__slots__)
    rows = db.execute(select(*columns).order_by(issue_bond.c.id)).mappings()
    return [Bond(**{**row, "kind": BondKind(row["kind"])}) for row in rows]


def from_row(row: RowMapping) -> IssueEvent:
    """An event as the table keeps it."""
    values: dict[str, Any] = {name: row[name] for name in IssueEvent.__slots__}
    return IssueEvent(**{**values, "kind": EventKind(row["kind"]), "posts": tuple(row["posts"])})
