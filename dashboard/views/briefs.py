"""Ringkasan: the days that have a brief, the page of each, and the text for a chat group."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import context, render
from dashboard.member import member
from tanggap.briefs.render import chat_text
from tanggap.clock import long_day
from tanggap.records import Brief
from tanggap.store import briefs


def page() -> None:
    """The latest brief to send on, and all days to open."""
    member()
    st.subheader("Ringkasan harian")
    days, latest = saved()
    if latest is None:
        st.info("Belum ada ringkasan. Ringkasan dibuat setiap pagi pukul 06.30, atau dengan `tanggap brief`.")
        return
    render.draw("links", {"rows": [row(day) for day in days]}, key="ringkasan_hari")
    st.caption("Salin untuk WhatsApp atau Telegram")
    render.passage(chat_text(latest, context.current().city))


def saved() -> tuple[list[date], Brief | None]:
    """The days with a brief, newest first, and the newest brief."""
    with context.current().store.read() as db:
        days = sorted(briefs.days(db), reverse=True)[:60]
        return days, briefs.latest(db, days[0]) if days else None


def row(day: date) -> dict[str, str]:
    """A day as the component draws it."""
    return {"day": long_day(day), "path": f"/ringkasan/{day.isoformat()}"}
