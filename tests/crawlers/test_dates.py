"""Times as pages and payloads write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.dates import read_time, timed

MORNING = datetime(2026, 1, 1, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-02T05:40:00+07:00",
        "2026-01-01T22:40:00Z",
        "2026-01-01 T22:40:00Z",
        "2026-01-02T05:40:00+0700",
        "2026-01-02T05:40",
        "2026-01-02 05:40:00",
        "2026/01/02 05:40:00",
        "20260102T0540",
        "Fri, 02 Jan 2026 05:40:00 +0700",
        "Thu, 01 Jan 2026 22:40:00 GMT",
        "Jumat, 02 Januari 2026 05:40 WIB",
        "Jumat, 2 Januari 2026 | 05.40 WIB",
        "Jumat, 2 Januari 2026 - 05:40 wib",
        "Jumat (2 Jan 2026), pukul 05.40",
        "Kompas.com - 02/01/2026, 05:40 WIB",
        "02-01-2026 05:40",
        "2 Januari 2026 06:40 WITA",
        "2 Januari 2026 07:40 WIT",
        "on 2 Jan 2026 at 05:40 WIB",
        "Jum'at, 02 Jan 2026, 05:40",
        "Jumat, 02/01/2026 05:40 WIB",
        "Diperbarui 2 Januari 2026 (05:40 WIB)",
        "02/01/2026 / 05.40",
        "2 Januari 2026, pkl. 05.40 WIB",
        "January 2, 2026 5:40 am",
        "Jan 2, 2026, 5:40 AM",
        "Fri Jan 02 2026 05:40:00 GMT+0700 (Western Indonesia Time)",
        "2026-01-02 05:40:00 WIB",
        "2026-01-02 05:40:00+07:00",
        "2026-01-01T22:40:00.000Z",
        1767307200,
        1767307200000,
        "1767307200",
    ],
)
def test_a_time_is_read_however_it_is_written(value: object) -> None:
    assert read_time(value) == MORNING


@pytest.mark.parametrize(
    ("value", "hour"), [("12:10 am", 0), ("5:10 a.m.", 5), ("12:10 PM", 12), ("6:10 pm", 18), ("18:10", 18)]
)
def test_a_twelve_hour_clock_is_read_by_its_half(value: str, hour: int) -> None:
    moment = read_time(f"6 January 2026 {value}")
    assert moment is not None
    assert (moment.hour, moment.minute) == (hour, 10)


def test_a_date_without_a_time_of_day_is_passed_over_where_one_is_asked_for() -> None:
    assert timed("Diterbitkan 5 Januari 2026, diperbarui 2 Januari 2026 05:40 WIB") == MORNING
    assert timed("Senin, 5 Januari 2026") is None


@pytest.mark.parametrize(
    "value", ["5 Agustus 2026", "5 Agu 2026", "5 Agt 2026", "2026-08-05", "05/08/2026", "5 Aug 2026"]
)
def test_a_bare_day_begins_at_midnight_in_jakarta(value: str) -> None:
    assert read_time(value) == datetime(2026, 8, 4, 17, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "kemarin", "31 Februari 2026", "2026-13-01", None, True, "99/99/9999", [], {}])
def test_what_names_no_time_is_none(value: object) -> None:
    assert read_time(value) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.dictionaries(st.text(), st.text())))
def test_no_value_breaks_the_reader(value: object) -> None:
    moment = read_time(value)
    assert moment is None or moment.tzinfo is not None
