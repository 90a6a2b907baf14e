"""The job that forms issues: one pass over the window, in one transaction, done again when people were faster."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from pipeline.jobs.dividing import divide
from pipeline.jobs.reopening import propose_reopening
from pipeline.jobs.surroundings import informed
from pipeline.jobs.windows import HELD, Ground, Opened, Scope, opened
from tanggap import __version__
from tanggap.city import City
from tanggap.desk import hooks
from tanggap.errors import ConflictError
from tanggap.issues.detect import Detection, Membership, Scene, merged_issues, tell
from tanggap.issues.priority import Ranking
from tanggap.issues.suggestions import suggestions
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
from tanggap.store import Store, audit, changes, issue_events, issues, placements
from tanggap.store.dialects import one_writer
from tanggap.store.placements import Progress
from tanggap.store.suggestions import offer

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
    #: Whether clusters were compared with each other too, which is not done in every pass.
    compared: bool = False


def group(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    """Finds issues among the relevant posts of the window and writes what changed, in one transaction.

    Whoever changes an issue meanwhile wins: the pass is done again on what he left.

    Issues that outgrew their last look are then taken apart where they hold two, and closed ones that the public still
    complains about are proposed for opening again.

    Raises:
        ConflictError: it happened three times in a row.
    """
    with store.read() as db:
        last = issue_events.newest(db)
    done = _group(store, city, settings, ranking)
    held = HELD.get(store)
    divide(store, city, settings, since=last, told=held.grouper.told if held else None)
    if done.compared:
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
class Before:
    """What the store holds of all that a pass may change: readings by position, and issues and links as they are."""

    readings: Mapping[int, Reading]
    issues: Mapping[str, Issue]
    links: Mapping[int, Link]

    @classmethod
    def read(cls, db: Connection, found: Opened, keys: Collection[int], lost: Collection[str]) -> Before:
        """What clusters are made of, the issues that they are, and those that were merged away."""
        window, grouper = found.window, found.window.grouper
        missing = {at for key in keys for at in grouper.index.members(key)} - found.readings.keys()
        read = placements.readings(db, [window.posts[at] for at in missing])
        named = {name for key in keys if (name := grouper.issue_of(key))} | set(lost)
        return cls(
            readings=found.readings | {at: read[window.posts[at]] for at in missing},
            issues={issue.id: issue for issue in issues.living(db, named).values()},
            links={link.post: link for link in issues.links_of(db, *named)},
        )


def _group_once(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    now = settings.now()
    scope, held = Scope.of(city, settings, now), HELD.pop(store, None)
    with store.read() as db:
        ground = Ground.read(db, scope.start)
        found = opened(db, held, ground, scope)
        window, merging = found.window, found.window.due(now)
        names = window.grouper.issues()
        moves = window.consolidate(now)
        keys = window.touched | (window.aged(ground.states, now) if merging else set())
        before = Before.read(db, found, keys, {names[lost] for lost in moves if lost in names})
        ranking = informed(db, ranking, now)
    days: list[date] = []
    curated, next_id = ground.bonds.curated, partial(_provisional, days)
    scene = Scene(city=city, settings=settings.issues, ranking=ranking, now=now, next_id=next_id, curated=curated)
    told, memberships = tell(window.grouper, keys, before.readings, before.issues, scene)
    window.told(told, now)
    detection = Detection(
        issues=tuple(told),
        memberships=tuple(memberships),
        merged=merged_issues(moves, names, window.grouper.issues()),
        suggestions=tuple(suggestions(window.grouper, window.posts, city, now)) if merging else (),
    )
    with store.write() as db:
        one_writer(db)
        if Ground.read(db, scope.start) != ground:
            raise ConflictError("Issues were changed during the grouping pass; run it again.")
        fresh = {f"{NEW}{number}": issues.next_id(db, day) for number, day in enumerate(days)}
        detection = detection.renamed(fresh)
        done = replace(_apply(db, detection, before, window.posts, now), compared=merging)
        if merging:
            offer(db, detection.suggestions, kinds=KINDS)
        progress, states = _keep(db, found), placements.states(db, scope.start)
    window.settle(progress, states, fresh)
    HELD[store] = window
    return done


def _keep(db: Connection, found: Opened) -> Progress:
    """Writes where posts stand now, and how far the store was read."""
    placements.forget(db, found.gone)
    placements.put(db, found.window.rows())
    changes.settle(db, found.read_to)
    progress = found.window.ended()
    placements.advance(db, progress)
    return progress


def _provisional(days: list[date], day: date) -> str:
    """A name for a new issue until the pass is written, so that a pass that dies takes no number."""
    days.append(day)
    return f"{NEW}{len(days) - 1}"


def _apply(db: Connection, found: Detection, before: Before, posts: Sequence[int], now: datetime) -> Grouped:
    existing = before.issues
    fresh = [issue for issue in found.issues if issue.id not in existing]
    joined = [_link(member, posts) for member in found.memberships]
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
        lost = tuple(key for key, link in before.links.items() if link.issue == loser)
        _merge(db, existing[loser], survivor, lost, now)
    return Grouped(opened=len(fresh), linked=len(changed), merged=len(found.merged))


def _link(member: Membership, posts: Sequence[int]) -> Link:
    return Link(
        post=posts[member.position],
        issue=member.issue,
        similarity=member.similarity,
        copy_of=None if member.copy_of is None else posts[member.copy_of],
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
