"""What the queue shows: open issues with their nearest deadline, in three groups, and the numbers above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.desk.deadlines import Deadline, nearest
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue

#: From this score on an issue is severe.
SEVERE = 70
SOON = timedelta(hours=1)


class Group(StrEnum):
    """What to do when: answer now, today, or only watch."""

    NOW = "now"
    TODAY = "today"
    WATCH = "watch"


class View(StrEnum):
    """The tabs above the queue; the value is what they say."""

    LATE = "Lewat batas"
    OPEN = "Terbuka"
    UNHELD = "Tanpa PIC"
    ALL = "Semua"


class Only(StrEnum):
    """The numbers of the header as filters; the value stands in the address."""

    NOW = "sekarang"
    HOUR = "sejam"
    UNHELD = "tanpa-pic"

    @property
    def words(self) -> str:
        """What the filter keeps, for people."""
        return {
            Only.NOW: "yang perlu dijawab sekarang",
            Only.HOUR: "yang jatuh tempo < 1 jam",
            Only.UNHELD: "yang mendesak tanpa PIC",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An issue with the clock that is due first; None where nothing is owed."""

    issue: Issue
    deadline: Deadline | None
    closed: bool

    def late(self, now: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and self.deadline.due <= now

    def soon(self, now: datetime) -> bool:
        """Whether it is due within the hour, but not late."""
        return self.deadline is not None and now < self.deadline.due < now + SOON

    def pressing(self, now: datetime) -> bool:
        """Severe and (nearly) due: only these are red."""
        return self.issue.score >= SEVERE and (self.late(now) or self.soon(now))

    def unheld(self) -> bool:
        """Open and nobody's."""
        return self.issue.holder is None and not self.closed

    def group(self, now: datetime) -> Group:
        """Where it stands in the queue."""
        if self.pressing(now):
            return Group.NOW
        if self.deadline is not None and city_day(self.deadline.due) <= city_day(now):
            return Group.TODAY
        return Group.WATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A kecamatan with its open issues."""

    code: str
    name: str
    issues: int
    top: int
    total: int


def rows_of(issues: Iterable[Issue], workflow: Workflow, now: datetime) -> list[Row]:
    """Issues with their nearest deadlines."""
    return [
        Row(issue=issue, deadline=nearest(issue, workflow, now), closed=workflow.is_closed(issue.status))
        for issue in issues
    ]


def ordered(rows: Iterable[Row], now: datetime) -> list[Row]:
    """By group, then score, then what is due first; closed issues last."""
    groups = list(Group)
    far = now + timedelta(days=3650)
    return sorted(
        rows,
        key=lambda row: (
            row.closed,
            groups.index(row.group(now)),
            -row.issue.score,
            row.deadline.due if row.deadline else far,
            row.issue.id,
        ),
    )


def kept(rows: Iterable[Row], view: View, only: Only | None, now: datetime) -> list[Row]:
    """The rows of a tab and, where chosen, of one number of the header."""
    tests: dict[View, Callable[[Row], bool]] = {
        View.LATE: lambda row: row.late(now),
        View.OPEN: lambda row: not row.closed,
        View.UNHELD: Row.unheld,
        View.ALL: lambda _row: True,
    }
    return [row for row in rows if tests[view](row) and (only is None or matches(row, only, now))]


def matches(row: Row, only: Only, now: datetime) -> bool:
    """Whether a row is counted by that number of the header."""
    if only is Only.NOW:
        return row.pressing(now)
    if only is Only.HOUR:
        return row.soon(now)
    return row.unheld() and row.issue.score >= SEVERE


def hottest(rows: Iterable[Row], city: City, count: int = 3) -> list[Heat]:
    """The kecamatan with the highest sum of scores of open issues."""
    found: dict[str, list[int]] = {}
    for row in rows:
        code = kecamatan(row.issue.areas, city)
        if code and not row.closed:
            found.setdefault(code, []).append(row.issue.score)
    heats = [
        Heat(code=code, name=city.areas[code].name, issues=len(scores), top=max(scores), total=sum(scores))
        for code, scores in found.items()
    ]
    return sorted(heats, key=lambda heat: (-heat.total, heat.code))[:count]


def kecamatan(areas: Sequence[str], city: City) -> str | None:
    """The kecamatan of the area that an issue names most."""
    lineage = city.lineage(areas[0]) if areas else ()
    return next((code for code in lineage if city.areas[code].level == "kecamatan"), None)
