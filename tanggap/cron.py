"""A cron line in Jakarta time: its slots outside the quiet hours, and how an Indonesian reader would say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from tanggap.clock import DAYS, MONTHS, WIB
from tanggap.errors import UsageError

JAKARTA = "Asia/Jakarta"

#: Quiet spells to look through for the next slot; a schedule that never fires ends here.
LOOK = 800

WEEK = ("Minggu", *DAYS)
NAMES = {name: str(day) for day, name in enumerate("SUN MON TUE WED THU FRI SAT".split())}


@dataclass(frozen=True)
class Cron:
    """A cron line of five fields, or of six with seconds first, in one time zone, silent in its quiet hours."""

    line: str
    timezone: str = JAKARTA
    #: "22:00-05:00", or "" for none.
    quiet: str = ""

    def check(self, now: datetime) -> None:
        """Refuses what cannot be read or never fires.

        Raises:
            UsageError: with what is wrong and an example of what is right.
        """
        try:
            CronSim(self.line, now)
        except CronSimError as error:
            raise UsageError(
                f"The cron line `{self.line}` cannot be read ({error}); write one like `*/15 5-21 * * *`."
            ) from None
        if not self.fires(now, 1):
            raise UsageError(f"`{self.line}` never fires outside its quiet hours; change one of them.")

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone; Jakarta's is known without a zone table."""
        try:
            return WIB if self.timezone == JAKARTA else ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UsageError(f"There is no time zone `{self.timezone}`; write one like {JAKARTA}.") from None

    @cached_property
    def hush(self) -> tuple[time, time] | None:
        """First and last moment of the quiet hours."""
        if not self.quiet:
            return None
        try:
            start, end = (time.fromisoformat(part.strip().replace(".", ":")) for part in self.quiet.split("-"))
        except ValueError:
            raise UsageError(f"Quiet hours `{self.quiet}` cannot be read; write them like 22:00-05:00.") from None
        return (start, end) if start != end else None

    def slots(self, after: datetime) -> Iterator[datetime]:
        """Its slots later than `after`, in UTC, oldest first."""
        moment = after.astimezone(self.zone)
        for _ in range(LOOK):
            for slot in CronSim(self.line, moment):
                end = self._hushed_until(slot)
                if end is not None:
                    moment = end - timedelta(seconds=1)
                    break
                yield slot.astimezone(UTC)
            else:
                return

    def fires(self, after: datetime, count: int) -> list[datetime]:
        """The next `count` slots."""
        return list(islice(self.slots(after), count))

    def missed(self, after: datetime, until: datetime, most: int) -> list[datetime]:
        """Slots in `after < slot <= until`, oldest first; of more than `most` the newest."""
        found: list[datetime] = []
        for slot in CronSim(self.line, until.astimezone(self.zone) + timedelta(seconds=1), reverse=True):
            if slot <= after or len(found) == most:
                break
            if self._hushed_until(slot) is None and slot <= until:
                found.append(slot.astimezone(UTC))
        return found[::-1]

    def _hushed_until(self, slot: datetime) -> datetime | None:
        """When the quiet spell around `slot` ends; None outside."""
        if self.hush is None:
            return None
        start, end = self.hush
        at = slot.time()
        if not (start <= at < end if start < end else at >= start or at < end):
            return None
        close = slot.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
        return close if close > slot else close + timedelta(days=1)

    def reading(self) -> str:
        """The line in words: `setiap 15 menit, pukul 05.00-22.00 WIB`; one too wild for words is shown as it is."""
        zone = "WIB" if self.timezone == JAKARTA else self.timezone
        fields = self.line.upper().split()
        said = _frequency(["0", *fields] if len(fields) == 5 else fields, zone)
        if said is None:
            return f"cron {self.line} ({zone})"
        if self.hush is None:
            return said
        start, end = (f"{moment:%H.%M}" for moment in self.hush)
        if "pukul" in said:
            return f"{said}, kecuali {start}-{end}"
        return f"{said}, pukul {end}-{start} {zone}"


def _frequency(fields: Sequence[str], zone: str) -> str | None:
    second, minute, hour, day, month, weekday = fields
    days = _days(day, month, weekday)
    if days is None:
        return None
    often = _often(second, minute, hour)
    if often is None:
        times = _times(second, minute, hour)
        return times and f"{days or 'setiap hari'} pukul {times} {zone}"
    window = _window(hour) if "*" not in hour else ""
    if window is None:
        return None
    return ", ".join(part for part in (often, days, window and f"pukul {window} {zone}") if part)


def _often(second: str, minute: str, hour: str) -> str | None:
    """`setiap 15 menit` for a line that fires many times a day; None for one with fixed times or too wild."""
    if second != "0":
        return _every(second, "detik") if (minute, hour) == ("*", "*") else None
    if minute.startswith("*"):
        return _every(minute, "menit") if hour == "*" or "*" not in hour else None
    ranged = "-" in hour and "," not in hour and "/" not in hour
    if minute.isdigit() and (ranged or hour.startswith("*")):
        said = "setiap jam" if ranged else _every(hour, "jam")
        return f"{said}, menit ke-{int(minute)}" if said and int(minute) else said
    if hour == "*" and all(part.isdigit() for part in minute.split(",")):
        return "setiap jam pada menit " + _and([f"{int(part):02d}" for part in minute.split(",")])
    return None


def _every(field: str, unit: str) -> str | None:
    """`setiap menit` for `*`, `setiap 5 menit` for `*/5`."""
    if field == "*":
        return f"setiap {unit}"
    return f"setiap {field[2:]} {unit}" if field.startswith("*/") and field[2:].isdigit() else None


def _window(hour: str) -> str | None:
    """`05.00-22.00` for the hours 5-21."""
    first, dash, last = hour.partition("-")
    if not (first.isdigit() and (last.isdigit() or not dash)):
        return None
    return f"{int(first):02d}.00-{(int(last or first) + 1) % 24:02d}.00"


def _times(second: str, minute: str, hour: str) -> str | None:
    """`06.30 dan 18.30` for one minute and some hours."""
    hours = hour.split(",")
    if second != "0" or not minute.isdigit() or not all(part.isdigit() for part in hours):
        return None
    return _and([f"{int(part):02d}.{int(minute):02d}" for part in hours])


def _days(day: str, month: str, weekday: str) -> str | None:
    """`Senin-Jumat`, `tanggal 1 dan 15`; "" for every day, None for what has no short words."""
    if (month != "*" and not month.isdigit()) or (day != "*" and weekday != "*"):
        return None
    named = f" {MONTHS[int(month) - 1]}" if month != "*" else ""
    if weekday != "*":
        for name, number in NAMES.items():
            weekday = weekday.replace(name, number)
        ranges = [part.split("-") for part in weekday.split(",")]
        if not all(end.isdigit() for ends in ranges for end in ends):
            return None
        said = _and(["-".join(WEEK[int(end) % 7] for end in ends) for ends in ranges])
        return f"{said}{' bulan' + named if named else ''}"
    if day == "*":
        return f"setiap hari bulan{named}" if named else ""
    if not all(part.isdigit() for part in day.split(",")):
        return None
    return f"tanggal {_and(day.split(','))}{named}"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"
