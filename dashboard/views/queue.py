"""Antrean: the numbers of the hour, the queue in three groups, and the chosen issue beside it."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.board import Group, Only, Row, View, kept, ordered
from dashboard.member import member
from dashboard.views import issue as detail
from dashboard.views import overview
from tanggap.records import User

PER_PAGE: Final = 25
FRESH_S: Final = 15
#: Names in the address bar.
ISSUE, PAGE, ONLY = "isu", "hal", "hanya"
VIEW, TOPIC, AREA, WORDS = "lihat", "urusan", "wilayah", "cari"
#: Revision of the store that the page shows.
SHOWN = "revisi"


def page() -> None:
    """The whole page; its parts rerun on their own."""
    member()
    st.session_state[SHOWN] = reading.revision()
    with st.container(key="ikhtisar"):
        overview.show(choose_only, choose_area, choose_dot)
    with st.container(key="kerja"):
        left, right = st.columns([1.7, 1], gap="medium")
        with left, st.container(key="daftar"):
            filters()
            freshness()
            listing()
        with right, st.container(key="rincian"):
            detail.panel()


def filters() -> None:
    """Tab, topic, area and words; all of them stand in the address, so a view can be sent to a colleague."""
    city = context.current().city
    places = [code for code, area in city.areas.items() if area.level in ("kabupaten", "kota", "kecamatan")]
    with st.container(key="saringan", horizontal=True, gap="small", vertical_alignment="center"):
        spot = st.container(width="content")
        st.selectbox(
            "Urusan", list(city.topics), index=None, placeholder="Urusan", key=TOPIC, bind="query-params",
            format_func=lambda code: city.topics[code].label, label_visibility="collapsed", on_change=first_page,
            width=154,
        )  # fmt: skip
        st.selectbox(
            "Wilayah", places, index=None, placeholder="Wilayah", key=AREA, bind="query-params",
            format_func=lambda code: city.areas[code].name, label_visibility="collapsed", on_change=first_page,
            width=154,
        )  # fmt: skip
        st.text_input(
            "Cari", key=WORDS, bind="query-params", placeholder="Cari isu …", label_visibility="collapsed",
            type="search", max_chars=80, on_change=first_page, width=140,
        )  # fmt: skip
        with spot:
            tabs()


def tabs() -> None:
    """The views with as many issues as each holds under the filters."""
    now, only = context.current().now(), only_chosen()
    data = {
        "name": "Tampilan",
        "chosen": view_chosen().value,
        "tabs": [{"name": view.value, "count": len(kept(found(view), view, only, now))} for view in View],
    }
    render.draw("tabs", data, key="tampilan", width="content", on_picked_change=choose_view)


def found(view: View) -> list[Row]:
    """The issues that a view is made of, under the filters."""
    state = st.session_state
    return reading.board_rows(view is View.ALL, state.get(TOPIC), state.get(AREA), state.get(WORDS) or "")


def view_chosen() -> View:
    """The view in the address."""
    wanted = st.query_params.get(VIEW, "")
    return View(wanted) if wanted in list(View) else View.OPEN


@st.fragment(key="baru", run_every=FRESH_S)
def freshness() -> None:
    """Offers what changed since the list was drawn; never reorders it under the reader's cursor."""
    member()
    changed = reading.revision() - st.session_state[SHOWN]
    if changed > 0:
        st.button(f"{changed} pembaruan — tampilkan", key="perbarui", on_click=show_new, width="stretch")


def show_new() -> None:
    """Draw everything again from the store."""
    reading.forget()
    st.rerun()


