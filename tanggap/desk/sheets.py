"""Issues as CSV, XLSX and GeoJSON for other offices; opening one in a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from tanggap.city import City
from tanggap.clock import WIB
from tanggap.desk.deadlines import nearest
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue

#: What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Characters that a workbook cannot hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Row = dict[str, str | int | float | None]


def rows(issues: Sequence[Issue], city: City, workflow: Workflow, now: datetime) -> list[Row]:
    """One row per issue, with the words of the screens; times in Jakarta."""
    return [_row(issue, city, workflow, now) for issue in issues]


def as_csv(table: Sequence[Row]) -> str:
    """Comma-separated, with a byte order mark so that spreadsheets read UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(row[name]) for name in COLUMNS] for row in table)
    return "\ufeff" + out.getvalue()


def as_xlsx(table: Sequence[Row]) -> bytes:
    """A workbook of one sheet; texts are texts, whatever they begin with."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = "isu"
    sheet.append(COLUMNS)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(table, 2):
        for column, name in enumerate(COLUMNS, 1):
            value = row[name]
            cell = sheet.cell(number, column)
            cell.value = CONTROL.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(FORMULA)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_geojson(table: Sequence[Row]) -> str:
    """A FeatureCollection (RFC 7946); an issue without a place has no geometry."""
    features = [
        {"type": "Feature", "id": row["nomor"], "geometry": _point(row), "properties": _rest(row)} for row in table
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def safe(value: Any) -> Any:
    """A cell of a CSV file: a text that would run gets an apostrophe before it, as OWASP advises."""
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("", value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def _row(issue: Issue, city: City, workflow: Workflow, now: datetime) -> Row:
    topic = city.topics.get(issue.topic)
    area = city.areas.get(issue.areas[0]) if issue.areas else None
    clock = nearest(issue, workflow, now)
    return {
        "nomor": issue.id,
        "judul": issue.title,
        "urusan": topic.label if topic else issue.topic,
        "prioritas": issue.priority.value,
        "skor": issue.score,
        "status": workflow.label(issue.status),
        "pihak": city.agency_label(issue.agency),
        "pic": issue.holder or "",
        "lokasi": issue.place,
        "kode_wilayah": area.code if area else "",
        "lat": area.lat if area else None,
        "lon": area.lon if area else None,
        "pertama": _time(issue.first_at),
        "terakhir": _time(issue.last_at),
        "terdeteksi": _time(issue.detected_at),
        "dijawab": _time(issue.answered_at),
        "tenggat": _time(clock.due if clock else None),
        "dibuka_kembali": issue.reopened,
        "kiriman": issue.posts,
        "suara": issue.accounts,
        "berita": issue.news,
        "jangkauan": issue.reach,
        "negatif": issue.negative,
    }


#: The columns of every format, in their order.
COLUMNS = (
    "nomor", "judul", "urusan", "prioritas", "skor", "status", "pihak", "pic", "lokasi", "kode_wilayah", "lat", "lon",
    "pertama", "terakhir", "terdeteksi", "dijawab", "tenggat", "dibuka_kembali", "kiriman", "suara", "berita",
    "jangkauan", "negatif",
)  # fmt: skip


def _time(moment: datetime | None) -> str:
    return moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M") if moment else ""


def _point(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["lat"] is None or row["lon"] is None:
        return None
    return {"type": "Point", "coordinates": [row["lon"], row["lat"]]}


def _rest(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("lat", "lon")}
