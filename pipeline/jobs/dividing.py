"""The job that takes issues apart which the machine put together wrongly, or proposes it where people must decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from tanggap import __version__
from tanggap.city import City
from tanggap.desk.transfers import members, part, recounted, with_copies
from tanggap.issues.index import Told
from tanggap.issues.parts import Part, parts
from tanggap.records import (
    AuditEntry,
    Decided,
    EventKind,
    Issue,
    Link,
    Reading,
    Status,
    Suggestion,
    SuggestionKind,
)
from tanggap.settings import Settings
from tanggap.store import Store, audit, issue_events, issues, suggestions
from tanggap.store.dialects import one_writer

#: With which version the machine signs the log of identities.
SIGNED = f"{issue_events.MACHINE} {__version__}"
#: An issue is looked at again whenever it has grown this many times: what that costs in all stays in proportion.
GROWTH = 1.25
#: What adds posts to an issue.
CAME = (EventKind.OPENED, EventKind.JOINED)


#: The parts of readings, sure ones or all.
Parting = Callable[..., list[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An issue, its posts, and what is to be done about it."""

    issue: Issue
    links: Sequence[Link]
    #: The posts and reasons of parts that surely are issues of their own, and of those that people must look at.
    sure: Sequence[tuple[tuple[int, ...], Part]] = ()
    unsure: Sequence[tuple[tuple[int, ...], Part]] = ()


def divide(
    store: Store, city: City, settings: Settings, *, since: int = 0, told: Callable[[Reading], Told] | None = None
) -> int:
    """Takes apart what surely is two issues, and suggests what people must decide; returns how many were opened.

    The largest part keeps the identity. An issue that people touched is never split by the machine, and neither is
    what they refused or took back before. Whoever changes an issue meanwhile wins.

    Args:
        since: the event after which issues are looked at that have outgrown their last look; 0 for all.
        told: makes a text ready with the weights of the whole window.
    """
    parting = partial(parts, city=city, settings=settings.issues, told=told)
    with store.read() as db:
        curated = issue_events.curated(db)
        looked = [_look(db, issue, parting, curated) for issue in _grown(db, since)]
    if not looked:
        return 0
    with store.write() as db:
        one_writer(db)
        done = sum(_split(db, one, city, settings) for one in looked if one.sure)
        _offer(db, looked, settings)
    return done


def _grown(db: Connection, since: int) -> list[Issue]:
    """Open issues that have `GROWTH` times more posts than before, or grew over a power of it."""
    came: Counter[str] = Counter()
    for event in issue_events.since(db, since):
        home = event.issue if event.kind in CAME else event.other if event.kind is EventKind.MERGED else None
        if home is not None:
            came[home] += len(event.posts)
    living = {issue.id: issue for issue in issues.living(db, came).values()}
    return [
        issue
        for name, issue in sorted(living.items())
        if name in came and issue.status not in issues.CLOSED and _outgrown(issue.posts - came[name], issue.posts)
    ]


def _outgrown(before: int, now: int) -> bool:
    """Whether a size between two is a whole power of `GROWTH`."""
    limit = 1.0
    while limit <= max(before, 0):
        limit *= GROWTH
    return now >= limit


def _look(db: Connection, issue: Issue, parting: Parting, curated: Collection[str]) -> Looked:
    """An issue with its parts, without those that people refused; they decide where they touched it."""
    readings, _ = members(db, issue.id)
    refused = _refused(db, issue.id)

    def found(*, sure: bool) -> list[tuple[tuple[int, ...], Part]]:
        told = [(tuple(readings[at].post.id or 0 for at in one.members), one) for one in parting(readings, sure=sure)]
        return [(posts, one) for posts, one in told if refused.isdisjoint(posts)]

    free = issue.version == 1 and issue.status is Status.DETECTED and issue.id not in curated
    sure = found(sure=True) if free and readings else []
    unsure = found(sure=False) if not sure and readings else []
    return Looked(issue=issue, links=issues.links_of(db, issue.id), sure=sure, unsure=unsure)


def _refused(db: Connection, issue: str) -> set[int]:
    """Posts that people said belong to an issue when the machine thought otherwise."""
    told = [
        item.posts
        for item in suggestions.of(db, issue)
        if item.kind is SuggestionKind.SPLIT and item.state is Decided.REJECTED
    ]
    told += [
        event.posts for event in issue_events.log(db, issue) if event.undoes and event.note == EventKind.SPLIT.value
    ]
    return {post for posts in told for post in posts}


def _split(db: Connection, one: Looked, city: City, settings: Settings) -> int:
    """Makes issues of the parts, unless somebody changed the issue meanwhile; how many."""
    issue, now = issues.exact(db, one.issue.id), settings.now()
    if issue != one.issue or issues.links_of(db, issue.id) != one.links:
        return 0
    for posts, piece in one.sure:
        leaving = with_copies(issues.links_of(db, issue.id), posts)
        child = part(db, issue, leaving, SIGNED, now, city)
        what = {"new": child.id, "posts": [link.post for link in leaving], "reason": piece.reason}
        audit.add(db, AuditEntry(at=now, by=issue_events.MACHINE, action="issue.split", subject=issue.id, after=what))
    issues.refresh(db, recounted(db, issue, city))
    return len(one.sure)


def _offer(db: Connection, looked: Sequence[Looked], settings: Settings) -> None:
    """Suggests the parts that people must decide on; what was suggested of other issues stays."""
    told = [
        Suggestion(
            kind=SuggestionKind.SPLIT,
            issue=one.issue.id,
            posts=posts,
            likeness=piece.likeness,
            reason=piece.reason,
            at=settings.now(),
        )
        for one in looked
        for posts, piece in one.unsure
    ]
    names = {one.issue.id for one in looked}
    others = [s for s in suggestions.open_ones(db) if s.kind is SuggestionKind.SPLIT and s.issue not in names]
    suggestions.offer(db, [*told, *others], kinds=(SuggestionKind.SPLIT,))
