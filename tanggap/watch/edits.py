"""Edits of sources by people: stored, written into the audit trail, and followed by their schedule."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from tanggap.declarations import differences
from tanggap.records import AuditEntry, Source
from tanggap.schedules import CRAWL, Schedule
from tanggap.store import audit, schedules, sources


def add(db: Connection, item: Source, by: str, at: datetime) -> None:
    """Stores a source that no file declares."""
    sources.put(db, item, by=by, at=at)
    what = {"kind": item.kind.value, "title": item.title, "address": item.address, "query": item.query}
    audit.add(db, AuditEntry(at=at, by=by, action="source.add", subject=item.id, after=what))
    follow(db, item, by, at)


def edit(db: Connection, before: Source, after: Source, by: str, at: datetime, *, action: str = "source.edit") -> bool:
    """Stores an edited source; False when nothing differs. From then on the file no longer changes it."""
    old, new = differences(before, after)
    if not new:
        return False
    sources.put(db, after, by=by, at=at)
    audit.add(db, AuditEntry(at=at, by=by, action=action, subject=after.id, before=old, after=new))
    if {"schedule", "enabled"} & new.keys():
        follow(db, after, by, at)
    return True


def restore(db: Connection, before: Source, declared: Source, by: str, at: datetime) -> bool:
    """Makes a source again what its file declares; False when it was nothing else."""
    edited = before.id in sources.edits(db)
    old, new = differences(before, declared)
    sources.put(db, declared.evolve(verified=before.verified and before.address == declared.address))
    if edited:
        audit.add(db, AuditEntry(at=at, by=by, action="source.restore", subject=before.id, before=old, after=new))
    if "schedule" in new:
        follow(db, declared, by, at)
    return edited


def follow(db: Connection, item: Source, by: str, at: datetime) -> None:
    """Lets the schedules that crawl the source run when it says now; one without a schedule loses them.

    A source in use that says when it is read for the first time has its schedule at once.
    """
    mine = [each for each in schedules.every(db) if each.job == CRAWL and each.argument == item.id]
    for each in mine:
        if not item.schedule:
            schedules.remove(db, each.name)
        elif each.cron != item.schedule:
            schedules.put(db, each.evolve(cron=item.schedule, edited_by=by, edited_at=at))
    if not mine and item.enabled and item.schedule:
        schedules.add_missing(db, Schedule.of_source(item, at))
