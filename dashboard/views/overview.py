"""The head of the queue: the numbers of the hour, the hottest kecamatan and the map of the open issues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dashboard import context, reading, render
from dashboard.board import Heat, Only, Row, hottest, matches
from dashboard.citymap import load_map
from tanggap.clock import stamp

KEY: Final = "ikhtisar_isi"
Act = Callable[[], None]


def show(only: Act, area: Act, picked: Act) -> None:
    """Three numbers, the hottest kecamatan and the map; each leads to its issues by one of the acts."""
    here = context.current()
    now = here.now()
    rows = reading.board_rows(False, None, None, "")
    state, failing = crawl_words()
    drawing = load_map(here.city.places_dir)
    data = {
        "counts": {
            "now": sum(matches(row, Only.NOW, now) for row in rows),
            "hour": sum(matches(row, Only.HOUR, now) for row in rows),
            "unheld": sum(matches(row, Only.UNHELD, now) for row in rows),
        },
        "state": state,
        "failing": failing,
        "hot": [heat_data(heat) for heat in hottest(rows, here.city)],
        "dots": dots(rows),
        "map": {
            "width": drawing.width,
            "height": drawing.height,
            "outlines": [{"code": code, "name": name, "path": path} for code, name, path in drawing.outlines],
            "alt": f"Peta {here.settings.city} dengan {len(rows)} isu terbuka",
        },
    }
    render.draw(
        "overview", data, key=KEY, on_only_change=only, on_area_change=area, on_picked_change=picked,
    )  # fmt: skip


def heat_data(heat: Heat) -> dict[str, Any]:
    """A hot kecamatan as the component draws it."""
    return {"code": heat.code, "name": heat.name, "issues": heat.issues, "top": heat.top}


def crawl_words() -> tuple[str, str]:
    """When the sources were last read and how many there are, and which failed."""
    declared, latest = reading.crawl_state()
    used = [source for source in declared if source.enabled]
    failed = [source.title for source in used if source.id in latest and latest[source.id].failure]
    read = max((latest[source.id].started_at for source in used if source.id in latest), default=None)
    words = f"{len(used)} sumber, terakhir dibaca {stamp(read)} WIB" if read else "sumber belum pernah dibaca"
    return words, f"{len(failed)} gagal: {', '.join(failed[:3])}" if failed else ""


def dots(rows: list[Row]) -> list[dict[str, Any]]:
    """Open issues as dots, the severe ones on top; issues of one kelurahan stand side by side."""
    here = context.current()
    now, drawing = here.now(), load_map(here.city.places_dir)
    found: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: row.issue.score):
        area = here.city.areas.get(row.issue.areas[0]) if row.issue.areas else None
        if area is None or area.level == "provinsi":
            continue
        x, y = drawing.point(area.code, area.lat, area.lon)
        spread = int(row.issue.id[-4:]) if row.issue.id[-4:].isdigit() else 0
        level = "now" if row.pressing(now) else "soon" if row.soon(now) or row.issue.score >= 50 else "calm"
        spot = {"x": round(x + 3 * (spread % 7 - 3)), "y": round(y + 3 * (spread // 7 % 7 - 3))}
        found.append({**spot, "level": level, "id": row.issue.id, "title": row.issue.title, "score": row.issue.score})
    return sorted(found, key=lambda dot: dot["level"] == "now")
