"""Times as Indonesian pages and payloads write them; what carries no zone is Jakarta time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from tanggap.clock import MONTHS, WIB

#: Indonesia's three zones, in hours east of Greenwich.
ZONES = {"WIB": 7, "WITA": 8, "WIT": 9, "GMT": 0, "UTC": 0, "Z": 0}

ENGLISH = ("january", "february", "march", "april", "may", "june", "july",
           "august", "september", "october", "november", "december")  # fmt: skip

#: First letters of a month, Indonesian or English -> its number.
MONTH_NUMBERS = {name.lower()[:3]: i + 1 for names in (ENGLISH, MONTHS) for i, name in enumerate(names)} | {
    "agt": 8,
    "ags": 8,
    "nop": 11,
    "peb": 2,
}

_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = r"\s*(?P<zone>WIB|WITA|WIT|UTC|GMT|Z\b)?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?"
_DAY = rf"(?P<day>\d{{1,2}})(?:\s+{_MONTH}\s+|\s*[/-]\s*(?P<month_no>\d{{1,2}})\s*[/-]\s*)(?P<year>\d{{4}})"

_THEN = rf"(?:[\s,|•·()@/\-–—]*(?:pukul|pkl\.?|jam|at)?\s*{_CLOCK}(?!\d){_ZONE})?"

#: `Kamis, 05 November 2015 14:56 WIB`, `5 Nov 2015 | 14.56`, `05/11/2015, 14:56 WIB`
DAY_FIRST = re.compile(rf"\b{_DAY}{_THEN}", re.IGNORECASE)

#: `November 5, 2015 2:56 pm`, `Nov 05 2015 14:56:00 GMT+0700`
MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_THEN}", re.IGNORECASE)

#: `2015-11-05 14:56:00`, `2015/11/05 14.56 WIB`
YEAR_FIRST = re.compile(
    rf"\b(?P<year>\d{{4}})[-/](?P<month_no>\d{{1,2}})[-/](?P<day>\d{{1,2}})"
    rf"(?:[T\s,|]+{_CLOCK}(?:\.\d+)?{_ZONE})?",
    re.IGNORECASE,
)

#: Seconds beyond which an epoch number can only be milliseconds.
MILLISECONDS = 100_000_000_000


def read_time(value: object) -> datetime | None:
    """An aware time out of ISO 8601, RFC 2822, epoch seconds or milliseconds, or Indonesian words; else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{9,13}", value.strip())):
        return from_epoch(float(value))
    words = " ".join(str(value).split())[:200]
    return from_iso(words) or from_words(words) or from_mail(words)


def from_epoch(seconds: float) -> datetime | None:
    """The instant of a Unix time in seconds or milliseconds."""
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > MILLISECONDS else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def from_iso(words: str) -> datetime | None:
    """ISO 8601; a bare date is midnight in Jakarta."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


def from_mail(words: str) -> datetime | None:
    """RFC 2822 with zones by American name, as a few feeds write it; a missing zone is Jakarta's."""
    try:
        moment = parsedate_to_datetime(words)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


def from_words(words: str) -> datetime | None:
    """The first date with or without a time of day in running text, Indonesian or English."""
    return next(moments(words), None)


def timed(words: str) -> datetime | None:
    """The first date that stands with its time of day."""
    return next(moments(words, timed_only=True), None)


def moments(words: str, *, timed_only: bool = False) -> Iterator[datetime]:
    """The real days that running text names."""
    for pattern in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST):
        for match in pattern.finditer(words):
            moment = assemble(match.groupdict())
            if moment is not None and (match["hour"] or not timed_only):
                yield moment


def assemble(parts: dict[str, str | None]) -> datetime | None:
    """A time from the groups of a pattern; None when they name no real day."""
    month = parts.get("month")
    number = MONTH_NUMBERS.get(month.lower()[:3]) if month else int(parts.get("month_no") or 0)
    hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").lower()
    try:
        return datetime(
            int(parts["year"] or 0),
            number or 0,
            int(parts["day"] or 0),
            hour % 12 + 12 * (half == "p") if half else hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=zone_of(parts),
        )
    except ValueError:
        return None


def zone_of(parts: dict[str, str | None]) -> timezone:
    """The zone named in the text (`WITA`, `GMT+7`, `+0700`), Jakarta's when none is."""
    offset = parts.get("offset")
    if offset:
        digits = offset[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        return timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    name = parts.get("zone")
    return timezone(timedelta(hours=ZONES[name.upper()])) if name else WIB
