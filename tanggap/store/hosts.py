"""What all crawls together know of web hosts, each turn and outcome one transaction (see tanggap/hosts.py)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from tanggap.hosts import PATIENCE_S, Host, Rules, Turn, give_turn, take_outcome
from tanggap.store.dialects import upsert
from tanggap.store.tables import host


def turn(db: Connection, name: str, at: datetime, pace_s: float, hold_s: float) -> Turn:
    """A turn at host `name`; no two crawls on any machine are granted one at once."""
    before = lock(db, name, at)
    after, given = give_turn(before, at, pace_s, hold_s)
    keep(db, name, before, after)
    return given


def heard(db: Connection, name: str, at: datetime, pace_s: float, *, failed: bool, pause_s: float = 0.0) -> None:
    """Notes how a request to host `name` ended."""
    before = lock(db, name, at)
    keep(db, name, before, take_outcome(before, at, pace_s, failed=failed, pause_s=pause_s))


def lock(db: Connection, name: str, at: datetime) -> Host:
    """The state of a host, held against other writers until the transaction ends."""
    wanted = select(host).where(host.c.name == name).with_for_update()
    row = db.execute(wanted).one_or_none()
    if row is None:
        fresh = upsert(db, host).values(name=name, next_at=at, strikes=0, why="")
        db.execute(fresh.on_conflict_do_nothing(index_elements=["name"]))
        row = db.execute(wanted).one()
    return Host(next_at=row.next_at, strikes=row.strikes, closed_until=row.closed_until, why=row.why)


def keep(db: Connection, name: str, before: Host, after: Host) -> None:
    """Writes a state that changed."""
    if after != before:
        changed = {field: getattr(after, field) for field in ("next_at", "strikes", "closed_until", "why")}
        db.execute(update(host).where(host.c.name == name).values(changed))


def rules(db: Connection, origin: str) -> Rules | None:
    """The robots.txt last heard from `origin` (`https://example.com`); it may be stale."""
    row = db.execute(select(host).where(host.c.name == origin)).one_or_none()
    if row is None or row.robots_at is None:
        return None
    return Rules(status=row.robots_status, body=row.robots, at=row.robots_at)


def keep_rules(db: Connection, origin: str, told: Rules) -> None:
    """Remembers the robots.txt of `origin`, in a row of its own: one host may speak over http and https."""
    values = {"robots": told.body, "robots_status": told.status, "robots_at": told.at}
    statement = upsert(db, host).values(name=origin, next_at=told.at, strikes=0, why="", **values)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def resting(db: Connection, at: datetime) -> dict[str, Host]:
    """The hosts that are left alone at the moment, by name."""
    wanted = select(host).where((host.c.closed_until > at) | (host.c.next_at > at + timedelta(seconds=PATIENCE_S)))
    return {
        row.name: Host(next_at=row.next_at, strikes=row.strikes, closed_until=row.closed_until, why=row.why)
        for row in db.execute(wanted.order_by(host.c.name))
    }
