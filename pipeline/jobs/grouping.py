"""The job that forms issues: one pass over the window, in one transaction, done again when people were faster."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.errors import ConflictError
from tanggap.issues.detect import Detection, Membership, detect
from tanggap.issues.priority import Ranking
from tanggap.records import AuditEntry, Issue, Link, Reading, Status, StatusChange
from tanggap.settings import Settings
from tanggap.store import Store, audit, issues, scores
from tanggap.store.dialects import one_writer

logger = logging.getLogger(__name__)

MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What one grouping pass changed."""

    opened: int
    linked: int
    merged: int


def group(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    """Finds issues among the relevant posts of the window and writes what changed, in one transaction.

    Whoever changes an issue meanwhile wins: the pass is done again on what he left.

    Raises:
        ConflictError: it happened three times in a row.
    """
    for _ in range(2):
        try:
            return _group_once(store, city, settings, ranking)
        except ConflictError:
            logger.info("issues changed during a pass", extra={"action": "group"})
    return _group_once(store, city, settings, ranking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a grouping pass started from: links of the window, and the living issue behind each link."""

    links: Mapping[int, Link]
    issues: Mapping[str, Issue]

    @classmethod
    def read(cls, db: Connection, start: datetime) -> Snapshot:
        """The links of posts since `start` and of older posts of open issues."""
        older = [link for link, _ in issues.open_members(db, start)]
        links = {link.post: link for link in [*older, *issues.links(db, start)]}
        alive = {name: issues.get(db, name) for name in {link.issue for link in links.values()}}
        return cls(links=links, issues={name: issue for name, issue in alive.items() if issue is not None})

    def issue_of(self, reading: Reading) -> str | None:
        """The living issue a reading belongs to."""
        link = self.links.get(reading.post.id or 0)
        return self.issues[link.issue].id if link and link.issue in self.issues else None


def _group_once(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    now = settings.now()
    start = now - timedelta(days=settings.issues.window_days)
    with store.read() as db:
        before = Snapshot.read(db, start)
        readings = [reading for _, reading in issues.open_members(db, start)]
        readings += scores.readings(db, start, now + timedelta(days=1), relevance=settings.issues.relevance)
    found = detect(
        readings,
        [before.issue_of(reading) for reading in readings],
        {issue.id: issue for issue in before.issues.values()},
        city=city,
        settings=settings.issues,
        ranking=ranking,
        now=now,
        next_id=partial(_next_id, store),
    )
    with store.write() as db:
        one_writer(db)
        if Snapshot.read(db, start) != before:
            raise ConflictError("Issues were changed during the grouping pass; run it again.")
        return _apply(db, found, readings, before, now)


def _next_id(store: Store, day: date) -> str:
    with store.write() as db:
        return issues.next_id(db, day)


def _apply(db: Connection, found: Detection, readings: Sequence[Reading], before: Snapshot, now: datetime) -> Grouped:
    existing = {issue.id: issue for issue in before.issues.values()}
    fresh = [issue for issue in found.issues if issue.id not in existing]
    joined = [_link(member, readings) for member in found.memberships]
    changed = [link for link in joined if link.post not in before.links or before.links[link.post].issue != link.issue]
    for issue in fresh:
        _open(db, issue, now)
    for issue in found.issues:
        if issue.id in existing:
            issues.refresh(db, issue)
    issues.link(db, changed)
    for loser, survivor in found.merged.items():
        _merge(db, existing[loser], survivor, now)
    return Grouped(opened=len(fresh), linked=len(changed), merged=len(found.merged))


def _link(member: Membership, readings: Sequence[Reading]) -> Link:
    post = readings[member.position].post.id
    original = None if member.copy_of is None else readings[member.copy_of].post.id
    return Link(
        post=post or 0,
        issue=member.issue,
        similarity=member.similarity,
        copy_of=original,
        suggested=member.suggested,
    )


def _open(db: Connection, issue: Issue, now: datetime) -> None:
    issues.add(db, issue)
    issues.add_change(db, StatusChange(issue=issue.id, at=now, by=MACHINE, before=None, after=Status.DETECTED))
    what = {"title": issue.title, "priority": issue.priority.value, "posts": issue.posts}
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.open", subject=issue.id, after=what))


def _merge(db: Connection, loser: Issue, survivor: str, now: datetime) -> None:
    """Lets an issue live on in another."""
    issues.update(db, loser.evolve(status=Status.MERGED, status_at=now, merged_into=survivor))
    change = StatusChange(issue=loser.id, at=now, by=MACHINE, before=loser.status, after=Status.MERGED, note=survivor)
    issues.add_change(db, change)
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.merge", subject=loser.id, after={"into": survivor}))
