"""The job that ends retention: texts past their time are emptied, what they were counted as stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.records import AuditEntry, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, audit, retention, sources

#: Posts emptied in one transaction.
PART = 500
MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What retention did, or would do, to one source."""

    source: str
    #: Days its texts are kept, and how many texts were older.
    days: int
    emptied: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What retention did, or would do."""

    sources: tuple[Kept, ...]
    #: Records set aside unread, and headlines of discovery, that were older.
    samples: int
    leads: int


def retain(store: Store, settings: Settings, *, only: Sequence[str] = (), dry_run: bool = False) -> Purged:
    """Empties every text older than its source allows, part by part; killed, it goes on where it was.

    Args:
        only: ids of the sources to look at; all when empty, and then also what belongs to none.
        dry_run: count, change nothing.
    """
    now = settings.now()
    with store.read() as db:
        chosen = [source for source in sources.all_sources(db) if not only or source.id in only]
    done = tuple(_retain(store, source, days_of(source, settings), now, dry_run) for source in chosen)
    if only:
        return Purged(sources=done, samples=0, leads=0)
    raw = now - timedelta(days=settings.retention.raw_days)
    masked = now - timedelta(days=settings.retention.masked_text_days)
    with store.read() if dry_run else store.write() as db:
        samples = retention.old_samples(db, raw, dry_run=dry_run)
        leads = retention.old_leads(db, masked, dry_run=dry_run)
    return Purged(sources=done, samples=samples, leads=leads)


def days_of(source: Source, settings: Settings) -> int:
    """Days the texts of a source are kept: its own, else the installation's, which are fewer for X."""
    usual = settings.retention.raw_days if source.kind is SourceKind.X else settings.retention.masked_text_days
    return source.retention_days or usual


def _retain(store: Store, source: Source, days: int, now: datetime, dry_run: bool) -> Kept:
    before, emptied = now - timedelta(days=days), 0
    if dry_run:
        with store.read() as db:
            return Kept(source=source.id, days=days, emptied=retention.waiting(db, source.id, before))
    while True:
        with store.write() as db:
            part = retention.blank(db, source.id, before, at=now, limit=PART)
            if part:
                what = {"posts": part, "days": days}
                entry = AuditEntry(at=now, by=MACHINE, action="post.blank", subject=source.id, after=what)
                audit.add(db, entry)
        emptied += part
        if part < PART:
            return Kept(source=source.id, days=days, emptied=emptied)
