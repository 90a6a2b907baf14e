"""Sumber: every source with its last run, what it brought, and in one sentence why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import context, reading, render
from dashboard.member import member
from tanggap.clock import span, stamp
from tanggap.records import CrawlRun, Source, SourceKind

COLUMNS = [
    {"name": "Sumber"},
    {"name": "Jenis"},
    {"name": "Putaran terakhir"},
    {"name": "Diambil", "number": True},
    {"name": "Baru", "number": True},
    {"name": "Ganda", "number": True},
    {"name": "Gagal", "number": True},
    {"name": "Keadaan"},
    {"name": "Alamat"},
]

KINDS = {
    SourceKind.NEWS: "berita",
    SourceKind.X: "X",
    SourceKind.QLUE_A: "Qlue",
    SourceKind.QLUE_B: "Qlue",
    SourceKind.CSV: "berkas CSV",
    SourceKind.COUNTER: "loket",
}

FAILURES = {
    "rate": "Diminta menunggu",
    "cap": "Jatah habis",
    "auth": "Kunci ditolak",
    "empty": "Tidak ada isi",
    "blocked": "Situs menutup pintu",
    "layout": "Bentuk halaman berubah",
    "network": "Tidak menjawab",
    "config": "Salah atur",
}


def page() -> None:
    """A table to read; sources are changed in sources.toml."""
    member()
    st.subheader("Sumber")
    declared, latest = reading.crawl_state()
    if not declared:
        st.info("Belum ada sumber. Tambahkan di sources.toml, lalu jalankan `tanggap crawl`.")
        return
    rows = [row(source, latest.get(source.id)) for source in sorted(declared, key=lambda s: rank(s, latest))]
    render.draw("table", {"caption": "Sumber", "columns": COLUMNS, "rows": rows}, key="sumber_tabel")


def rank(source: Source, latest: Mapping[str, CrawlRun]) -> tuple[bool, bool, str]:
    """Failed sources first, switched off ones last."""
    run = latest.get(source.id)
    return not source.enabled, run is None or run.failure is None, source.title


def row(source: Source, run: CrawlRun | None) -> list[Any]:
    """One source as table cells."""
    counts = [run.fetched, run.new, run.duplicate, run.failed] if run else ["–"] * 4
    return [
        source.title,
        KINDS.get(source.kind, source.kind.value),
        when(run),
        *counts,
        state(source, run),
        render.link(source.address) or "–",
    ]


def when(run: CrawlRun | None) -> str:
    """When it last ran, and how long ago."""
    if run is None:
        return "belum pernah"
    return f"{stamp(run.started_at)} ({span(context.current().now() - run.started_at)} lalu)"


def state(source: Source, run: CrawlRun | None) -> dict[str, str]:
    """Its health in words."""
    if not source.enabled:
        return {"words": "nonaktif", "tone": "soft"}
    if run is None:
        return {"words": "menunggu putaran pertama", "tone": "soft"}
    if run.failure:
        return {"words": f"{FAILURES.get(run.failure, 'gagal')}. {run.message}".strip(), "tone": "red"}
    if run.ended_at is None:
        return {"words": "sedang berjalan", "tone": "soft"}
    return {"words": f"baik; {run.failed} dilewati" if run.failed else "baik", "tone": "good"}
