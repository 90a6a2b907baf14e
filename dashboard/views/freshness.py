"""Kesegaran: how long posts took from being published to being seen, and which took longest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import streamlit as st

from dashboard import context, jobs, reading, render
from dashboard.member import member
from dashboard.words import dotted
from tanggap.clock import stamp
from tanggap.store import freshness
from tanggap.store.freshness import Seen

ROWS: Final = 60
COLUMNS: Final[list[dict[str, Any]]] = [
    {"name": "Terbit"}, {"name": "Sumber"}, {"name": "Judul"}, {"name": "Sampai terkumpul", "number": True},
    {"name": "Sampai terlihat", "number": True}, {"name": "Tautan"},
]  # fmt: skip


def part() -> None:
    """The measure of the last day and the posts that took longest."""
    member()
    found = reading.fresh(1)
    if found is None:
        st.info("Belum ada kiriman baru yang terlihat dalam 24 jam terakhir.")
        return
    here = context.current()
    with here.store.read() as db:
        late = freshness.slowest(db, here.now() - timedelta(days=1), ROWS)
    titles = reading.source_titles()
    median, p95, collect = (lag(value) for value in (found.median_s, found.p95_s, found.collect_median_s))
    render.say(
        f"{dotted(found.posts)} kiriman terbit dan terlihat dalam 24 jam: separuhnya dalam {median}, "
        f"95 dari 100 dalam {p95}. Sampai terkumpul saja: {collect} (median)."
    )
    render.heading("Yang paling lama" if found.posts > len(late) else "Semua kiriman, yang paling lama dahulu")
    rows = [row(seen, titles) for seen in late]
    render.draw("table", {"caption": "Kesegaran", "columns": COLUMNS, "rows": rows}, key="segar_isi")


def row(seen: Seen, titles: dict[str, str]) -> list[Any]:
    """A post as table cells."""
    source = titles.get(seen.source, seen.source)
    return [
        stamp(seen.published_at), source, seen.title or "–", lag(seen.collect_s), lag(seen.visible_s),
        render.link(seen.url) or "–",
    ]  # fmt: skip


def lag(seconds: float) -> str:
    """Seconds for people."""
    return jobs.length(timedelta(seconds=seconds))
