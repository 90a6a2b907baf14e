"""Leads: headlines of news searches, each with the post of ours that tells the same story, if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from tanggap.records import Lead
from tanggap.store.dialects import chunks, upsert
from tanggap.store.tables import lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what a search shows our own sources brought too."""

    headlines: int
    matched: int
    #: Publishers of headlines we do not have, with how many, most first.
    missed: tuple[tuple[str, int], ...] = ()

    @property
    def share(self) -> float | None:
        """Matched headlines of all; None without any."""
        return self.matched / self.headlines if self.headlines else None


def add(db: Connection, found: Sequence[Lead]) -> int:
    """Stores leads, each once per (source, native_id); returns how many are new."""
    once = {(item.source, item.native_id): item for item in found}
    rows = [asdict(item) for item in once.values()]
    new = 0
    for part in chunks(rows, 500):
        statement = upsert(db, lead).values(list(part))
        fresh = statement.on_conflict_do_nothing(index_elements=["source", "native_id"]).returning(lead.c.id)
        new += len(db.execute(fresh).all())
    return new


def unmatched(db: Connection, since: datetime) -> dict[int, Lead]:
    """Leads published since a moment that no post of ours tells, by id, oldest first."""
    wanted = select(lead).where(lead.c.published_at >= since, lead.c.post.is_(None))
    return {
        row.id: Lead(
            source=row.source,
            native_id=row.native_id,
            title=row.title,
            publisher=row.publisher,
            url=row.url,
            published_at=row.published_at,
        )
        for row in db.execute(wanted.order_by(lead.c.published_at, lead.c.id))
    }


def match(db: Connection, posts: Mapping[int, int]) -> None:
    """Notes for leads, by id, which post tells their story."""
    for key, post in posts.items():
        db.execute(update(lead).where(lead.c.id == key).values(post=post))


def coverage(db: Connection, since: datetime) -> Coverage:
    """The share of headlines published since a moment that our own sources brought, and the publishers we miss."""
    young = lead.c.published_at >= since
    headlines, matched = db.execute(select(func.count(), func.count(lead.c.post)).where(young)).one()
    amount = func.count().label("amount")
    missing = select(lead.c.publisher, amount).where(young, lead.c.post.is_(None)).group_by(lead.c.publisher)
    rows = db.execute(missing.order_by(amount.desc(), lead.c.publisher))
    return Coverage(headlines=headlines, matched=matched, missed=tuple((row.publisher, row.amount) for row in rows))
