"""Lengths of time and the working calendar, by example and by property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.city import load_city
from tanggap.clock import WIB
from tanggap.desk.calendar import Length, read_length
from tanggap.desk.workflow import Workflow
from tanggap.settings import packaged_config

CALENDAR = Workflow.load(load_city(packaged_config())).calendar

#: Two years from New Year 2026, to the minute.
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
lengths = st.builds(Length, st.integers(1, 60), st.sampled_from(["m", "h", "d", "w", "wd"]))
spans = st.timedeltas(timedelta(minutes=1), timedelta(days=10))


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 20th is a Friday, the 23rd a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("written", "length"),
    [("15m", (15, "m")), ("3h", (3, "h")), (6, (6, "h")), ("2", (2, "h")), ("4w", (4, "w")), (" 1wd ", (1, "wd"))],
)
def test_a_written_length_is_read_and_a_bare_number_is_hours(written: object, length: tuple[int, str]) -> None:
    assert read_length(written) == Length(*length)


@pytest.mark.parametrize("written", ["", "soon", "-1h", "0m", "1.5h", "3x", "3 h h", None, "99999d"])
def test_anything_else_is_no_length(written: object) -> None:
    with pytest.raises(ValueError, match="written 15m"):
        read_length(written)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        (wib(20, 15), "3h", wib(20, 18)),
        (wib(20, 15), "4w", wib(23, 10, 30)),
        (wib(23, 10), "1wd", wib(24, 10)),
        (wib(20, 10), "3wd", wib(25, 10)),
        (wib(21, 20), "1wd", wib(23, 16)),
        (wib(23, 5), "1wd", wib(23, 16)),
        (wib(23, 7, 30), "1wd", wib(23, 16)),
        (wib(23, 16), "1w", wib(24, 8, 30)),
    ],
)
def test_working_time_counts_only_opening_hours(start: datetime, length: str, due: datetime) -> None:
    assert CALENDAR.after(start, read_length(length)) == due


def test_holidays_are_skipped() -> None:
    before_christmas = datetime(2026, 12, 23, 15, tzinfo=WIB)
    assert CALENDAR.after(before_christmas, read_length("2w")) == datetime(2026, 12, 28, 8, 30, tzinfo=WIB)


@given(moments, lengths)
def test_due_is_always_after_start(start: datetime, length: Length) -> None:
    assert CALENDAR.after(start, length) > start


@given(moments, moments, lengths)
def test_a_later_start_is_never_due_earlier(one: datetime, other: datetime, length: Length) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.after(first, length) <= CALENDAR.after(second, length)


@given(moments, lengths)
def test_a_working_length_never_ends_outside_opening_hours(start: datetime, length: Length) -> None:
    assert CALENDAR.is_open(CALENDAR.after(start, length)) or not length.working


@given(moments, spans, spans)
def test_working_time_adds_up(start: datetime, one: timedelta, other: timedelta) -> None:
    in_steps = CALENDAR.working_time_after(CALENDAR.working_time_after(start, one), other)
    assert in_steps == CALENDAR.working_time_after(start, one + other)


@given(moments, st.integers(1, 600))
def test_working_time_agrees_with_counting_open_minutes(start: datetime, minutes: int) -> None:
    clock, left = start, minutes
    while left:
        left -= CALENDAR.is_open(clock) and CALENDAR.is_open(clock + timedelta(minutes=1))
        clock += timedelta(minutes=1)
    assert CALENDAR.working_time_after(start, timedelta(minutes=minutes)) == clock
