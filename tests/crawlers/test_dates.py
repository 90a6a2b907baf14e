"""Times as pages and payloads write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.dates import read_time

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
        1767307200,
        1767307200000,
        "1767307200",
    ],
)
def test_a_time_is_read_however_it_is_written(value: object) -> None:
    assert read_time(value) == MORNING


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
