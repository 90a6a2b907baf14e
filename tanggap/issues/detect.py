"""One pass over a window of readings: which issues exist now, who belongs to them, how they rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.issues.bonds import Bonds
from tanggap.issues.group import Decision, Grouper, shows, voices
from tanggap.issues.places import label
from tanggap.issues.priority import Ranking, rank
from tanggap.issues.suggestions import suggestions
from tanggap.issues.titles import title
from tanggap.records import Issue, PostKind, Reading, Status, Suggestion
from tanggap.settings import IssuesSection

#: Nobody has said anything yet.
FREE = Bonds()


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
    #: What only people may decide.
    suggestions: tuple[Suggestion, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> Detection:
        """The same with other identities for some issues."""

        def named(issue: str) -> str:
            return names.get(issue, issue)

        return Detection(
            issues=tuple(issue.evolve(id=named(issue.id)) for issue in self.issues),
            memberships=tuple(replace(member, issue=named(member.issue)) for member in self.memberships),
            merged={named(lost): named(kept) for lost, kept in self.merged.items()},
            suggestions=tuple(
                item.evolve(issue=named(item.issue), other=named(item.other) if item.other else None)
                for item in self.suggestions
            ),
        )


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
    bonds: Bonds = FREE,
) -> Detection:
    """Groups `readings` (oldest first) and ranks the issues they make.

    Args:
        belongs: for each reading the issue it already belongs to, or None.
        existing: issues of the window by id; their identity, holder and status are kept.
        next_id: gives the next free identity for the Jakarta day of an issue's first post.
        bonds: what people taught about belonging.
    """
    grouper = Grouper(city, join=settings.join, consolidate=settings.consolidate, window=readings)
    for reading, known in zip(readings, belongs, strict=True):
        old = existing.get(known) if known else None
        curated = known in bonds.curated
        grouper.add(
            reading,
            issue=known,
            fixed=touched(old) or curated,
            closed_at=closed_at(old),
            curated=curated,
            barred=bonds.against(reading.post.id, known),
        )
    before = grouper.issues()
    merged = grouper.consolidate()
    posts = [reading.post.id or 0 for reading in readings]
    scene = Scene(city=city, settings=settings, ranking=ranking, now=now, next_id=next_id, curated=bonds.curated)
    issues, memberships = tell(grouper, list(grouper), dict(enumerate(readings)), existing, scene)
    return Detection(
        issues=tuple(issues),
        memberships=tuple(memberships),
        merged=merged_issues(merged, before, grouper.issues()),
        suggestions=tuple(suggestions(grouper, posts, city, now)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What telling of issues needs to know beside their readings."""

    city: City
    settings: IssuesSection
    ranking: Ranking
    now: datetime
    #: Gives the next free identity for the Jakarta day of an issue's first post.
    next_id: Callable[[date], str]
    #: Issues that people have put in order.
    curated: frozenset[str]


def tell(
    grouper: Grouper,
    keys: Iterable[int],
    readings: Mapping[int, Reading],
    existing: Mapping[str, Issue],
    scene: Scene,
) -> tuple[list[Issue], list[Membership]]:
    """The issues that some clusters are, described and ranked, and who belongs to them; new ones get their name.

    Args:
        readings: by position, at least those of the clusters.
        existing: issues by id; their identity, holder and status are kept.
    """
    issues: list[Issue] = []
    memberships: list[Membership] = []
    for cluster in sorted((grouper[key] for key in keys), key=lambda cluster: cluster.members[0]):
        members = [readings[position] for position in cluster.members]
        copies = {i for i, position in enumerate(cluster.members) if grouper.decision(position).copy_of is not None}
        if not cluster.issue and not shows(members, copies, scene.settings.min_voices):
            continue
        old = existing.get(cluster.issue) if cluster.issue else None
        issue_id = cluster.issue or scene.next_id(city_day(members[0].post.published_at))
        grouper.name(cluster.key, issue_id)
        kept = touched(old) or issue_id in scene.curated
        issue = describe(issue_id, old, cluster.topic, members, copies, city=scene.city, now=scene.now, kept=kept)
        originals = [reading for i, reading in enumerate(members) if i not in copies]
        pasted = Counter(grouper.decision(position).copy_of for position in cluster.members)
        spread = [pasted[position] for i, position in enumerate(cluster.members) if i not in copies]
        ranked = rank(issue, originals, spread, ranking=scene.ranking, city=scene.city, now=scene.now)
        score, priority, reasons = ranked
        issues.append(issue.evolve(score=score, priority=priority, reasons=reasons))
        memberships += [_membership(position, issue_id, grouper.decision(position)) for position in cluster.members]
    return issues, memberships


def describe(
    issue_id: str,
    old: Issue | None,
    topic: str,
    members: Sequence[Reading],
    copies: set[int],
    *,
    city: City,
    now: datetime,
    kept: bool = False,
) -> Issue:
    """The issue as its members make it; what people decided about an old one (status, holder, agency) stays.

    With `kept` its topic and title stay as well.
    """
    facts = counted(members, copies, city)
    place = facts["place"]
    if old is not None and kept:
        return old.evolve(**facts)
    originals = [reading for i, reading in enumerate(members) if i not in copies]
    named: dict[str, Any] = {
        "topic": topic,
        "title": title(originals, topic=topic, place=place, city=city, before=old.title if old else ""),
        "agency": _agency(originals) or (city.topics[topic].agency if topic in city.topics else None),
    }
    if old is not None:
        return old.evolve(**facts, **named)
    return Issue(id=issue_id, detected_at=now, status_at=now, **facts, **named)


def counted(members: Sequence[Reading], copies: set[int], city: City) -> dict[str, Any]:
    """What an issue's members make of it, whoever decides: where, when, how many."""
    areas, place = label(members, city)
    return {
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


def touched(issue: Issue | None) -> bool:
    """Whether staff have acted on it, so that the machine only adds evidence."""
    return issue is not None and (issue.version > 1 or issue.status is not Status.DETECTED)


def closed_at(issue: Issue | None) -> datetime | None:
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


def merged_issues(merged: Mapping[int, int], before: Mapping[int, str], after: Mapping[int, str]) -> dict[str, str]:
    """Issue -> issue for the clusters that were merged and had both an identity."""
    moves: dict[str, str] = {}
    for loser, survivor in merged.items():
        lost, kept = before.get(loser), after.get(survivor)
        if lost and kept and lost != kept:
            moves[lost] = kept
    return moves
