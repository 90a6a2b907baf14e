"""Writes a configuration directory that points a Tanggap at the sample city."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from pipeline.sample.published import COUNTER, JAKI, QLUE, X
from pipeline.sample.server import API, SampleServer
from pipeline.sample.sites import SITES
from tanggap.settings import packaged_config

LICENCE = "kota contoh: teks fiktif milik proyek ini"
PACE_S = 0.1


def write_config(server: SampleServer, directory: Path, start: datetime | None = None, *, port: int = 8501) -> None:
    """Copies the shipped configuration to `directory` and replaces its sources and settings by the sample's.

    Args:
        server: a running sample city; its ports go into the files.
        directory: made if missing; files of the same names are overwritten.
        start: what the product's clock is to read at this moment; without it the clock is left alone.
        port: where the dashboard is to listen.
    """
    shutil.copytree(packaged_config(), directory, dirs_exist_ok=True)
    (directory / "sources.toml").write_text(sources(server), encoding="utf-8")
    (directory / "tanggap.toml").write_text(settings(server, start, port), encoding="utf-8")


def settings(server: SampleServer, start: datetime | None, port: int) -> str:
    """tanggap.toml of the sample city."""
    offset = (start - datetime.now(UTC)).total_seconds() if start else 0.0
    addresses = ", ".join(f'"{address}"' for address in server.addresses)
    return f"""# The sample city: everything it reads stands on this machine.
city = "Jakarta"

[clock]
offset_s = {offset:.3f}

[limits]
allow_addresses = [{addresses}]

[crawler]
x_api = "{server.url(API)}"

[dashboard]
port = {port}
"""


def sources(server: SampleServer) -> str:
    """sources.toml of the sample city."""
    news = "".join(
        table(site.id, "news", f"{site.title} (contoh)", 15, address=server.url(site.id, site.listing))
        for site in SITES
    )
    # Its posts are ours, so they may be shown; those of the real X may not.
    here = {"agreement": "kota contoh: stand-in lokal", "display": "text"}
    x = table(X, "x", "X (contoh)", 2200, query="jakarta OR dki lang:id", limit=3000, **here)
    qlue = table(QLUE, "qlue-b", "Qlue (contoh)", 140, address=server.url(API, "/qlue/marker_v3"))
    jaki = table(JAKI, "csv", "JAKI (contoh)", 30, address=server.url(API, "/files/laporan-jaki.csv"))
    counter = table(COUNTER, "counter", "Loket aduan (contoh)", 30, address=server.url(API, "/files/loket.csv"))
    return f"""{news}{x}{qlue}{jaki}
[{JAKI}.columns]
id = "Nomor Tiket"
published_at = "Waktu Lapor"
title = "Kategori"
text = "Isi Laporan"
lat = "Lintang"
lon = "Bujur"
status = "Status Laporan"
{counter}
[{COUNTER}.columns]
id = "no_resi"
published_at = "tanggal"
title = "perihal"
text = "pengaduan"
author = "nama_pelapor"
"""


def table(source: str, kind: str, title: str, expected: int, **own: str | int) -> str:
    """One source of sources.toml; `own` are the keys that this kind needs."""
    keys = {"kind": kind, "title": title, **own, "licence": LICENCE, "pace_s": PACE_S, "expected_per_day": expected}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(["", f"[{source}]", *lines, ""])
