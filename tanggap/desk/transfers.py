"""Carries posts from one issue to another, counts both anew, and writes the event that tells of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.issues.detect import counted
from tanggap.records import Bond, BondKind, EventKind, Issue, IssueEvent, Link, Reading, Status
from tanggap.store import issue_events, issues

#: Members read to count an issue anew; more than any issue of a city has had.
ALL = 1_000_000


def members(db: Connection, issue_id: str) -> tuple[list[Reading], set[int]]:
    """The readings of an issue, oldest first, and which of them are copies."""
    rows = issues.members(db, issue_id, limit=ALL)[::-1]
    return [reading for _, reading in rows], {at for at, (link, _) in enumerate(rows) if link.copy_of is not None}


def recounted(db: Connection, issue: Issue, city: City) -> Issue:
    """The issue with the numbers its posts make now; an empty one keeps its times and has no posts.

    A place that a person gave it stays.
    """
    readings, copies = members(db, issue.id)
    if not readings:
        return issue.evolve(posts=0, accounts=0, news=0, reach=0, negative=0)
    facts = counted(readings, copies, city)
    if issues.fixed_area(db, issue.id):
        facts = {name: value for name, value in facts.items() if name not in ("areas", "place")}
    return issue.evolve(**facts)


def with_copies(links: Sequence[Link], chosen: Collection[int]) -> list[Link]:
    """The links of chosen posts and of their copies: the same words go the same way."""
    return [link for link in links if link.post in chosen or link.copy_of in chosen]


def carry(db: Connection, links: Sequence[Link], to: str, by: str) -> tuple[int, ...]:
    """Puts posts into an issue as a person's word, and gives their numbers."""
    issues.link(db, [link.evolve(issue=to, by=by, suggested=False) for link in links])
    return tuple(link.post for link in links)


def absorb(db: Connection, issue: Issue, target: Issue, by: str, at: datetime, city: City) -> None:
    """Lets `target` take over the posts of `issue`, remembers that they are one, and counts the target anew."""
    mine = issues.links_of(db, issue.id)
    issues.link(db, [link.evolve(issue=target.id) for link in mine])
    event = IssueEvent(
        kind=EventKind.MERGED,
        issue=issue.id,
        other=target.id,
        posts=tuple(link.post for link in mine),
        at=at,
        by=by,
        before=issue.status.value,
        after=Status.MERGED.value,
    )
    number = issue_events.add(db, event)
    issue_events.bind(db, [Bond(kind=BondKind.MUST, issue=target.id, other=issue.id, event=number)])
    issues.update(db, recounted(db, target, city))
