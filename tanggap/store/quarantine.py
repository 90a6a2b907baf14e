"""Records that could not be read, set aside with their reason for an analyst to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tanggap.records import CrawlRun
from tanggap.store.dialects import chunks
from tanggap.store.tables import quarantine

#: Records kept of one run; a payload that is broken throughout needs no more to be understood.
KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One record that could not be read."""

    source: str
    run: int
    at: datetime
    #: Where it stood and what was wrong.
    told: str
    #: The record as it came, masked and clipped.
    sample: str


def add(db: Connection, run: CrawlRun, at: datetime, found: Sequence[tuple[str, str]]) -> None:
    """Sets (reason, sample) pairs of one run aside, up to KEPT of them."""
    there = len(entries(db, run.source, run=run.id))
    rows = [
        {"source": run.source, "run": run.id, "at": at, "told": told, "sample": sample}
        for told, sample in found[: max(0, KEPT - there)]
    ]
    if rows:
        db.execute(insert(quarantine), rows)


def entries(db: Connection, source: str, *, run: int | None = None, limit: int = KEPT) -> list[Broken]:
    """What was set aside of `source`, newest first."""
    wanted = select(quarantine).where(quarantine.c.source == source)
    if run is not None:
        wanted = wanted.where(quarantine.c.run == run)
    rows = db.execute(wanted.order_by(quarantine.c.id.desc()).limit(limit))
    return [Broken(source=r.source, run=r.run, at=r.at, told=r.told, sample=r.sample) for r in rows]


def forget(db: Connection, words: Collection[str], *, source: str | None = None) -> int:
    """Deletes what mentions one of `words` (native ids, handles) as a whole word; returns how many records."""
    if not words:
        return 0
    mention = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    wanted = select(quarantine.c.id, quarantine.c.told, quarantine.c.sample)
    rows = db.execute(wanted if source is None else wanted.where(quarantine.c.source == source))
    found = [row.id for row in rows if mention.search(f"{row.told}\n{row.sample}")]
    for part in chunks(found):
        db.execute(delete(quarantine).where(quarantine.c.id.in_(part)))
    return len(found)
