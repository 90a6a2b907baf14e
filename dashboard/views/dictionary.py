"""Kamus: what people type and what it means, to be searched, added to, changed and retired; beside it what is new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import member
from dashboard.views import drifting, outcome
from dashboard.words import dotted
from tanggap import slang
from tanggap.desk import wording
from tanggap.records import User
from tanggap.slang import Word
from tanggap.text import fold

KEY: Final = "kamus_isi"
PER_PAGE: Final = 25
REGIONS: Final = {"id": "umum", "jkt": "Betawi & Jakarta", "jv": "Jawa", "su": "Sunda", "en": "Inggris"}
ORIGINS: Final = {"office": "kantor ini", "acronym": "singkatan, tetap", "shipped": "bawaan"}
#: The word in the form, and its fields.
WORD, MEANS, REGION = "kamus_kata", "kamus_arti", "kamus_daerah"


def page() -> None:
    """The table on the left, what is new on the right."""
    user = member()
    st.subheader("Kamus")
    outcome.show()
    left, right = st.columns([3, 2], gap="large")
    with left:
        table(user)
    with right:
        drifting.panel(user)


def table(user: User) -> None:
    """Search, the form, and the lines that fit."""
    first, second, third = st.columns([3, 2, 2], gap="small")
    with first:
        wanted = st.text_input(
            "Cari kata atau arti", key="kamus_cari", placeholder="Cari kata atau arti", label_visibility="collapsed",
            live=True, on_change=first_page,
        )  # fmt: skip
    with second:
        region = st.selectbox(
            "Daerah", list(REGIONS), index=None, format_func=REGIONS.__getitem__, placeholder="Semua daerah",
            key="kamus_saring", label_visibility="collapsed", on_change=first_page,
        )  # fmt: skip
    with third:
        origin = st.selectbox(
            "Asal", list(ORIGINS), index=None, format_func=ORIGINS.__getitem__, placeholder="Semua asal",
            key="kamus_asal", label_visibility="collapsed", on_change=first_page,
        )  # fmt: skip
    form()
    every = slang.words(context.current().city.language_dir)
    found = [word for word in every if fits(word, fold(wanted or ""), region, origin)]
    shown = found[: PER_PAGE * st.session_state.get("kamus_hal", 1)]
    data = {
        "sum": f"{dotted(len(found))} dari {dotted(len(every))} kata dan singkatan",
        "may": context.current().workflow.may(user, "correct"),
        "columns": ["Diketik", "Artinya", "Daerah", "Asal"],
        "rows": [line(word) for word in shown],
        "more": min(PER_PAGE, len(found) - len(shown)),
    }
    render.draw(
        "dictionary", data, key=KEY, on_more_change=next_page, on_edit_change=edit, on_retire_change=retire,
        on_restore_change=restore,
    )  # fmt: skip


def fits(word: Word, wanted: str, region: str | None, origin: str | None) -> bool:
    """Whether a line holds the words of the search and stands in the chosen region and origin."""
    said = wanted in word.typed or wanted in fold(word.meaning)
    return said and region in (None, word.region) and origin in (None, word.origin)


def line(word: Word) -> dict[str, Any]:
    """A line as the component draws it."""
    names = reading.full_names()
    own = f" · {names.get(word.by, word.by)}, {word.day:%d/%m/%Y}" if word.day else ""
    return {
        "word": word.typed, "meaning": word.meaning, "region": REGIONS.get(word.region, word.region),
        "origin": ORIGINS[word.origin] + own, "retired": word.retired, "fixed": word.origin == "acronym",
    }  # fmt: skip


def form() -> None:
    """The line that adds or changes a word."""
    with st.form("kamus_tambah", border=False):
        first, second, third, last = st.columns([2, 3, 2, 1.4], gap="small", vertical_alignment="bottom")
        with first:
            st.text_input("Kata yang diketik", key=WORD, max_chars=40, placeholder="mbledos")
        with second:
            st.text_input("Artinya (kata baku)", key=MEANS, max_chars=120, placeholder="meledak")
        with third:
            st.selectbox("Daerah kata", list(REGIONS), key=REGION, format_func=REGIONS.__getitem__)
        with last:
            st.form_submit_button("Simpan", type="primary", on_click=save)


def save() -> None:
    """Keeps the word in the form; it stays there when it was refused."""
    typed, means = (str(st.session_state.get(key) or "").strip().lower() for key in (WORD, MEANS))
    here = context.current()

    def deed(user: User) -> str:
        wording.teach(here.store, here.city, user, typed, means, st.session_state[REGION], at=here.now())
        return f"“{typed}” sekarang dibaca “{means}”, mulai kiriman berikutnya."

    if outcome.act(deed):
        st.session_state[WORD] = st.session_state[MEANS] = ""


def fill(typed: str, means: str = "", region: str = "id") -> None:
    """A word into the form, to be explained or changed."""
    st.session_state[WORD], st.session_state[MEANS], st.session_state[REGION] = typed, means, region


def edit() -> None:
    """A line into the form."""
    typed = str(render.trigger(KEY, "edit") or "")
    found = [word for word in slang.words(context.current().city.language_dir) if word.typed == typed]
    for word in found:
        fill(word.typed, word.meaning, word.region)


def retire() -> None:
    """The word means nothing but itself from now on."""
    here = context.current()

    def deed(typed: str, user: User) -> str:
        meant = wording.retire(here.store, here.city, user, typed, at=here.now())
        return f"“{typed}” tidak lagi dibaca “{meant}”."

    decide("retire", deed)


def restore() -> None:
    """The shipped meaning holds again."""
    here = context.current()

    def deed(typed: str, user: User) -> str:
        wording.remove(here.store, here.city, user, typed, at=here.now())
        return f"“{typed}” kembali seperti bawaan."

    decide("restore", deed)


def decide(act: str, deed: Callable[[str, User], str]) -> None:
    """Does what a button of a line asks for."""
    if typed := render.trigger(KEY, act):
        outcome.act(lambda user: deed(str(typed), user))


def first_page() -> None:
    """Another search begins at its beginning."""
    st.session_state.pop("kamus_hal", None)


def next_page() -> None:
    """More lines."""
    st.session_state["kamus_hal"] = st.session_state.get("kamus_hal", 1) + 1
