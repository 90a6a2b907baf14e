"""Until when an Indonesian sentence says something will be done: `besok sore`, `dalam 3 hari kerja`, `25 November`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tanggap.clock import DAYS, MONTHS, WIB, aware, city_day
from tanggap.desk.calendar import WorkingCalendar

#: When a part of the day is over.
PARTS = {"pagi": time(12), "siang": time(15), "sore": time(18), "malam": time(23, 59)}
END = time(23, 59)
DAY_NAMES = {name.lower(): number for number, name in enumerate(DAYS)} | {"jum'at": 4, "ahad": 6}
MONTH_NAMES = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
MONTH_NAMES |= {name[:3]: number for name, number in list(MONTH_NAMES.items())} | {"agt": 8, "nopember": 11}
NUMBERS = {"satu": 1, "se": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "sepuluh": 10}
UNITS = {
    "menit": timedelta(minutes=1), "jam": timedelta(hours=1), "x24jam": timedelta(days=1), "hari": timedelta(days=1),
    "minggu": timedelta(weeks=1), "pekan": timedelta(weeks=1), "bulan": timedelta(days=30),
}  # fmt: skip
COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})\s*"
PART = r"(?:\s+(?P<part>pagi|siang|sore|malam))?"
SPAN = (
    rf"\b{COUNT}(?P<unit>x ?24 jam|menit|jam|hari|minggu|pekan|bulan)(?P<working> kerja)?\b"
    r"(?! (?:lalu|terakhir|yang lalu|ini))"
)
CLOCK = r"(?:pukul|jam|pkl\.?)\s*(?P<hour>[01]?\d|2[0-3])(?:[.:](?P<minute>[0-5]\d))?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A time named in a text, in UTC, and where its words stand."""

    at: datetime
    start: int
    end: int


def dues(text: str, said: datetime, calendar: WorkingCalendar) -> list[Due]:
    """Every time named in a text that lies after `said`, in the order of the words; a clock time joins its day."""
    told = _Said(said, calendar)
    matches = ((match, read) for pattern, read in PATTERNS for match in pattern.finditer(text))
    found = [due for match, read in matches if (due := _due(match, read, told))]
    found.sort(key=lambda due: (due.start, -due.end))
    kept: list[Due] = []
    for due in found:
        if not kept or due.start >= kept[-1].end:
            kept.append(due)
    return _with_clock(text, kept, said)


@dataclass(frozen=True, slots=True)
class _Said:
    """When something was said, and the calendar of who said it."""

    at: datetime
    calendar: WorkingCalendar

    @property
    def day(self) -> date:
        return city_day(self.at)


Reader = Callable[[re.Match[str], _Said], datetime | None]


def _due(match: re.Match[str], read: Reader, said: _Said) -> Due | None:
    at = read(match, said)
    return None if at is None or at <= said.at else Due(at=aware(at), start=match.start(), end=match.end())


def _with_clock(text: str, found: list[Due], said: datetime) -> list[Due]:
    """`besok pukul 10.00` is one time; a clock time alone is today's, or tomorrow's when it has passed."""
    clocks = list(re.finditer(rf"\b{CLOCK}(?:\s*wib)?", text, re.IGNORECASE))
    for clock in clocks:
        at = time(int(clock["hour"]), int(clock["minute"] or 0))
        beside = [due for due in found if -12 <= clock.start() - due.end <= 12 or -12 <= due.start - clock.end() <= 12]
        day = city_day(beside[0].at) if beside else city_day(said)
        moment = datetime.combine(day, at, WIB)
        if not beside and moment <= said:
            moment += timedelta(days=1)
        if moment > said:
            start = min([clock.start(), *(due.start for due in beside[:1])])
            end = max([clock.end(), *(due.end for due in beside[:1])])
            found = [due for due in found if due not in beside[:1]] + [Due(at=aware(moment), start=start, end=end)]
    return sorted(found, key=lambda due: due.start)


def _end_of(day: date, part: str | None = None) -> datetime:
    return datetime.combine(day, PARTS[part.lower()] if part else END, WIB)


def _this_day(match: re.Match[str], said: _Said) -> datetime:
    return _end_of(said.day, match["part"])


def _next_days(match: re.Match[str], said: _Said) -> datetime:
    return _end_of(said.day + timedelta(days=2 if match["word"].lower() == "lusa" else 1), match["part"])


def _after(match: re.Match[str], said: _Said) -> datetime:
    word = match["count"].lower()
    count = int(word) if word.isdigit() else NUMBERS[word]
    unit = match["unit"].lower()
    if match["working"]:
        day = UNITS["jam"] if unit == "jam" else said.calendar.day_length
        return said.calendar.working_time_after(said.at, count * day)
    return said.at + count * UNITS[unit.replace(" ", "")]


def _week(match: re.Match[str], said: _Said) -> datetime:
    day = said.day
    return _end_of(day + timedelta(days=6 - day.weekday() + (7 if match["which"].lower() == "depan" else 0)))


def _month(match: re.Match[str], said: _Said) -> datetime:
    day = said.day
    later = 2 if (match["which"] or "").lower() == "depan" else 1
    first = date(day.year + (day.month + later - 1) // 12, (day.month + later - 1) % 12 + 1, 1)
    return _end_of(first - timedelta(days=1))


def _weekday(match: re.Match[str], said: _Said) -> datetime:
    today = said.day
    ahead = (DAY_NAMES[match["day"].lower()] - today.weekday()) % 7 or 7
    return _end_of(today + timedelta(days=ahead), match["part"])


def _date(match: re.Match[str], said: _Said) -> datetime | None:
    month = match["month"].lower()
    number = MONTH_NAMES.get(month) or (int(month) if month.isdigit() else 0)
    today = said.day
    try:
        day = date(int(match["year"] or today.year), number, int(match["date"]))
    except ValueError:
        return None
    if match["year"] is None and day < today - timedelta(days=180):
        day = day.replace(year=day.year + 1)
    return _end_of(day)


def _patterns() -> Iterator[tuple[re.Pattern[str], Reader]]:
    names = "|".join(sorted(DAY_NAMES, key=len, reverse=True))
    months = "|".join(sorted(MONTH_NAMES, key=len, reverse=True))
    for words, read in (
        (rf"\bhari ini{PART}", _this_day),
        (r"\b(?P<part>pagi|siang|sore|malam) (?:hari )?ini", _this_day),
        (rf"\b(?P<word>besok|esok|lusa)(?: hari)?{PART}", _next_days),
        (SPAN, _after),
        (r"\b(?:akhir )?(?:minggu|pekan) (?P<which>ini|depan)", _week),
        (r"\bakhir (?:minggu|pekan)(?P<which>)", _week),
        (r"\b(?:akhir )?bulan (?P<which>ini|depan)", _month),
        (r"\bakhir (?P<which>bulan)", _month),
        (rf"\b(?:hari )?(?P<day>{names})(?: depan| ini)?{PART}\b(?! lalu| kemarin)", _weekday),
        (rf"\b(?:tanggal )?(?P<date>[0-3]?\d) (?P<month>{months})\b\.?(?: (?P<year>20\d\d))?", _date),
        (r"\b(?P<date>[0-3]?\d)/(?P<month>[01]?\d)(?:/(?P<year>20\d\d))?\b", _date),
    ):
        yield re.compile(words, re.IGNORECASE), read


#: What names a time, and what it means.
PATTERNS = tuple(_patterns())
