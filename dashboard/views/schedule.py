"""The chosen schedule: when it fires, how it went, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

import streamlit as st

from dashboard import context, dispatch, jobs, reading, render
from dashboard.views import history, outcome, schedule_form
from dashboard.words import dotted
from tanggap.clock import city_day, day_bounds, stamp
from tanggap.errors import RuleError
from tanggap.records import User
from tanggap.schedules import LABELS, Schedule, State
from tanggap.store import audit

#: Name in the address bar.
NAME: Final = "jadwal"
COMING: Final = 5
ACTS: Final = {
    "schedule.add": "ditambahkan",
    "schedule.edit": "diubah",
    "schedule.pause": "dijeda",
    "schedule.resume": "dilanjutkan",
    "schedule.run": "dijalankan sekarang",
    "schedule.backfill": "diisi ulang",
    "schedule.remove": "dihapus",
}
EDIT_COLUMNS: Final[list[dict[str, Any]]] = [{"name": "Waktu"}, {"name": "Oleh"}, {"name": "Perubahan"}]
#: Days that a backfill offers by itself.
BACK: Final = 7


def panel(item: Schedule, user: User) -> None:
    """Everything about one schedule."""
    here = context.current()
    with here.store.read() as db:
        edits = audit.entries(db, item.name, limit=10)
        removable = dispatch.added(db, item.name)
    render.draw("schedule", heading(item), key="jadwal_kepala", on_back_change=close)
    if dispatch.may(user):
        actions(item, removable=removable)
    else:
        render.aside(dispatch.REFUSED)
    render.heading("Riwayat")
    history.rows(item.name)
    if edits:
        names = reading.full_names()
        render.heading("Perubahan")
        rows = [[stamp(e.at), names.get(e.by, e.by), changed(e.action, e.before, e.after)] for e in edits]
        render.draw("table", {"caption": "Perubahan", "columns": EDIT_COLUMNS, "rows": rows}, key="jadwal_ubahan")


def changed(action: str, before: Any, after: Any) -> str:
    """What an entry of the audit trail says of a schedule."""
    parts = [f"{name} {before[name] or '–'} → {after[name] or '–'}" for name in after if name in before]
    return " ".join([ACTS.get(action, action), ", ".join(parts)]).strip()


def heading(item: Schedule) -> dict[str, Any]:
    """Title, reading, coming slots and manners."""
    now, sources = context.current().now(), reading.source_titles()
    slots = item.clock.fires(now, COMING)
    about = jobs.subject(item.job, item.argument, sources)
    return {
        "title": about if item.job == "crawl" else jobs.title(item.job),
        "path": " · ".join(filter(None, (jobs.title(item.job), item.argument, item.name))),
        "paused": item.paused,
        "reading": item.clock.reading(),
        "cron": f"cron {item.cron}",
        "fires": jobs.fires(slots, now),
        "next": round(slots[0].timestamp() * 1000) if slots and not item.paused else None,
        "now": round(now.timestamp() * 1000),
        "manners": jobs.manners(item),
        "edited": f"{editor(item)}, {stamp(item.edited_at)}",
    }


def editor(item: Schedule) -> str:
    """Who changed it last."""
    by = item.edited_by
    return reading.full_names().get(by) or jobs.OTHERS.get(by, by)


def actions(item: Schedule, *, removable: bool) -> None:
    """What this person may do with it."""
    with st.container(key="tindakan_jadwal", horizontal=True, gap="small"):
        st.button("Jalankan sekarang", key="jalankan", type="primary", on_click=run_now, args=(item.name,))
        if st.button("Ubah", key="ubah"):
            schedule_form.editing(item)
        if item.paused:
            st.button("Lanjutkan", key="lanjutkan", on_click=resume, args=(item.name,))
        else:
            st.button("Jeda", key="jeda", on_click=pause, args=(item.name,))
        with st.popover("Isi ulang", key="isi_ulang"):
            backfill(item)
        if removable:
            with st.popover("Hapus", key="hapus"):
                st.caption("Jadwal ini tidak akan berjalan lagi; riwayatnya tetap ada.")
                st.button("Hapus jadwal", key="hapus_pasti", type="primary", on_click=remove, args=(item.name,))


def backfill(item: Schedule) -> None:
    """The form that asks for slots that never ran."""
    today = city_day(context.current().now())
    with st.form(f"isi {item.name}", border=False):
        st.caption("Meminta setiap slot yang belum pernah berjalan di antara dua hari ini.")
        st.text_input("Dari tanggal", f"{today - timedelta(days=BACK):%d/%m/%Y}", key="isi_dari")
        st.text_input("Sampai tanggal", f"{today:%d/%m/%Y}", key="isi_sampai")
        st.form_submit_button("Isi ulang", type="primary", on_click=fill, args=(item.name,))


def fill(name: str) -> None:
    """Save the backfill form."""
    first, last = (read_day(str(st.session_state.get(key))) for key in ("isi_dari", "isi_sampai"))

    def deed(user: User) -> str:
        if first is None or last is None or first > last:
            raise RuleError("Tulis tanggal seperti 22/11/2026, yang lebih awal dahulu.")
        moment = timedelta(seconds=1)
        count = dispatch.backfill(name, day_bounds(first)[0] - moment, day_bounds(last)[1] - moment, user)
        return f"{dotted(count)} slot diminta." if count else "Tidak ada slot yang belum pernah berjalan."

    do(deed)


def read_day(text: str) -> date | None:
    """A day as Indonesians write it, 22/11/2026; None for anything else."""
    try:
        return datetime.strptime(text.strip().replace("-", "/").replace(".", "/"), "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None


def do(deed: Callable[[User], str]) -> None:
    """Does it, and draws the page again."""
    outcome.act(deed)
    st.rerun()


def run_now(name: str) -> None:
    """Its job at once."""

    def deed(user: User) -> str:
        run = dispatch.run_now(name, user)
        if run.by != user.name or run.state is not State.ASKED:
            return f"Sudah {LABELS[run.state]}; tidak diminta dua kali."
        return "Diminta; mulai begitu pekerja luang."

    do(deed)


def pause(name: str) -> None:
    """No slot of it starts any more."""

    def deed(user: User) -> str:
        dispatch.pause(name, user)
        return "Dijeda; tidak ada slot yang mulai sampai dilanjutkan."

    do(deed)


def resume(name: str) -> None:
    """It goes on from now."""

    def deed(user: User) -> str:
        dispatch.resume(name, user)
        return "Dilanjutkan mulai sekarang."

    do(deed)


def remove(name: str) -> None:
    """Takes it away and goes back to the list."""

    def deed(user: User) -> str:
        dispatch.remove(name, user)
        return "Jadwal dihapus."

    if outcome.act(deed):
        st.query_params.pop(NAME, None)
    st.rerun()


def close() -> None:
    """Back to all schedules."""
    history.first_page()
    st.query_params.pop(NAME, None)
    st.rerun()
