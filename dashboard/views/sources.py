"""Sumber: how every source is, what it brings against what it usually does, and what a person should look at."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import member
from dashboard.views import source as detail
from dashboard.words import KINDS, brought, budget, day_cost, refused, schedule, told, tone
from tanggap.clock import span, stamp
from tanggap.records import SourceKind
from tanggap.store.alarms import Alarm
from tanggap.store.leads import Coverage
from tanggap.watch import LABELS, Health, State

COLUMNS = ("Sumber", "Keadaan", "24 jam / biasanya", "Putaran terakhir", "Jadwal", "Biaya hari ini")
#: Days of news searches that coverage is told for.
LOOK_DAYS: Final = 3
#: Name in the address bar.
SOURCE: Final = detail.SOURCE


def page() -> None:
    """All sources, or the one in the address."""
    user = member()
    found, alarms = reading.source_health()
    chosen = next((health for health in found if health.source.id == st.query_params.get(SOURCE)), None)
    if chosen is not None:
        detail.panel(chosen, alarms.get(chosen.source.id), user)
    elif found:
        st.subheader("Sumber")
        listing(found, alarms)
    else:
        st.info("Belum ada sumber. Tambahkan di sources.toml atau dengan `tanggap source add`.")


def listing(found: list[Health], alarms: dict[str, Alarm]) -> None:
    """What is wrong on top, then one line per source."""
    ordered = sorted(found, key=rank)
    calling = [health for health in ordered if health.verdict.alarming]
    data = {
        "sum": summary(found),
        "coverage": covered(reading.coverage(LOOK_DAYS)),
        "alarms": [alarm_data(health, alarms.get(health.source.id)) for health in calling],
        "columns": COLUMNS,
        "rows": [row(health) for health in ordered],
    }
    render.draw("sources", data, key="sumber_daftar", on_picked_change=choose)


def rank(health: Health) -> tuple[bool, bool, bool, str]:
    """Those in trouble first, the healthy ones by name, those switched off last."""
    well = health.state is State.GOOD
    return not health.source.enabled, not health.verdict.alarming, well, health.source.title.casefold()


def summary(found: list[Health]) -> str:
    """How many there are, how many are well, and how many nobody has read yet."""
    used = [health for health in found if health.source.enabled]
    well = sum(health.state is State.GOOD for health in used)
    never = sum(health.state is State.NEVER for health in used)
    parts = [f"{len(used)} sumber dibaca", f"{well} baik"]
    parts += [f"{never} belum pernah dibaca"] if never else []
    parts += [f"{len(found) - len(used)} nonaktif"] if len(found) > len(used) else []
    return " · ".join(parts)


def covered(found: Coverage) -> str:
    """What news searches say of our sources; "" where no search was read."""
    if not found.headlines:
        return ""
    told = (
        f"Dari {found.headlines} judul pencarian berita {LOOK_DAYS} hari terakhir, {found.matched} ada pada sumber kita"
    )
    missed = ", ".join(f"{publisher} {count}" for publisher, count in found.missed[:4])
    return f"{told}; belum ada: {missed}." if missed else f"{told}."


def alarm_data(health: Health, alarm: Alarm | None) -> dict[str, str]:
    """An alarm as the component draws it."""
    since = alarm.since if alarm else health.verdict.since or context.current().now()
    return {
        "id": health.source.id,
        "title": health.source.title,
        "state": LABELS[health.state],
        "since": stamp(since),
        "told": told(health),
    }


def row(health: Health) -> dict[str, Any]:
    """One source as the component draws it."""
    source, run = health.source, health.last_run
    return {
        "id": source.id,
        "title": source.title,
        "kind": KINDS[source.kind] + ("" if source.verified else " · alamat belum teruji"),
        "state": LABELS[health.state],
        "tone": tone(health),
        "told": told(health),
        "headlines": source.kind is SourceKind.DISCOVERY,
        "hours": health.hours,
        "usual": [round(count, 2) for count in health.usual],
        "day": health.day,
        "usualDay": round(health.usual_day),
        "ran": f"{span(context.current().now() - run.started_at)} lalu" if run else "belum pernah",
        "brought": brought(run) if run else "",
        "refused": f"ditolak: {refused(run)}" if run and refused(run) else "",
        "schedule": schedule(source, reading.source_clocks()),
        "next": f"berikutnya {stamp(health.next_at)}" if health.next_at else "",
        "cost": day_cost(health),
        "budget": budget(source),
    }


def choose() -> None:
    """A click on a source opens it."""
    picked = render.trigger("sumber_daftar", "picked")
    if picked:
        st.query_params[SOURCE] = str(picked)
