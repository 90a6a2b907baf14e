"""What the workers do this moment: the numbers of the day, what needs a person, and what is at work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import streamlit as st

from dashboard import context, dispatch, jobs, reading, render
from dashboard.member import member
from dashboard.messages import note
from dashboard.reading import Work
from dashboard.views import history, outcome, schedule
from dashboard.words import dotted
from tanggap.clock import stamp
from tanggap.records import User
from tanggap.schedules import JobRun, State
from tanggap.store.job_care import Fault

#: Seconds between two looks; the store is asked once for everybody.
EVERY_S: Final = 2
#: Days that freshness is measured over.
DAYS: Final = 1
KEY: Final = "kini_isi"


@st.fragment(key="kini", run_every=EVERY_S)
def live() -> None:
    """Moves by itself."""
    user = member()
    now, work, sources = context.current().now(), reading.work(), reading.source_titles()
    data = {
        "now": round(now.timestamp() * 1000),
        "may": dispatch.may(user),
        "figures": figures(work),
        "workers": workers(work, now),
        "faults": [fault_data(fault, sources) for fault in work.faults],
        "running": [running_data(run, sources, now) for run in work.running],
    }
    render.draw(
        "working", data, key=KEY, on_figure_change=lead, on_picked_change=choose, on_retry_change=retry,
        on_dismiss_change=dismiss, on_cancel_change=cancel,
    )  # fmt: skip


def figures(work: Work) -> list[dict[str, str]]:
    """The numbers; each leads to its rows."""
    waiting = sum(work.tally.get(state, 0) for state in (State.ASKED, State.QUEUED))
    fresh = reading.fresh(DAYS)
    counted = [
        (State.RUNNING.value, dotted(work.tally.get(State.RUNNING, 0)), "berjalan"),
        (State.ASKED.value, dotted(waiting), "menunggu giliran"),
        (State.DONE.value, dotted(work.tally.get(State.DONE, 0)), "selesai dalam 24 jam"),
        (State.SKIPPED.value, dotted(work.tally.get(State.SKIPPED, 0)), "slot dilewati"),
    ]
    if fresh is not None:
        counted += [
            ("segar", jobs.length(timedelta(seconds=fresh.median_s)), "median terbit sampai terlihat"),
            ("segar", jobs.length(timedelta(seconds=fresh.p95_s)), "persentil ke-95"),
        ]
    return [{"key": key, "value": value, "words": words} for key, value, words in counted]


def workers(work: Work, now: datetime) -> dict[str, str]:
    """Who works; without anybody nothing runs."""
    if work.workers:
        return {"words": f"{len(work.workers)} pekerja hidup: {', '.join(work.workers)}", "tone": ""}
    since = f" sejak {stamp(work.seen)}" if work.seen and work.seen < now else ""
    return {"words": f"Tidak ada pekerja yang hidup{since}; jalankan tanggap serve.", "tone": "red"}


def fault_data(fault: Fault, sources: dict[str, str]) -> dict[str, Any]:
    """What was set aside, as the component draws it."""
    run, told = fault.run, note(fault.run.reason)
    return {
        "id": run.id,
        "title": jobs.title(run.job),
        "about": jobs.subject(run.job, run.argument, sources),
        "schedule": run.schedule,
        "since": stamp(fault.since),
        "times": f"{dotted(fault.times)} kali" if fault.times > 1 else "",
        "reason": told.words,
        "more": "\n\n".join(filter(None, (told.more, run.log))),
    }


def running_data(run: JobRun, sources: dict[str, str], now: datetime) -> dict[str, Any]:
    """A running job, as the component draws it."""
    return {
        "id": run.id,
        "title": jobs.title(run.job),
        "about": jobs.subject(run.job, run.argument, sources),
        "schedule": run.schedule,
        **jobs.progress(run, now),
    }


def lead() -> None:
    """A number leads to its rows."""
    key = render.trigger(KEY, "figure")
    if key == "segar":
        st.session_state["bagian"] = "Kesegaran"
    elif key in list(State):
        st.session_state["bagian"] = "Riwayat"
        shown = history.STATE in st.session_state
        (st.session_state if shown else st.query_params)[history.STATE] = history.choice(State(key))
    st.rerun()


def choose() -> None:
    """A click on a job opens its schedule."""
    if picked := render.trigger(KEY, "picked"):
        st.query_params[schedule.NAME] = str(picked)
        st.rerun()


def retry() -> None:
    """Once more."""
    if run := render.trigger(KEY, "retry"):
        history.retry(str(run))


def dismiss() -> None:
    """Let it be."""
    if run := render.trigger(KEY, "dismiss"):

        def deed(user: User) -> str:
            dispatch.dismiss(str(run), user)
            return "Dibiarkan; riwayatnya tetap ada."

        outcome.act(deed)
        st.rerun()


def cancel() -> None:
    """Stop it."""
    if run := render.trigger(KEY, "cancel"):
        history.cancel(str(run))
