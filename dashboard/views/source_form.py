"""The form that edits a source: checked by the rules of its declaration, stored with its entry in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import present
from tanggap.declarations import amended
from tanggap.errors import SettingsError, StoreError
from tanggap.records import Source
from tanggap.store import sources
from tanggap.watch import edits

FIELDS: Final = (
    "title", "enabled", "schedule", "topic_guard", "limit", "pace_s", "expected_per_day", "budget_items", "budget_usd",
)  # fmt: skip
#: What is told when a key does not fit its declaration.
WRONG: Final[Mapping[str, str]] = {
    "title": "Nama sumber tidak boleh kosong.",
    "schedule": "Jadwal harus baris cron lima bagian, misalnya */15 5-22 * * * (setiap 15 menit, pukul 05.00-23.00).",
    "limit": "Batas per putaran harus antara 1 dan 10.000.",
    "pace_s": "Jeda harus antara 0 dan 600 detik.",
}
TOLD: Final = "hasil_sumber"


def form(source: Source) -> None:
    """The keys that may be changed from the screen."""
    mark = f"{source.id} {[getattr(source, name) for name in FIELDS]}"
    keys = {name: f"{name} {mark}" for name in FIELDS}
    with st.form(f"sumber {mark}", border=False):
        left, right = st.columns(2, gap="medium")
        with left:
            st.text_input("Nama di layar", source.title, key=keys["title"], max_chars=80)
            st.text_input("Jadwal (cron, WIB; kosong: hanya bila diminta)", source.schedule, key=keys["schedule"])
            st.text_input("Kata yang disisihkan, dipisah koma", ", ".join(source.topic_guard), key=keys["topic_guard"])
            st.toggle("Dibaca", source.enabled, key=keys["enabled"])
        with right:
            number("Paling banyak per putaran", source.limit, 1, 10_000, keys["limit"])
            number("Jeda antarpermintaan (detik)", source.pace_s, 0.0, 600.0, keys["pace_s"])
            number("Kiriman biasa per hari", source.expected_per_day, 0, 1_000_000, keys["expected_per_day"])
            number("Jatah kiriman per hari (0: tanpa batas)", source.budget_items, 0, 10_000_000, keys["budget_items"])
            number(
                "Jatah biaya per hari, dolar (0: tanpa batas)", source.budget_usd, 0.0, 100_000.0, keys["budget_usd"]
            )
        st.form_submit_button("Simpan", type="primary", on_click=save, args=(source, keys))


def number(words: str, value: float, least: float, most: float, key: str) -> None:
    """A number within its bounds."""
    st.number_input(words, least, most, value, key=key, format="%g" if isinstance(value, float) else None)


def save(seen: Source, keys: Mapping[str, str]) -> None:
    """Stores what the form says, unless a rule refuses it or somebody was faster; what happened is told after."""
    user = present()
    if user is None:
        return
    if not context.current().workflow.may(user, "sources"):
        tell("Anda tidak berhak mengubah sumber.", good=False)
        return
    changes = filled(seen, {name: st.session_state.get(key) for name, key in keys.items()})
    if fault := refused(seen, changes):
        tell(fault, good=False)
        return
    try:
        done = store(seen, changes, user.name)
    except StoreError:
        tell("Penyimpanan tidak menjawab; belum ada yang berubah. Coba lagi.", good=False)
        return
    told = {
        True: "Perubahan disimpan.",
        False: "Tidak ada yang berubah.",
        None: "Sumber ini baru saja diubah orang lain.",
    }
    tell(told[done], good=done is not None)
    reading.forget_sources()


def filled(seen: Source, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the form that differ from what the person saw, as keys of a declaration."""
    words = str(values.get("topic_guard") or "")
    read = {name: value for name, value in values.items() if value is not None}
    read["topic_guard"] = tuple(part for word in words.split(",") if (part := word.strip()))
    read |= {name: str(read[name]).strip() for name in ("title", "schedule") if name in read}
    return {name: value for name, value in read.items() if getattr(seen, name) != value}


def refused(seen: Source, changes: Mapping[str, Any]) -> str | None:
    """What the declaration has against the first change that does not fit."""
    for name, value in changes.items():
        try:
            amended(seen, {name: value})
        except SettingsError:
            return WRONG.get(name, "Perubahan ini tidak sesuai aturan sumber.")
    return None


def store(seen: Source, changes: Mapping[str, Any], by: str) -> bool | None:
    """True when stored, False when nothing differs, None when the source is no longer what the person saw."""
    here = context.current()
    with here.store.write() as db:
        current = sources.get(db, seen.id)
        if current is None or current.evolve(verified=seen.verified) != seen:
            return None
        return edits.edit(db, current, amended(current, changes), by, here.now())


def tell(words: str, *, good: bool) -> None:
    """Keeps what to tell for as long as the source stays open."""
    st.session_state[TOLD] = (good, words)


def outcome() -> None:
    """What the last edit did."""
    if told := st.session_state.get(TOLD):
        good, words = told
        (render.done if good else render.refusal)(words)


def forget() -> None:
    """Nothing is left to tell."""
    st.session_state.pop(TOLD, None)
