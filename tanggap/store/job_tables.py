"""The tables of schedules and jobs: what shall run when, every run there was, the workers, and how fresh posts were."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from tanggap.store.tables import Json, Key, Moment, metadata

schedule = Table(
    "schedule",
    metadata,
    Column("name", Text, primary_key=True),
    Column("job", Text, nullable=False),
    Column("argument", Text, nullable=False),
    Column("cron", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("jitter_s", Integer, nullable=False),
    Column("catch_up", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    #: Slots up to here are decided: run or skipped.
    Column("decided_to", Moment, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("edited_at", Moment, nullable=False),
)

job_run = Table(
    "job_run",
    metadata,
    #: `schedule@slot` for a slot, so that no slot can be taken twice; else the job's name and a random part.
    Column("id", Text, primary_key=True),
    Column("job", Text, nullable=False),
    Column("argument", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("slot", Moment),
    Column("by", Text, nullable=False),
    Column("state", Text, nullable=False),
    #: Job and argument while another run of the same would be one too many; empty afterwards.
    Column("holds", Text, unique=True),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("counts", Json, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("log", Text, nullable=False),
    Index(None, "state", "due_at"),
    Index(None, "schedule", "asked_at"),
    Index(None, "job", "argument", "asked_at"),
    Index(None, "asked_at"),
)

#: A worker that lives counts up; one whose count stands still is dead, whatever any clock says.
worker = Table(
    "worker",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token", Text, nullable=False),
    Column("beats", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

#: When a post that was published lately could first be seen on the queue and the boards.
freshness = Table(
    "freshness",
    metadata,
    Column("post", Key, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("visible_at", Moment, nullable=False, index=True),
    #: Seconds from publishing to collecting, and to visible.
    Column("collect_s", Float, nullable=False),
    Column("visible_s", Float, nullable=False),
)
