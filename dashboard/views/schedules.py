"""Jadwal: what runs when, what runs now, what was set aside, and how fresh the posts are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import streamlit as st

from dashboard import context, dispatch, jobs, reading, render
from dashboard.member import member
from dashboard.messages import note
from dashboard.views import freshness, history, outcome, schedule, schedule_form, working
from tanggap.clock import span
from tanggap.records import User
from tanggap.schedules import JobRun, Schedule, State

COLUMNS: Final = ("Jadwal", "Kapan", "Lima berikutnya", "Terakhir", "Hasil")
#: Runs of each schedule that the list draws, and coming slots that it names.
PAST: Final = 12
COMING: Final = 5
#: Seconds between two looks at the schedules.
EVERY_S: Final = 4
#: The parts of the page; the value stands in the address.
PART: Final = "bagian"
PLAN, RUNS, FRESH = "Jadwal", "Riwayat", "Kesegaran"


def visible(user: User) -> bool:
    """Who sees the page: those who may change schedules, and those who work with what the jobs bring."""
    return dispatch.may(user) or context.current().workflow.may(user, "move")


def page() -> None:
    """All schedules, or the one in the address."""
    user = member()
    found = reading.plans(PAST)
    named = st.query_params.get(schedule.NAME)
    chosen = next((item for item, _ in found if item.name == named), None)
    outcome.show()
    if chosen is not None:
        schedule.panel(chosen, user)
        return
    with st.container(key="kepala", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Jadwal", width="content")
        if dispatch.may(user) and st.button("Tambah jadwal", key="tambah"):
            schedule_form.adding()
    working.live()
    part = st.segmented_control(
        "Bagian", [PLAN, RUNS, FRESH], default=PLAN, required=True, key=PART, bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    {PLAN: listing, RUNS: history.part, FRESH: freshness.part}[part or PLAN]()


@st.fragment(key="daftar_jadwal", run_every=EVERY_S)
def listing() -> None:
    """One line per schedule."""
    user = member()
    now, sources = context.current().now(), reading.source_titles()
    found = sorted(reading.plans(PAST), key=lambda each: rank(each[0], each[1], sources))
    if not found:
        st.info("Belum ada jadwal. Pekerja membuat jadwal bawaan begitu dijalankan: `tanggap serve`.")
        return
    data = {
        "columns": COLUMNS,
        "may": dispatch.may(user),
        "readonly": "" if dispatch.may(user) else dispatch.REFUSED,
        "rows": [row(item, past, sources, now) for item, past in found],
        "now": round(now.timestamp() * 1000),
    }
    render.draw(
        "schedules", data, key="jadwal_isi", on_picked_change=choose, on_run_change=run, on_pause_change=pause,
        on_resume_change=resume,
    )  # fmt: skip


def rank(item: Schedule, past: list[JobRun], sources: dict[str, str]) -> tuple[bool, bool, bool, str]:
    """Those in trouble first, then the standing jobs, then the sources by name; the paused ones last."""
    last = ran(past)
    troubled = last is not None and last.state is State.SET_ASIDE
    return not troubled, item.paused, item.job == "crawl", named(item, sources).casefold()


def named(item: Schedule, sources: dict[str, str]) -> str:
    """What people call it: the source it reads, else its job."""
    return jobs.subject(item.job, item.argument, sources) if item.job == "crawl" else jobs.title(item.job)


def ran(past: list[JobRun]) -> JobRun | None:
    """The last run that did or does something: the one at work, else the newest that is over and was not skipped."""
    idle = (State.ASKED, State.QUEUED, State.SKIPPED)
    working = (run for run in past if run.state is State.RUNNING)
    return next(working, next((run for run in past if run.state not in idle), None))


def row(item: Schedule, past: list[JobRun], sources: dict[str, str], now: datetime) -> dict[str, Any]:
    """A schedule as the component draws it."""
    slots = [] if item.paused else item.clock.fires(now, COMING)
    last = ran(past)
    return {
        "id": item.name,
        "title": named(item, sources),
        "about": f"{jobs.title(item.job)} · {item.name}" if item.job == "crawl" else item.name,
        "reading": item.clock.reading(),
        "manners": jobs.manners(item),
        "paused": item.paused,
        "next": round(slots[0].timestamp() * 1000) if slots else None,
        "fires": jobs.fires(slots, now),
        "last": last_data(last, now) if last else None,
        "waiting": any(run.state in (State.ASKED, State.QUEUED) for run in past),
        "past": marks(past),
    }


def last_data(run: JobRun, now: datetime) -> dict[str, Any]:
    """The last run of a schedule in a few words."""
    told = note(run.reason)
    return {
        "ago": f"{span(now - (run.ended_at or run.started_at or run.asked_at))} lalu",
        "lasted": jobs.length(run.lasted) if run.lasted is not None and run.state is not State.RUNNING else "",
        "state": jobs.state(run),
        "counts": jobs.counts(run) or ("tidak ada yang baru" if run.state is State.DONE and run.counts else ""),
        "reason": told.words,
    }


def marks(past: list[JobRun]) -> list[dict[str, Any]]:
    """The last runs as small bars, oldest first: as tall as they were long, in the colour of their outcome."""
    ended = [run for run in reversed(past) if run.state not in (State.ASKED, State.QUEUED)]
    longest = max((run.lasted.total_seconds() for run in ended if run.lasted), default=0.0) or 1.0
    return [
        {
            "tone": jobs.TONES.get(run.state, ""),
            "tall": round(max(0.18, run.lasted.total_seconds() / longest if run.lasted else 0.0), 2),
            "hint": " · ".join(filter(None, (jobs.clock(run.slot or run.asked_at), jobs.state(run)["words"]))),
        }
        for run in ended
    ]


def choose() -> None:
    """A click on a schedule opens it."""
    if picked := render.trigger("jadwal_isi", "picked"):
        st.query_params[schedule.NAME] = str(picked)
        st.rerun()


def run() -> None:
    """Its job at once."""
    if name := render.trigger("jadwal_isi", "run"):
        schedule.run_now(str(name))


def pause() -> None:
    """No slot of it starts any more."""
    if name := render.trigger("jadwal_isi", "pause"):
        schedule.pause(str(name))


def resume() -> None:
    """It goes on."""
    if name := render.trigger("jadwal_isi", "resume"):
        schedule.resume(str(name))
