"""The chosen source: how it is, its runs, what could not be read, how to try it, and its declaration to edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import context, reading, render
from dashboard.messages import note
from dashboard.views import source_form
from dashboard.words import KINDS, brought, budget, day_cost, decimal, dollars, dotted, refused, schedule, told, tone
from tanggap.clock import WIB, hour_of, stamp
from tanggap.records import AuditEntry, CrawlRun, Source, User
from tanggap.store import audit, quarantine, runs, waits
from tanggap.store.alarms import Alarm
from tanggap.store.quarantine import Broken
from tanggap.store.waits import Wait
from tanggap.watch import LABELS, Health, State
from tanggap.watch.expectation import HOUR, hours

SOURCE: Final = "sumber"
RUNS: Final = 15
BROKEN: Final = 20

RUN_COLUMNS: list[dict[str, Any]] = [
    {"name": "Mulai"}, {"name": "Membawa"}, {"name": "Ditolak"}, {"name": "Biaya"}, {"name": "Catatan"},
]  # fmt: skip
BROKEN_COLUMNS: list[dict[str, Any]] = [{"name": "Waktu"}, {"name": "Yang salah"}, {"name": "Rekaman (disamarkan)"}]
EDIT_COLUMNS: list[dict[str, Any]] = [{"name": "Waktu"}, {"name": "Oleh"}, {"name": "Perubahan"}]

#: Acts of the audit trail on sources.
ACTS: Final = {
    "source.add": "ditambahkan",
    "source.edit": "diubah",
    "source.enable": "dinyalakan",
    "source.disable": "dimatikan",
    "source.restore": "dikembalikan ke sources.toml",
}


def panel(health: Health, alarm: Alarm | None, user: User) -> None:
    """Everything about one source."""
    here, source = context.current(), health.source
    with here.store.read() as db:
        wait = waits.until(db, source.id)
        lately = runs.recent(db, RUNS, source=source.id)
        broken = quarantine.entries(db, source.id, limit=BROKEN)
        edits = audit.entries(db, source.id, limit=10)
    render.draw("source", heading(health, alarm, wait), key="sumber_kepala", on_back_change=close)
    source_form.outcome()
    if here.workflow.may(user, "sources"):
        with st.expander("Ubah sumber", key=f"ubah {source.id}"):
            source_form.form(source)
    st.caption("Coba sumber ini tanpa menyimpan apa pun; jalankan di terminal:")
    render.passage(f"tanggap source test {source.id}")
    table("Karantina: rekaman yang tidak terbaca", BROKEN_COLUMNS, [broken_row(one) for one in broken], "sumber_rusak")
    table("Putaran terakhir", RUN_COLUMNS, [run_row(run) for run in lately], "sumber_putaran")
    table("Riwayat perubahan", EDIT_COLUMNS, [edit_row(one) for one in edits], "sumber_riwayat")


def table(title: str, columns: Sequence[Mapping[str, Any]], rows: list[list[Any]], key: str) -> None:
    """A titled table; nothing where there are no rows."""
    if rows:
        with st.container(gap="xsmall"):
            render.heading(title)
            render.draw("table", {"caption": title, "columns": columns, "rows": rows}, key=key)


def heading(health: Health, alarm: Alarm | None, wait: Wait | None) -> dict[str, Any]:
    """Title, state, facts and the last 24 hours."""
    now, source = context.current().now(), health.source
    end = hour_of(now) + HOUR
    since = alarm.since if alarm else health.verdict.since
    return {
        "title": source.title,
        "path": " · ".join(filter(None, (KINDS[source.kind], source.id, where(source)))),
        "link": render.link(source.address),
        "state": LABELS[health.state],
        "tone": tone(health),
        "since": stamp(since) if since and health.state is not State.GOOD else "",
        "told": told(health),
        "more": note(health.last_run.message).more if health.last_run and health.last_run.failure else "",
        "facts": facts(health, wait),
        "hours": health.hours,
        "usual": [round(count, 2) for count in health.usual],
        "day": health.day,
        "usualDay": round(health.usual_day),
        "usualWord": usual(health),
        "clock": [f"{hour.astimezone(WIB):%H}" for hour in hours(end - 24 * HOUR, end)],
    }


def where(source: Source) -> str:
    """What is read, where no link can show it."""
    return source.query or ("" if render.link(source.address) else source.address)


def facts(health: Health, wait: Wait | None) -> list[tuple[str, str]]:
    """What an analyst asks first."""
    source, now = health.source, context.current().now()
    known = [
        ("24 jam terakhir", f"{dotted(health.day)}, {usual(health)} {dotted(round(health.usual_day))}"),
        ("7 hari terakhir", week(health)),
        ("Terakhir berhasil", stamp(health.last_success) if health.last_success else "belum pernah"),
        ("Jadwal", schedule(source, reading.source_clocks())),
        ("Putaran berikutnya", stamp(health.next_at) if health.next_at else "–"),
        ("Hari ini", f"{dotted(health.items_today)} diambil, {day_cost(health)} {budget(source)}".rstrip()),
        ("Jeda dan batas", f"{decimal(source.pace_s)} detik, {dotted(source.limit)} per putaran"),
        ("Alamat", "pernah dijawab" if source.verified else "belum teruji"),
        ("Izin", source.licence or "belum dicatat"),
    ]
    if wait is not None and wait.until > now:
        known.insert(3, ("Diminta menunggu sampai", f"{stamp(wait.until)} ({wait.why})"))
    return known


def usual(health: Health) -> str:
    """What the usual number is: learned from its posts, or only declared."""
    return "biasanya" if health.learned else "perkiraan"


def week(health: Health) -> str:
    """Posts of the last week; what is usual only once a week has taught it."""
    return dotted(health.week) + (f", biasanya {dotted(round(health.usual_week))}" if health.learned else "")


def run_row(run: CrawlRun) -> list[Any]:
    """One run as table cells."""
    cost = dollars(run.cost_usd) if run.cost_usd else "–"
    words = {"words": brought(run), "tone": "red" if run.failure else ""}
    return [stamp(run.started_at), words, refused(run) or "–", cost, note(run.message, run.failure).cell()]


def broken_row(one: Broken) -> list[Any]:
    """One record of the quarantine as table cells."""
    return [stamp(one.at), one.told, one.sample]


def edit_row(entry: AuditEntry) -> list[Any]:
    """One edit as table cells."""
    changed = ", ".join(f"{key}: {entry.before.get(key, '–')} → {value}" for key, value in entry.after.items())
    by = reading.full_names().get(entry.by, entry.by)
    return [stamp(entry.at), by, " ".join(filter(None, (ACTS.get(entry.action, entry.action), changed)))]


def close() -> None:
    """Back to all sources."""
    source_form.forget()
    st.query_params.pop(SOURCE, None)
