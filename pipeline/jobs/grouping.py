"""The job that forms issues: one pass over the window, in one transaction, done again when people were faster."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from pipeline.jobs.reopening import propose_reopening
from pipeline.jobs.surroundings import informed
from tanggap import __version__
from tanggap.city import City
from tanggap.desk import hooks
from tanggap.errors import ConflictError
from tanggap.issues.bonds import Bonds
from tanggap.issues.detect import Detection, Membership, detect
from tanggap.issues.priority import Ranking
from tanggap.records import (
    AuditEntry,
    EventKind,
    Issue,
    IssueEvent,
    Link,
    Reading,
    Status,
    StatusChange,
    SuggestionKind,
)
from tanggap.settings import Settings
from tanggap.store import Store, audit, issue_events, issues, scores, suggestions
from tanggap.store.dialects import one_writer

logger = logging.getLogger(__name__)

#: Who acts in the histories, and with which version in the log of identities.
MACHINE = "machine"
SIGNED = f"{MACHINE} {__version__}"
#: How a new issue is called while its pass is not written yet.
NEW = "new-"
#: What one pass suggests, and withdraws when it no longer holds.
KINDS = (SuggestionKind.JOIN, SuggestionKind.MERGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What one grouping pass changed."""

    opened: int
    linked: int
    merged: int


def group(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    """Finds issues among the relevant posts of the window and writes what changed, in one transaction.

    Whoever changes an issue meanwhile wins: the pass is done again on what he left.

    Closed issues that the public still complains about are then proposed for opening again.

    Raises:
        ConflictError: it happened three times in a row.
    """
    done = _group(store, city, settings, ranking)
    propose_reopening(store, city, settings)
    return done


def _group(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    for _ in range(2):
        try:
            return _group_once(store, city, settings, ranking)
        except ConflictError:
            logger.info("issues changed during a pass", extra={"action": "group"})
    return _group_once(store, city, settings, ranking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a grouping pass started from: links of the window, the living issue behind each, what people taught."""

    links: Mapping[int, Link]
    issues: Mapping[str, Issue]
    bonds: Bonds

    @classmethod
    def read(cls, db: Connection, start: datetime) -> Snapshot:
        """The links of posts since `start` and of older posts of open issues, and all bonds."""
        older = [link for link, _ in issues.open_members(db, start)]
        links = {link.post: link for link in [*older, *issues.links(db, start)]}
        taught, refused, curated = issue_events.bonds(db), suggestions.rejected(db), issue_events.curated(db)
        named = {name for item in taught for name in (item.issue, item.other) if name}
        named |= {name for said in refused for name in (said.issue, said.other) if name}
        alive = issues.living(db, {link.issue for link in links.values()} | named | curated)
        living = {name: issue.id for name, issue in alive.items()}
        return cls(links=links, issues=alive, bonds=Bonds.of(taught, refused, living, curated))

    def issue_of(self, reading: Reading) -> str | None:
        """The living issue a reading belongs to, by its link or because people said so."""
        key = reading.post.id or 0
        link = self.links.get(key)
        if link and link.issue in self.issues:
            return self.issues[link.issue].id
        return self.bonds.homes.get(key)


def _group_once(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    now = settings.now()
    start = now - timedelta(days=settings.issues.window_days)
    with store.read() as db:
        before = Snapshot.read(db, start)
        readings = [reading for _, reading in issues.open_members(db, start)]
        readings += scores.readings(db, start, now + timedelta(days=1), relevance=settings.issues.relevance)
        readings = with_chosen(readings, issues.chosen_members(db, start))
        ranking = informed(db, ranking, now)
    days: list[date] = []
    found = detect(
        readings,
        [before.issue_of(reading) for reading in readings],
        {issue.id: issue for issue in before.issues.values()},
        city=city,
        settings=settings.issues,
        ranking=ranking,
        now=now,
        next_id=partial(_provisional, days),
        bonds=before.bonds,
    )
    with store.write() as db:
        one_writer(db)
        if Snapshot.read(db, start) != before:
            raise ConflictError("Issues were changed during the grouping pass; run it again.")
        names = {f"{NEW}{number}": issues.next_id(db, day) for number, day in enumerate(days)}
        return _apply(db, found.renamed(names), readings, before, now)


def with_chosen(readings: Sequence[Reading], chosen: Sequence[Reading]) -> list[Reading]:
    """The readings with those that people put into issues though the machine saw no business of the city in them."""
    whole = {reading.post.id: reading for reading in (*readings, *chosen)}
    return sorted(whole.values(), key=lambda reading: (reading.post.published_at, reading.post.id or 0))


def _provisional(days: list[date], day: date) -> str:
    """A name for a new issue until the pass is written, so that a pass that dies takes no number."""
    days.append(day)
    return f"{NEW}{len(days) - 1}"


def _apply(db: Connection, found: Detection, readings: Sequence[Reading], before: Snapshot, now: datetime) -> Grouped:
    existing = {issue.id: issue for issue in before.issues.values()}
    fresh = [issue for issue in found.issues if issue.id not in existing]
    joined = [_link(member, readings) for member in found.memberships]
    changed = [link for link in joined if link.post not in before.links or before.links[link.post].issue != link.issue]
    came = [link for link in changed if link.post not in before.links]
    for issue in fresh:
        _open(db, issue, now)
    for issue in found.issues:
        if issue.id in existing:
            issues.refresh(db, issue)
    issues.link(db, changed)
    _log_joined(db, came, {issue.id for issue in fresh}, now)
    for loser, survivor in found.merged.items():
        posts = tuple(key for key, link in before.links.items() if link.issue == loser)
        _merge(db, existing[loser], survivor, posts, now)
    suggestions.offer(db, found.suggestions, kinds=KINDS)
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


def _log_joined(db: Connection, came: Sequence[Link], fresh: Collection[str], now: datetime) -> None:
    """Notes which posts each issue began with or got."""
    posts: dict[str, list[int]] = {}
    for link in came:
        posts.setdefault(link.issue, []).append(link.post)
    for name, keys in posts.items():
        kind = EventKind.OPENED if name in fresh else EventKind.JOINED
        issue_events.add(db, IssueEvent(kind=kind, issue=name, posts=tuple(keys), at=now, by=SIGNED))


def _open(db: Connection, issue: Issue, now: datetime) -> None:
    issues.add(db, issue)
    issues.add_change(db, StatusChange(issue=issue.id, at=now, by=MACHINE, before=None, after=Status.DETECTED))
    what = {"title": issue.title, "priority": issue.priority.value, "posts": issue.posts}
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.open", subject=issue.id, after=what))
    hooks.announce(db, None, issue, now)


def _merge(db: Connection, loser: Issue, survivor: str, posts: tuple[int, ...], now: datetime) -> None:
    """Lets an issue live on in another."""
    merged = issues.update(db, loser.evolve(status=Status.MERGED, status_at=now, merged_into=survivor))
    change = StatusChange(issue=loser.id, at=now, by=MACHINE, before=loser.status, after=Status.MERGED, note=survivor)
    issues.add_change(db, change)
    event = IssueEvent(
        kind=EventKind.MERGED,
        issue=loser.id,
        other=survivor,
        posts=posts,
        at=now,
        by=SIGNED,
        before=loser.status.value,
        after=Status.MERGED.value,
    )
    issue_events.add(db, event)
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.merge", subject=loser.id, after={"into": survivor}))
    hooks.announce(db, loser, merged, now)
