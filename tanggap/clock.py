"""Time as the city reads it: aware UTC inside, Asia/Jakarta at the edges, and a clock that can be shifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

#: Western Indonesia Time. Jakarta has kept +07:00 without daylight saving since 1964.
WIB = timezone(timedelta(hours=7), "WIB")

#: A clock is anything that answers with the present, aware, in UTC.
Clock = Callable[[], datetime]

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def system_clock() -> datetime:
    """The present by this machine's clock."""
    return datetime.now(UTC)


def shifted_clock(offset: timedelta) -> Clock:
    """A clock that runs `offset` away from the system clock; the sample city lives on one."""
    return lambda: datetime.now(UTC) + offset


def aware(moment: datetime) -> datetime:
    """`moment` in UTC.

    Raises:
        ValueError: `moment` carries no zone; guessing one has cost cities whole days of data.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


def city_day(moment: datetime) -> date:
    """The Jakarta calendar day that `moment` falls on."""
    return moment.astimezone(WIB).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of the Jakarta day and of the next one, in UTC: `start <= t < end`."""
    start = datetime.combine(day, time.min, WIB).astimezone(UTC)
    return start, start + timedelta(days=1)


def hour_of(moment: datetime) -> datetime:
    """The start of the Jakarta hour of `moment`, in UTC; rollups are keyed by it."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def long_day(day: date) -> str:
    """`Minggu, 22 November 2026`."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def clock_time(moment: datetime) -> str:
    """`07.59`, the way Indonesian screens write a time of day."""
    return moment.astimezone(WIB).strftime("%H.%M")


def stamp(moment: datetime) -> str:
    """`22 Nov 07.59`: short day and time for lists."""
    local = moment.astimezone(WIB)
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local:%H.%M}"


def span(length: timedelta) -> str:
    """A length of time for people: `24 mnt`, `3 j 10 mnt`, `2 hari`. Its sign is dropped."""
    minutes = round(abs(length.total_seconds()) / 60)
    if minutes < 60:
        return f"{minutes} mnt"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} j {minutes} mnt" if minutes else f"{hours} j"
    days, hours = divmod(hours, 24)
    return f"{days} hari {hours} j" if hours and days < 3 else f"{days} hari"
