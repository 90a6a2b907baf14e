"""Lengths of time as the desk writes them, and the opening hours that working lengths are counted in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from tanggap.clock import WIB, aware, city_day
from tanggap.settings import Section

Unit = Literal["m", "h", "d", "w", "wd"]
WALL: dict[str, timedelta] = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
WRITTEN = re.compile(r"(\d{1,4})\s*(wd|[mhdw])?")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: minutes, hours and days of the wall clock; `w` working hours, `wd` working days."""

    count: int
    unit: Unit = "h"

    @property
    def working(self) -> bool:
        """Whether it only runs while the city's offices are open."""
        return self.unit in ("w", "wd")

    @property
    def words(self) -> str:
        """`15 menit`, `4 jam kerja`."""
        names = {"m": "menit", "h": "jam", "d": "hari", "w": "jam kerja", "wd": "hari kerja"}
        return f"{self.count} {names[self.unit]}"


def read_length(value: Any) -> Length:
    """A length from `15m`, `3h`, `1d`, `4w`, `1wd`; a bare number is hours.

    Raises:
        ValueError: anything else, and lengths of zero.
    """
    if isinstance(value, Length):
        return value
    match = WRITTEN.fullmatch(str(value).strip())
    if match is None or int(match[1]) == 0:
        raise ValueError("a length of time is written 15m, 3h, 1d, 4w (working hours) or 1wd (working days)")
    return Length(int(match[1]), match[2] or "h")  # type: ignore[arg-type]


#: A length of time in a configuration file.
WrittenLength = Annotated[Length, BeforeValidator(read_length)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class WorkingCalendar(Section):
    """When the offices are open: weekdays (Monday is 0), hours in WIB, and the days they stay shut."""

    days: frozenset[Weekday] = Field(min_length=1)
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def opens_before_it_closes(self) -> WorkingCalendar:
        """A day of no length would never let a deadline come."""
        if self.opens >= self.closes:
            raise ValueError("`opens` must be earlier than `closes`")
        return self

    @property
    def day_length(self) -> timedelta:
        """Opening hours of one working day."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def works(self, day: date) -> bool:
        """Whether the offices open on that Jakarta day."""
        return day.weekday() in self.days and day not in self.holidays

    def is_open(self, moment: datetime) -> bool:
        """Whether the offices are open at that moment; the closing minute still counts."""
        local = moment.astimezone(WIB)
        return self.works(local.date()) and self.opens <= local.time() <= self.closes

    def working_time_after(self, start: datetime, length: timedelta) -> datetime:
        """The moment at which `length` of opening hours has passed since `start`; always within them."""
        day, left = city_day(start), length
        while True:
            begin = max(datetime.combine(day, self.opens, WIB), start)
            room = datetime.combine(day, self.closes, WIB) - begin
            if self.works(day) and room > timedelta(0):
                if left <= room:
                    return aware(begin + left)
                left -= room
            day += timedelta(days=1)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the offices are open from `start` to `end`."""
        total, day = timedelta(0), city_day(start)
        while day <= city_day(end):
            if self.works(day):
                opens, closes = (datetime.combine(day, at, WIB) for at in (self.opens, self.closes))
                total += max(timedelta(0), min(closes, end) - max(opens, start))
            day += timedelta(days=1)
        return total

    def after(self, start: datetime, length: Length) -> datetime:
        """The moment `length` after `start`, by the clock that its unit names."""
        if not length.working:
            return aware(start + length.count * WALL[length.unit])
        unit = self.day_length if length.unit == "wd" else timedelta(hours=1)
        return self.working_time_after(start, length.count * unit)
