"""Folds single nuisance reports of one service and district into one line of the queue; danger is never folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tanggap.city import City
from tanggap.issues.priority import LABELS
from tanggap.records import Issue, Priority, Status

#: Points for safety from which one voice tells of danger; a service as such gives at most nine.
DANGER = 12
#: Characters of a Kemendagri code down to the kecamatan.
KECAMATAN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One line of the queue: an issue, or several single reports about one service in one district."""

    title: str
    issues: tuple[Issue, ...]

    @property
    def first(self) -> Issue:
        """The most urgent of them, which gives the line its place."""
        return self.issues[0]


def is_single(issue: Issue) -> bool:
    """Whether nobody but one citizen tells of it, it is no danger, and nobody has taken it up."""
    danger = sum(reason.points for reason in issue.reasons if reason.part == LABELS["safety"])
    return (
        issue.accounts <= 1
        and not issue.news
        and issue.status is Status.DETECTED
        and issue.priority in (Priority.P3, Priority.P4)
        and danger < DANGER
    )


def folded(queue: Sequence[Issue], city: City) -> list[Fold]:
    """The queue in its order, single reports gathered where the most urgent of them stands.

    Each keeps its number, its deadlines and its right to an answer; only the list is shorter.
    """
    found: dict[str, list[Issue]] = {}
    for issue in queue:
        found.setdefault(_key(issue), []).append(issue)
    return list(_lines(found, city))


def _key(issue: Issue) -> str:
    area = issue.areas[0][:KECAMATAN] if issue.areas else ""
    return f"{issue.topic} {area}" if is_single(issue) else issue.id


def _lines(found: dict[str, list[Issue]], city: City) -> Iterator[Fold]:
    for issues in found.values():
        first = issues[0]
        if len(issues) == 1:
            yield Fold(title=first.title, issues=(first,))
            continue
        service = city.topics[first.topic].label if first.topic in city.topics else first.topic
        area = first.areas[0][:KECAMATAN] if first.areas else ""
        where = f" di {city.area_label(area)}" if area in city.areas else " tanpa tempat"
        yield Fold(title=f"{len(issues)} laporan tunggal: {service}{where}", issues=tuple(issues))
