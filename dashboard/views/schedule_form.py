"""The form that adds or edits a schedule: while it is typed it says in words when the schedule fires."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import context, dispatch, jobs, reading, render
from dashboard.timing import MOST_JITTER_S, USUAL, Draft, fault, name_fault
from dashboard.views import outcome
from tanggap.records import User
from tanggap.schedules import CatchUp, Schedule

COMING: Final = 5
#: Parts of archives and of a backlog are asked for by whoever splits them, never by a schedule.
CHOICES: Final = tuple(job for job in jobs.TITLES if job not in ("archive", "score_part"))


@st.dialog("Tambah jadwal", width="medium")
def adding() -> None:
    """The form of a new schedule."""
    titles = reading.source_titles()
    left, right = st.columns(2, gap="medium")
    with left:
        job = st.selectbox("Tugas", CHOICES, format_func=jobs.title, key="baru_tugas")
    with right:
        source = ""
        if job == "crawl":
            source = st.selectbox(
                "Sumber", list(titles), index=None, key="baru_sumber", placeholder="Pilih sumber",
                format_func=lambda name: render.plain(titles[name]),
            ) or ""  # fmt: skip
    name = st.text_input("Nama jadwal", key="baru_nama", max_chars=60, placeholder="misalnya baca-pagi", live=True)
    draft = timing(Draft(name=name or "", job=job, argument=source, cron="*/15 5-21 * * *"), "baru")
    wrong = fault(draft, context.current().now())
    if st.button("Simpan", type="primary", key="baru_simpan"):
        missing = "" if job != "crawl" or source else "Pilih sumber yang akan dibaca."
        if told := wrong or missing or name_fault(draft.name):
            render.refusal(told)
        elif outcome.act(lambda user: added(draft, user)):
            st.query_params["jadwal"] = draft.name.strip()
            st.rerun()
        else:
            outcome.show()


@st.dialog("Ubah jadwal", width="medium")
def editing(item: Schedule) -> None:
    """The form of a schedule that there is."""
    seen = Draft(
        name=item.name, job=item.job, argument=item.argument, cron=item.cron, timezone=item.timezone,
        quiet=item.quiet.replace(":", "."), jitter_s=item.jitter_s, catch_up=item.catch_up,
    )  # fmt: skip
    render.aside(" · ".join(filter(None, (jobs.title(item.job), item.argument, item.name))))
    draft = timing(seen, f"ubah {item.name} {item.edited_at:%H%M%S}")
    if st.button("Simpan", type="primary", key="ubah_simpan"):
        if told := fault(draft, context.current().now()):
            render.refusal(told)
        else:
            outcome.act(lambda user: edited(item, draft, user))
            st.rerun()


def timing(draft: Draft, mark: str) -> Draft:
    """The fields that say when, with the reading and the next five slots under them while they are typed."""
    cron = f"{mark} cron"
    line = st.text_input("Kapan (cron, WIB)", draft.cron, key=cron, max_chars=100, live=True)
    st.pills(
        "Yang biasa", list(USUAL), key=f"{mark} biasa", label_visibility="collapsed", on_change=take_usual,
        args=(mark, cron),
    )  # fmt: skip
    spot = st.container()
    left, middle, right = st.columns(3, gap="small")
    with left:
        quiet = st.text_input(
            "Jam tenang (kosong: tidak ada)", draft.quiet, key=f"{mark} tenang", max_chars=20,
            placeholder="22.00-05.00", live=True,
        )  # fmt: skip
    with middle:
        jitter = st.number_input(
            "Mulai acak hingga (detik)", 0, MOST_JITTER_S, draft.jitter_s, key=f"{mark} acak", step=5
        )
    with right:
        catch_up = st.selectbox(
            "Slot yang terlewat", list(CatchUp), list(CatchUp).index(draft.catch_up), key=f"{mark} susulan",
            format_func=jobs.CATCH_UP.__getitem__,
        )  # fmt: skip
    typed = Draft(
        name=draft.name, job=draft.job, argument=draft.argument, timezone=draft.timezone, cron=line or "",
        quiet=quiet or "", jitter_s=int(jitter or 0), catch_up=catch_up or draft.catch_up,
    )  # fmt: skip
    with spot:
        render.draw("coming", preview(typed), key=f"{mark} pratinjau")
    return typed


def preview(draft: Draft) -> dict[str, object]:
    """What the form says so far: in words with its next slots, or what is wrong."""
    now = context.current().now()
    wrong = fault(draft, now)
    if wrong:
        return {"fault": wrong}
    return {"fault": "", "reading": draft.clock.reading(), "fires": jobs.fires(draft.clock.fires(now, COMING), now)}


def take_usual(mark: str, cron: str) -> None:
    """A usual line into the field."""
    if chosen := st.session_state.get(f"{mark} biasa"):
        st.session_state[cron] = USUAL[chosen]
        st.session_state[f"{mark} biasa"] = None


def added(draft: Draft, user: User) -> str:
    """Stores a new schedule."""
    item = draft.schedule(user.name, context.current().now())
    dispatch.add(item, user)
    return f"Jadwal ditambahkan: {item.clock.reading()}."


def edited(item: Schedule, draft: Draft, user: User) -> str:
    """Stores an edited one."""
    changed = draft.schedule(user.name, context.current().now()).evolve(paused=item.paused, decided_to=item.decided_to)
    if dispatch.edit(item, changed, user):
        return f"Perubahan disimpan: {changed.clock.reading()}."
    return "Tidak ada yang berubah."
