"""Bodies beside each other on median desk time and reopen rate; never on volume, and not at all on small numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import sqrt
from statistics import median

from tanggap.city import City

#: With fewer issues a median or a rate says nothing about a body.
FEWEST = 5
#: Standard deviations of a 90 percent interval.
Z = 1.6449


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One issue as a comparison sees it."""

    agency: str
    #: Number and title, for the rows behind a number.
    issue: str = ""
    title: str = ""
    #: Waited for a holder; None while nobody holds it.
    desk: timedelta | None
    closed: bool
    reopened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One body: numbers are None where there are too few issues behind them."""

    agency: str
    name: str
    median_desk: timedelta | None
    #: Share of closed issues that were opened again, with its 90 percent interval (Wilson 1927).
    reopened: float | None
    interval: tuple[float, float] | None
    #: What the numbers were made of, for those who open one.
    waited: tuple[Case, ...] = field(default=(), repr=False)
    done: tuple[Case, ...] = field(default=(), repr=False)


def compare(cases: Iterable[Case], city: City, fewest: int = FEWEST) -> tuple[UnitLine, ...]:
    """One line per body, by name: the order is no ranking, and how many issues a body has is not told."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.agency, []).append(case)
    lines = [_line(agency, members, city, fewest) for agency, members in groups.items()]
    return tuple(sorted(lines, key=lambda line: line.name))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 90 percent interval of a share."""
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _line(agency: str, members: list[Case], city: City, fewest: int) -> UnitLine:
    held = [case for case in members if case.desk is not None]
    waits = [case.desk.total_seconds() for case in held if case.desk is not None]
    done = [case for case in members if case.closed or case.reopened]
    again = sum(case.reopened for case in done)
    known = len(done) >= fewest
    return UnitLine(
        agency=agency,
        name=city.agency_label(agency),
        median_desk=timedelta(seconds=median(waits)) if len(waits) >= fewest else None,
        reopened=again / len(done) if known else None,
        interval=wilson(again, len(done)) if known else None,
        waited=tuple(held),
        done=tuple(done),
    )
