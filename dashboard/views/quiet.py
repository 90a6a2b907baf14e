"""The places of the page of signals: how much is heard from each, with the posts behind every number."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import context, quiet, render
from dashboard.quiet import Choice, Heard

KEY: Final = "sinyal_tempat"
#: Names in the address of the level, of what is looked at, and of the number whose posts are unfolded.
LEVEL, SIFT, ROWS = "tingkat", "saring", "baris"
PER_PAGE: Final = 25


def panel() -> None:
    """The places as the address asks for them."""
    here = context.current()
    choice = Choice.of(st.query_params.to_dict(), (LEVEL, SIFT, ROWS))
    found = heard()
    data = quiet.data(found, here.city, choice, PER_PAGE * pages(f"{choice.level} {choice.sift}"))
    with here.store.read() as db:
        opened = quiet.rows(db, found, here.city, choice.open, PER_PAGE * pages(choice.open))
    render.draw(
        "places", {**data, "posts": opened}, key=KEY, on_level_change=choose_level, on_sift_change=choose_sift,
        on_open_change=unfold, on_more_change=next_page,
    )  # fmt: skip


@st.cache_data(ttl=600, show_spinner=False)
def heard() -> Heard:
    """The voices; 28 days of them change slowly."""
    here = context.current()
    with here.store.read() as db:
        return quiet.heard(db, here.city, here.now())


def pages(shown: str) -> int:
    """How many pages of a list are shown."""
    return int(st.session_state.get("tempat_hal", {}).get(shown, 1))


def choose_level() -> None:
    """Another level; what was unfolded stands in no list any more."""
    put(LEVEL, str(render.trigger(KEY, "level") or ""))
    st.query_params.pop(ROWS, None)


def choose_sift() -> None:
    """Other places of the level."""
    put(SIFT, str(render.trigger(KEY, "sift") or ""))
    st.query_params.pop(ROWS, None)


def unfold() -> None:
    """A number was pressed: its posts unfold, or fold again."""
    asked = str(render.trigger(KEY, "open") or "")
    put(ROWS, "" if st.query_params.get(ROWS) == asked else asked)


def next_page() -> None:
    """More of a list."""
    shown = str(render.trigger(KEY, "more") or "")
    st.session_state["tempat_hal"] = {**st.session_state.get("tempat_hal", {}), shown: pages(shown) + 1}


def put(name: str, value: str) -> None:
    """A word in the address, or none."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
