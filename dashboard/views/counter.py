"""Loket: a walk-in complaint in one form, its receipt, and the status of any complaint by its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard import context, render
from dashboard.member import member, present
from dashboard.slips import where_printed
from dashboard.views.deeds import AWAY
from tanggap.clock import clock_time, stamp
from tanggap.desk.counter import LONGEST, Counter, Standing
from tanggap.desk.spots import counters, spots
from tanggap.errors import RuleError, StoreError
from tanggap.records import User

KEY: Final = "loket_meja"
#: Name in the address bar, so that a counter keeps its own page.
DESK: Final = "loket"
#: Acts done, what the last one did, and the number that was asked for.
TURN, TAKEN, REFUSED, ASKED = "loket_giliran", "loket_diterima", "loket_ditolak", "loket_dicari"


def visible(user: User) -> bool:
    """Whether this person may take complaints."""
    return context.current().workflow.may(user, "counter")


def page() -> None:
    """The form, the last receipt, the search by number, and what this counter took today."""
    user = member()
    counter, desk = Counter(context.current().desk), chosen(user)
    state = st.session_state
    data = {
        "spots": offered(), "desks": counters(context.current().city), "desk": desk, "most": LONGEST,
        "turn": state.get(TURN, 0), "taken": taken(counter, state.get(TAKEN, "")), "refused": state.get(REFUSED, ""),
        "asked": asked(counter, state.get(ASKED, "")), "lately": [line(one) for one in counter.lately(desk)],
    }  # fmt: skip
    render.draw("counter", data, key=KEY, on_sent_change=take, on_asked_change=ask, on_moved_change=move)


def chosen(user: User) -> str:
    """The counter in the address, else that of the person's own kecamatan, else Balai Kota."""
    city = context.current().city
    known = counters(city)
    own = [f"Kecamatan {city.areas[code].short}" for code in city.lineage(user.area or "")]
    return next((name for name in (st.query_params.get(DESK, ""), *own) if name in known), known[0])


@st.cache_data(show_spinner=False)
def offered() -> list[tuple[str, str, str, str, bool]]:
    """Every place as the form offers it."""
    return [(one.name, one.area, one.within, one.kind, one.landmark) for one in spots(context.current().city)]


def take() -> None:
    """Takes what the form sent; a refusal leaves the form as it is."""
    sent, user, state = render.trigger(KEY, "sent"), present(), st.session_state
    if user is None or not isinstance(sent, Mapping):
        return
    told = {name: str(sent.get(name, "")) for name in ("text", "area", "spot", "desk", "rtrw")}
    desk = told["desk"] if told["desk"] in counters(context.current().city) else chosen(user)
    try:
        made = Counter(context.current().desk).take(
            user, told["text"], area=told["area"], place=desk, rtrw=told["rtrw"][:40], spot=told["spot"][:80]
        )
        state[TAKEN], state[REFUSED] = made.number, ""
    except RuleError as refusal:
        state[REFUSED] = str(refusal)
    except StoreError:
        state[REFUSED] = AWAY
    state[TURN] = state.get(TURN, 0) + 1


def ask() -> None:
    """Looks a number up."""
    st.session_state[ASKED] = str(render.trigger(KEY, "asked") or "")[:40]


def move() -> None:
    """Another counter; it stays in the address."""
    st.query_params[DESK] = str(render.trigger(KEY, "moved") or "")


def taken(counter: Counter, number: str) -> dict[str, Any] | None:
    """The receipt of the complaint taken last."""
    if not number:
        return None
    found = counter.standing(number)
    where = found.post.title if found.post else ""
    return {**line(found), "where": (where or "").removeprefix("Laporan loket di ")}


def asked(counter: Counter, number: str) -> dict[str, Any] | None:
    """How the complaint with this number stands, or why none is found."""
    if not number:
        return None
    try:
        found = counter.standing(number)
    except RuleError as refusal:
        return {"refused": str(refusal)}
    told = {**line(found), "when": f"{stamp(found.receipt.at)} · {found.receipt.desk}"}
    return told | {"issue": f"/?isu={found.issue.id}" if found.issue else ""}


def line(found: Standing) -> dict[str, Any]:
    """One complaint as the component draws it."""
    return {
        "number": found.receipt.number, "when": clock_time(found.receipt.at), "words": found.words,
        "text": found.post.text if found.post else "", "slip": where_printed(found.receipt.number),
    }  # fmt: skip
