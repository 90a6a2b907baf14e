"""Badan: median desk time and reopen rate side by side, open promises, RT/RW duty; each number opens its rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import streamlit as st

from dashboard import comparison, context, render
from dashboard.member import member
from tanggap.clock import city_day
from tanggap.desk.counter import Counter, DutyLine
from tanggap.desk.measuring import Measuring
from tanggap.desk.promising import Promising
from tanggap.desk.units import UnitLine

KEY: Final = "badan_isi"
#: Names in the address bar: the number that is opened, and how many days back.
OPENED, SPAN = "buka", "hari"
SPANS: Final = {30: "30 hari", 90: "90 hari", 365: "1 tahun"}
USUAL: Final = 90


def page() -> None:
    """The three parts of the page."""
    member()
    here, days = context.current(), chosen()
    opened, lines = st.query_params.get(OPENED, ""), bodies(days)
    told = Promising(here.desk).open_ones()
    data: dict[str, Any] = {
        "remark": comparison.remark(days),
        "spans": [[number, words] for number, words in SPANS.items()],
        "days": days,
        "units": comparison.units(lines, here.city, opened),
        "few": comparison.few(lines),
        "duty": comparison.duty(reported(days), opened),
        "promises": comparison.promises(told, here.city, here.workflow.calendar, here.now()),
    }
    render.draw("units", data, key=KEY, on_opened_change=open_rows, on_spanned_change=look_back)


def chosen() -> int:
    """How many days back the page looks."""
    asked = st.query_params.get(SPAN, "")
    return int(asked) if asked.isdecimal() and int(asked) in SPANS else USUAL


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def bodies(days: int) -> tuple[UnitLine, ...]:
    """Every body with what its numbers were made of."""
    here = context.current()
    return Measuring(here.store, here.city, here.now).units(here.now() - timedelta(days=days))


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def reported(days: int) -> list[DutyLine]:
    """The kelurahan whose RT/RW reported, up to today."""
    here = context.current()
    today = city_day(here.now())
    return Counter(here.desk).duty(today - timedelta(days=days - 1), today)


def open_rows() -> None:
    """Opens the rows of a number, or closes them; they stand in the address."""
    key = str(render.trigger(KEY, "opened") or "")
    if st.query_params.get(OPENED, "") == key:
        del st.query_params[OPENED]
    else:
        st.query_params[OPENED] = key


def look_back() -> None:
    """Another span of days."""
    st.query_params[SPAN] = str(render.trigger(KEY, "spanned") or USUAL)
