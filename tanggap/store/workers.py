"""The workers that live: each holds one slot by a row of its own and counts up in it as long as it breathes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, delete, func, select, update

from tanggap.store.dialects import upsert
from tanggap.store.job_tables import worker


@dataclass(frozen=True, slots=True)
class Slot:
    """A worker's place: no two live workers have one id, and the token tells an old holder from the new."""

    id: str
    token: str

    @property
    def holder(self) -> str:
        """This worker and no other, ever: the name under which it claims jobs."""
        return f"{self.id}.{self.token}"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What one look at a worker shows. A count that stands still means it is dead; no clock is asked."""

    slot: Slot
    beats: int
    started_at: datetime
    seen_at: datetime


#: Key of the advisory lock that lets one worker at a time hand on the jobs of dead ones.
HANDING_ON = 0x7461_6E69


def one_at_a_time(db: Connection) -> None:
    """Keeps others from handing on jobs until this transaction ends; SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(HANDING_ON)))


def take(db: Connection, host: str, at: datetime) -> Slot:
    """The first free slot of `host`: `host-1`, `host-2`, ... A dead worker's is free once its jobs were handed on."""
    for number in count(1):
        slot = Slot(f"{host}-{number}", secrets.token_hex(4))
        row = {"id": slot.id, "token": slot.token, "beats": 0, "started_at": at, "seen_at": at}
        taken = upsert(db, worker).values(row).on_conflict_do_nothing().returning(worker.c.id)
        if db.execute(taken).all():
            return slot
    raise AssertionError("count() never ends")


def beat(db: Connection, slot: Slot, at: datetime) -> bool:
    """One heartbeat; False when the slot was given away, because others thought this worker dead."""
    mine = (worker.c.id == slot.id) & (worker.c.token == slot.token)
    changed = update(worker).where(mine).values(beats=worker.c.beats + 1, seen_at=at).returning(worker.c.id)
    return bool(db.execute(changed).all())


def pulses(db: Connection) -> list[Pulse]:
    """Every worker there is, by id."""
    rows = db.execute(select(worker).order_by(worker.c.id))
    return [Pulse(Slot(row.id, row.token), row.beats, row.started_at, row.seen_at) for row in rows]


def free(db: Connection, slot: Slot) -> bool:
    """Gives a slot up; False when somebody did already. Until the transaction ends nobody else can free it."""
    mine = (worker.c.id == slot.id) & (worker.c.token == slot.token)
    return bool(db.execute(delete(worker).where(mine).returning(worker.c.id)).all())