@st.fragment(key="antrean")
def listing() -> None:
    """One page of the queue."""
    user = member()
    here = context.current()
    now = here.now()
    view, only = view_chosen(), only_chosen()
    rows = ordered(kept(found(view), view, only, now), now)
    pages = max(1, -(-len(rows) // PER_PAGE))
    at = min(pages, max(1, int(st.query_params.get(PAGE, "1")) if st.query_params.get(PAGE, "1").isdigit() else 1))
    shown = rows[(at - 1) * PER_PAGE : at * PER_PAGE]
    data = {
        "rows": rows_data(shown),
        "now": round(now.timestamp() * 1000),
        "selected": st.query_params.get(ISSUE) or (shown[0].issue.id if shown else None),
        "total": len(rows), "page": at, "pages": pages, "only": only.words if only else "",
        "empty": empty_words(view, user), "checked": " · ".join(filter(None, overview.crawl_words())),
        "filtered": filtered(),
    }  # fmt: skip
    st.session_state["pertama"] = shown[0].issue.id if shown else None
    render.draw(
        "queue", data, key="antrean_isi", on_picked_change=choose_row,
        on_page_change=choose_page, on_only_change=clear_only, on_clear_change=clear,
    )  # fmt: skip


def rows_data(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows as the component draws them."""
    here = context.current()
    now, names = here.now(), reading.full_names()
    hours = reading.sparklines(tuple(row.issue.id for row in rows))
    return [
        {
            "id": row.issue.id, "title": row.issue.title, "place": row.issue.place, "score": row.issue.score,
            "why": " · ".join(reason.text.split(";")[0].split(" (")[0] for reason in row.issue.reasons[:2]),
            "posts": row.issue.posts, "spark": hours.get(row.issue.id, []),
            "holder": names.get(row.issue.holder, row.issue.holder) if row.issue.holder else None,
            "agency": here.city.agency_label(row.issue.agency), "status": here.workflow.label(row.issue.status),
            "colour": here.workflow.colour(row.issue.status), "sign": here.workflow.sign(row.issue.status),
            "group": row.group(now).value if not row.closed else Group.WATCH.value, "closed": row.closed,
            "due": round(row.deadline.due.timestamp() * 1000) if row.deadline else None,
            "start": round(row.deadline.start.timestamp() * 1000) if row.deadline else None,
            "deadline": row.deadline.label if row.deadline else "",
            "touched": round(row.issue.last_at.timestamp()),
        }
        for row in rows
    ]  # fmt: skip


def empty_words(view: View, user: User) -> str:
    """What an empty list means."""
    if filtered():
        return "Tidak ada isu yang cocok dengan saringan ini."
    return {
        View.LATE: "Tidak ada yang lewat batas.",
        View.OPEN: f"Tidak ada isu terbuka, {user.full_name}.",
        View.UNHELD: "Semua isu sudah ada PIC-nya.",
        View.ALL: "Belum ada isu.",
    }[view]


def filtered() -> bool:
    """Whether anything but the view narrows the list."""
    return any(st.session_state.get(key) for key in (TOPIC, AREA, WORDS)) or only_chosen() is not None


def only_chosen() -> Only | None:
    """The number of the header that filters the list, from the address."""
    wanted = st.query_params.get(ONLY, "")
    return Only(wanted) if wanted in list(Only) else None


def first_page() -> None:
    """A new filter starts on its first page."""
    st.query_params.pop(PAGE, None)


def choose_row() -> None:
    """A click on a row: only the detail runs again."""
    picked = render.trigger("antrean_isi", "picked")
    if picked:
        st.query_params[ISSUE] = str(picked)
        st.rerun("rincian")


def choose_page() -> None:
    """Turn a page of the queue."""
    wanted = render.trigger("antrean_isi", "page")
    if wanted:
        st.query_params[PAGE] = str(int(wanted))
        st.rerun("antrean")


def choose_view() -> None:
    """A click on a tab."""
    wanted = render.trigger("tampilan", "picked")
    if wanted in list(View):
        first_page()
        st.query_params[VIEW] = str(wanted)


def clear() -> None:
    """Every filter off."""
    st.query_params.pop(ONLY, None)
    first_page()
    st.session_state.update({TOPIC: None, AREA: None, WORDS: ""})
    st.rerun()


def clear_only() -> None:
    """Back to the whole list."""
    st.query_params.pop(ONLY, None)
    first_page()


def choose_only() -> None:
    """A click on a number of the header."""
    wanted = render.trigger(overview.KEY, "only")
    if wanted in list(Only):
        first_page()
        st.query_params.pop(VIEW, None)
        st.query_params[ONLY] = str(wanted)


def choose_area() -> None:
    """A click on a kecamatan."""
    code = render.trigger(overview.KEY, "area")
    if code in context.current().city.areas:
        first_page()
        st.session_state[AREA] = code


def choose_dot() -> None:
    """A click on the map: the list marks the row too."""
    picked = render.trigger(overview.KEY, "picked")
    if picked:
        st.query_params[ISSUE] = str(picked)
        st.rerun(["antrean", "rincian"])
