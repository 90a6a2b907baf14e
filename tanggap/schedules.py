"""A schedule and a run of a job, as screens and workers know them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tanggap.cron import JAKARTA, Cron
from tanggap.errors import UsageError
from tanggap.records import Record, Source

#: The job that reads a source.
CRAWL = "crawl"
#: Who edits what nobody edited.
MACHINE = "machine"
#: Sources start up to so many seconds late, so that not all begin at once; those read by the second do not.
JITTER_S = 20
FIELDS = 5


class CatchUp(StrEnum):
    """What happens to slots that went by while no worker lived."""

    SKIP = "skip"
    LATEST = "latest"
    ALL = "all"


class State(StrEnum):
    """Where a run of a job stands."""

    ASKED = "asked"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    SET_ASIDE = "set_aside"
    CANCELLED = "cancelled"


#: Over, for good or ill.
ENDED = frozenset({State.DONE, State.SKIPPED, State.SET_ASIDE, State.CANCELLED})

LABELS: Mapping[State, str] = {
    State.ASKED: "menunggu",
    State.QUEUED: "antre",
    State.RUNNING: "berjalan",
    State.DONE: "selesai",
    State.SKIPPED: "dilewati",
    State.SET_ASIDE: "disisihkan",
    State.CANCELLED: "dibatalkan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Record):
    """When one job runs by itself."""

    name: str
    job: str
    #: The one id the job is told, for example of a source; "" where it needs none.
    argument: str = ""
    cron: str
    timezone: str = JAKARTA
    #: "22:00-05:00" in its time zone, or "".
    quiet: str = ""
    #: Slots start up to so many seconds late, each by its own lot, so that not all begin at once.
    jitter_s: int = 0
    catch_up: CatchUp = CatchUp.LATEST
    paused: bool = False
    #: Slots up to here are decided.
    decided_to: datetime
    edited_by: str
    edited_at: datetime

    @classmethod
    def of_source(cls, source: Source, at: datetime) -> Schedule:
        """The schedule of a source that declares when it is read; nobody has edited it."""
        seconds = len(source.schedule.split()) > FIELDS
        return cls(
            name=f"crawl-{source.id}",
            job=CRAWL,
            argument=source.id,
            cron=source.schedule,
            jitter_s=0 if seconds else JITTER_S,
            decided_to=at,
            edited_by=MACHINE,
            edited_at=at,
        )

    @property
    def clock(self) -> Cron:
        """Its slots and its reading."""
        return Cron(self.cron, self.timezone, self.quiet)

    def check(self, now: datetime) -> None:
        """Refuses a schedule that cannot work; UsageError says why."""
        if not self.name or any(letter in self.name for letter in "@#/ \t\n"):
            raise UsageError(f"`{self.name}` is no name for a schedule; use letters, digits, - and _.")
        if self.jitter_s < 0:
            raise UsageError("Jitter cannot be negative; give seconds, 0 for none.")
        self.clock.check(now)

    def run_id(self, slot: datetime) -> str:
        """The one id that a run of this slot can have, so that no slot runs twice."""
        return f"{self.name}@{slot:%Y%m%dT%H%M%SZ}"

    def due(self, slot: datetime) -> datetime:
        """The slot with its jitter; the same for everybody who asks."""
        lot = zlib.crc32(self.run_id(slot).encode()) % (self.jitter_s + 1)
        return slot + timedelta(seconds=lot)

    def run(self, slot: datetime, now: datetime, by: str) -> JobRun:
        """The run that a slot asks for."""
        return JobRun(
            id=self.run_id(slot),
            job=self.job,
            argument=self.argument,
            schedule=self.name,
            slot=slot,
            by=by,
            state=State.ASKED,
            asked_at=now,
            due_at=max(now, self.due(slot)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun(Record):
    """One run of a job: asked for, running, or over."""

    id: str
    job: str
    argument: str = ""
    #: The schedule and slot it belongs to; "" and None when somebody or another job asked.
    schedule: str = ""
    slot: datetime | None = None
    by: str = ""
    state: State
    asked_at: datetime
    #: Not before.
    due_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: Number of the present or last try.
    attempt: int = 1
    #: Tries that ended in an error of its own, and tries whose worker died.
    failures: int = 0
    crashes: int = 0
    worker: str = ""
    #: Progress of a running job; total 0 is unknown.
    done: int = 0
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    cost_usd: float = 0.0
    #: Why it was skipped, set aside or tried again; one sentence.
    reason: str = ""
    #: Its last log lines.
    log: str = ""

    @property
    def lasted(self) -> timedelta | None:
        """How long the last try took."""
        return self.ended_at - self.started_at if self.started_at and self.ended_at else None
