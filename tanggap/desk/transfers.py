"""Carries posts from one issue to another or into a new one, counts anew, and writes the event that tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.desk import hooks
from tanggap.errors import RuleError
from tanggap.issues.detect import counted, describe
from tanggap.records import Bond, BondKind, EventKind, Issue, IssueEvent, Link, Reading, Status, StatusChange
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


def part(
    db: Connection, issue: Issue, leaving: Sequence[Link], by: str, at: datetime, city: City, title: str = ""
) -> Issue:
    """Makes an issue of its own out of some posts of `issue`, which is to be counted anew; gives back the new one.

    It is accepted if the old one is, and has its priority until it is ranked. The two are never merged again by the
    machine.

    Args:
        by: a user name, or what the machine signs with.

    Raises:
        RuleError: none of the posts is understood yet.
    """
    child = _child(db, issue, leaving, at, city)
    status = Status.DETECTED if issue.status is Status.DETECTED else Status.WAITING
    ranked = {"priority": issue.priority, "score": issue.score, "reasons": issue.reasons}
    child = child.evolve(status=status, title=title or child.title, **ranked)
    issues.add(db, child)
    who = issue_events.MACHINE if by.startswith(issue_events.MACHINE) else by
    posts = carry(db, leaving, child.id, who)
    event = IssueEvent(kind=EventKind.SPLIT, issue=issue.id, other=child.id, posts=posts, at=at, by=by)
    number = issue_events.add(db, event)
    issue_events.bind(db, [Bond(kind=BondKind.CANNOT, issue=issue.id, other=child.id, event=number)])
    issues.add_change(db, StatusChange(issue=child.id, at=at, by=who, before=None, after=status))
    hooks.announce(db, None, child, at)
    return child


def _child(db: Connection, parent: Issue, leaving: Sequence[Link], at: datetime, city: City) -> Issue:
    """The issue that the posts which leave would be."""
    keys = {link.post: link for link in leaving}
    readings = [reading for reading in members(db, parent.id)[0] if reading.post.id in keys]
    if not readings:
        raise RuleError("Kiriman yang dipilih belum dibaca mesin; jalankan `tanggap process` lebih dahulu.")
    copies = {place for place, reading in enumerate(readings) if keys[reading.post.id or 0].copy_of is not None}
    told = Counter(reading.score.topic for reading in readings if reading.score.topic)
    topic = told.most_common(1)[0][0] if told else parent.topic
    name = issues.next_id(db, city_day(min(reading.post.published_at for reading in readings)))
    return describe(name, None, topic, readings, copies, city=city, now=at)


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
