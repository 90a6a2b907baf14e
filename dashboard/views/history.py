"""The runs of jobs: when, how long, what they did, what they cost, why some did not run, and their last log lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard import context, dispatch, jobs, reading, render
from dashboard.member import member
from dashboard.views import outcome
from tanggap.records import User
from tanggap.schedules import JobRun, State
from tanggap.store import job_runs

STATE: Final = "keadaan"
JOB: Final = "tugas"
PER_PAGE: Final = 30
EVERY_S: Final = 3
KEY: Final = "riwayat_isi"
ALL: Final = "Semua"
WAITING: Final = "Menunggu"

#: What the filter says, and the states it keeps.
CHOICES: Final[Mapping[str, tuple[State, ...]]] = {
    ALL: (),
    "Berjalan": (State.RUNNING,),
    WAITING: (State.ASKED, State.QUEUED),
    "Selesai": (State.DONE,),
    "Dilewati": (State.SKIPPED,),
    "Disisihkan": (State.SET_ASIDE,),
    "Dibatalkan": (State.CANCELLED,),
}


def choice(state: State) -> str:
    """The filter that keeps a state."""
    return next(words for words, states in CHOICES.items() if state in states)


def part() -> None:
    """The filters and the rows."""
    with st.container(key="saringan_riwayat", horizontal=True, gap="small", vertical_alignment="center"):
        st.segmented_control(
            "Keadaan", list(CHOICES), default=ALL, required=True, key=STATE, bind="query-params",
            label_visibility="collapsed", on_change=first_page,
        )  # fmt: skip
        st.selectbox(
            "Tugas", list(jobs.TITLES), index=None, placeholder="Semua tugas", key=JOB, bind="query-params",
            format_func=jobs.title, label_visibility="collapsed", on_change=first_page, width=220,
        )  # fmt: skip
    rows()


@st.fragment(key="riwayat", run_every=EVERY_S)
def rows(schedule: str | None = None) -> None:
    """The newest runs first, of one schedule or of what the filters keep."""
    user = member()
    states = CHOICES[ALL] if schedule else CHOICES.get(st.session_state.get(STATE) or ALL, ())
    job = None if schedule else st.session_state.get(JOB)
    most = PER_PAGE * st.session_state.get("riwayat_halaman", 1)
    found = runs(schedule, job, states, most + 1)
    names, sources = reading.full_names(), reading.source_titles()
    data = {
        "rows": [jobs.history(run, sources, names) for run in found[:most]],
        "more": len(found) > most,
        "one": schedule is not None,
        "may": dispatch.may(user),
        "empty": "Belum pernah berjalan." if schedule else "Tidak ada pekerjaan yang cocok dengan saringan ini.",
    }
    render.draw(
        "history", data, key=KEY, on_more_change=next_page, on_picked_change=choose, on_retry_change=retry_picked,
        on_cancel_change=cancel_picked,
    )  # fmt: skip


def runs(schedule: str | None, job: str | None, states: tuple[State, ...], most: int) -> list[JobRun]:
    """The newest runs of a schedule, a job and some states."""
    with context.current().store.read() as db:
        found = [
            run
            for state in states or (None,)
            for run in job_runs.recent(db, schedule=schedule, job=job, state=state, limit=most)
        ]
    return sorted(found, key=lambda run: (run.asked_at, run.id), reverse=True)[:most]


def first_page() -> None:
    """A new filter starts on its first page."""
    st.session_state.pop("riwayat_halaman", None)


def next_page() -> None:
    """Older runs too."""
    st.session_state["riwayat_halaman"] = st.session_state.get("riwayat_halaman", 1) + 1


def choose() -> None:
    """A click on a schedule opens it."""
    if picked := render.trigger(KEY, "picked"):
        first_page()
        st.query_params["jadwal"] = str(picked)
        st.rerun()


def retry_picked() -> None:
    """Once more."""
    if run := render.trigger(KEY, "retry"):
        retry(str(run))


def cancel_picked() -> None:
    """Stop it."""
    if run := render.trigger(KEY, "cancel"):
        cancel(str(run))


def retry(run_id: str) -> None:
    """Asks once more for a run that was set aside."""

    def deed(user: User) -> str:
        dispatch.retry(run_id, user)
        return "Diminta lagi; mulai begitu pekerja luang."

    outcome.act(deed)
    st.rerun()


def cancel(run_id: str) -> None:
    """Stops a run that waits or works."""

    def deed(user: User) -> str:
        dispatch.cancel(run_id, user)
        return "Dihentikan; yang sudah disimpan tetap tersimpan."

    outcome.act(deed)
    st.rerun()
