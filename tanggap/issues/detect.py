"""One pass over a window of readings: which issues exist now, who belongs to them, how they rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.issues.clusters import Cluster
from tanggap.issues.group import Decision, Grouper, shows, voices
from tanggap.issues.places import label
from tanggap.issues.priority import Ranking, rank
from tanggap.issues.titles import title
from tanggap.records import Issue, PostKind, Reading, Status
from tanggap.settings import IssuesSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Reading number `position` belongs to `issue`."""

    position: int
    issue: str
    similarity: float
    #: Position of the reading it copies.
    copy_of: int | None = None
    suggested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What one pass found. `merged` maps an issue to the one that it lives on in."""

    issues: tuple[Issue, ...]
    memberships: tuple[Membership, ...]
    merged: Mapping[str, str]


def detect(
    readings: Sequence[Reading],
    belongs: Sequence[str | None],
    existing: Mapping[str, Issue],
    *,
    city: City,
    settings: IssuesSection,
    ranking: Ranking,
    now: datetime,
    next_id: Callable[[date], str],
) -> Detection:
    """Groups `readings` (oldest first) and ranks the issues they make.

    Args:
        belongs: for each reading the issue it already belongs to, or None.
        existing: issues of the window by id; their identity, holder and status are kept.
        next_id: gives the next free identity for the Jakarta day of an issue's first post.
    """
    grouper = Grouper(city, join=settings.join, consolidate=settings.consolidate, window=readings)
    for reading, known in zip(readings, belongs, strict=True):
        old = existing.get(known) if known else None
        grouper.add(reading, issue=known, fixed=_touched(old), closed_at=_closed_at(old))
    before = {cluster.key: cluster.issue for cluster in grouper.clusters.values()}
    merged_keys = grouper.consolidate()
    issues: list[Issue] = []
    memberships: list[Membership] = []
    for cluster in sorted(grouper.clusters.values(), key=lambda c: c.members[0] if c.members else 0):
        members = [readings[position] for position in cluster.members]
        copies = {i for i, position in enumerate(cluster.members) if grouper.decisions[position].copy_of is not None}
        if not cluster.issue and not shows(members, copies, settings.min_voices):
            continue
        old = existing.get(cluster.issue) if cluster.issue else None
        issue_id = cluster.issue or next_id(city_day(members[0].post.published_at))
        issue = describe(issue_id, old, cluster, members, copies, city=city, now=now)
        originals = [reading for i, reading in enumerate(members) if i not in copies]
        score, priority, reasons = rank(issue, originals, ranking=ranking, city=city, now=now)
        issues.append(issue.evolve(score=score, priority=priority, reasons=reasons))
        memberships += [_membership(position, issue_id, grouper.decisions[position]) for position in cluster.members]
    merged = _merged_issues(merged_keys, before, grouper)
    return Detection(issues=tuple(issues), memberships=tuple(memberships), merged=merged)


def describe(
    issue_id: str,
    old: Issue | None,
    cluster: Cluster,
    members: Sequence[Reading],
    copies: set[int],
    *,
    city: City,
    now: datetime,
) -> Issue:
    """The issue as its members make it; what people decided about an old one (status, holder, agency) stays."""
    topic = cluster.topic
    areas, place = label(members, city)
    facts: dict[str, Any] = {
        "areas": areas,
        "place": place,
        "first_at": min(reading.post.published_at for reading in members),
        "last_at": max(reading.post.published_at for reading in members),
        "posts": len(members),
        "accounts": voices(list(members), copies),
        "news": sum(reading.post.kind is PostKind.NEWS for reading in members),
        "reach": sum(reading.post.engagement.reach for reading in members),
        "negative": sum(reading.score.sentiment == "negative" for reading in members),
    }
    if old is not None and _touched(old):
        return old.evolve(**facts)
    originals = [reading for i, reading in enumerate(members) if i not in copies]
    named: dict[str, Any] = {
        "topic": topic,
        "title": title(originals, topic=topic, place=place, city=city),
        "agency": _agency(originals) or (city.topics[topic].agency if topic in city.topics else None),
    }
    if old is not None:
        return old.evolve(**facts, **named)
    return Issue(id=issue_id, detected_at=now, status_at=now, **facts, **named)


def _touched(issue: Issue | None) -> bool:
    """Whether staff have acted on it, so that the machine only adds evidence."""
    return issue is not None and (issue.version > 1 or issue.status is not Status.DETECTED)


def _closed_at(issue: Issue | None) -> datetime | None:
    """When people closed it: what is told later is new, and may be the same trouble again."""
    closed = issue is not None and issue.status in (Status.RESOLVED, Status.DISMISSED)
    return issue.status_at if issue is not None and closed else None


def _agency(readings: Sequence[Reading]) -> str | None:
    named = [reading.score.agency for reading in readings if reading.score.agency]
    return max(sorted(set(named)), key=named.count) if named else None


def _membership(position: int, issue_id: str, decision: Decision) -> Membership:
    return Membership(
        position=position,
        issue=issue_id,
        similarity=round(decision.similarity, 3),
        copy_of=decision.copy_of,
        suggested=decision.suggested,
    )


def _merged_issues(merged: Mapping[int, int], before: Mapping[int, str | None], grouper: Grouper) -> dict[str, str]:
    """Issue -> issue for the clusters that were merged and had both an identity."""
    moves: dict[str, str] = {}
    for loser, survivor in merged.items():
        lost, kept = before.get(loser), grouper.clusters[survivor].issue
        if lost and kept and lost != kept:
            moves[lost] = kept
    return moves
