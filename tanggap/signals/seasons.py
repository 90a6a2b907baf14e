"""Which hours are alike: the hour of the week, holidays as Sundays, and Ramadan with hours of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tanggap.city import City
from tanggap.clock import WIB
from tanggap.signals.rules import Rules

HOUR = timedelta(hours=1)
#: Hours of a week, and where its Sunday begins.
WEEK, SUNDAY = 168, 144


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """The calendar of a city's talk."""

    holidays: frozenset[date] = frozenset()
    #: First and last day of each Ramadan.
    ramadan: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of(cls, city: City, rules: Rules) -> Seasons:
        """The holidays of workflow.toml and the Ramadans of signals.toml."""
        written = city.workflow.get("calendar", {}).get("holidays", ())
        return cls(holidays=frozenset(map(date.fromisoformat, written)), ramadan=rules.calendar.ramadan)

    def cell(self, hour: datetime) -> int:
        """The hour of the Jakarta week it is like, 0 for Monday 00.00-01.00; on a holiday that of a Sunday."""
        local = hour.astimezone(WIB)
        return self.weekday(local.date()) * 24 + local.hour

    def weekday(self, day: date) -> int:
        """The weekday it is like, 0 for Monday."""
        return 6 if day in self.holidays else day.weekday()

    def fasting(self, hour: datetime) -> bool:
        """Whether it lies in Ramadan."""
        day = hour.astimezone(WIB).date()
        return any(first <= day <= last for first, last in self.ramadan)


def hours_between(start: datetime, end: datetime) -> list[datetime]:
    """Every hour from `start`, which must be on the hour, until before `end`."""
    return [start + number * HOUR for number in range(max(0, -((start - end) // HOUR)))]
