"""Payloads of every format, and every way in which one field of a record can change its shape."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

#: What no sample, sentence or post may show.
NAME, PHONE = "warga_uji_budi", "081234567890"

Record = dict[str, Any]
#: A field by the keys that lead to it.
Path = tuple[str, ...]


def qlue_a(number: int) -> Record:
    return {
        "post_id": 1000 + number, "post_date": "2026-01-02 08:15:00", "post_title": "Got mampet",
        "post_desc": f"Got mampet lagi di Pondok Uji, laporan {number}, hubungi {PHONE}",
        "post_images": "http://img.example/1.jpg", "loc_lat": "-6.21", "loc_lng": "106.85", "profile_name": NAME,
    }  # fmt: skip


def qlue_b(number: int) -> Record:
    step = {
        "tl_by": "Kelurahan Pondok Uji", "username": NAME, "timestamp": "2026-01-03 10:00:00", "status": "complete",
        "description": "Lampu sudah diganti", "file": "http://img.example/3.jpg",
    }  # fmt: skip
    detail = {
        "status": "process", "kd_kel": "3171010001", "name_kel": "Pondok Uji", "desc": f"Lampu padam, laporan {number}",
        "image": "http://img.example/2.jpg", "comment_count": 4, "suggest": {"tags": ["lampu"]},
    }  # fmt: skip
    location = {"lat": -6.2, "lng": 106.8}
    profile = {"username": NAME, "timestamp": "2026-01-02 08:15:00", "location": location, "detail": detail}
    return {"id": number, "type": "Sanitation", "profile": profile, "follow_up": [step]}


def cognicity(number: int) -> Record:
    return {
        "post_id": number, "created_at": "2026-01-02T01:15:00Z", "title": "Banjir", "qlue_city": "jabodetabek",
        "text": f"Air setinggi lutut, laporan {number}, WA {PHONE}", "image_url": "http://img.example/4.jpg",
        "disaster_type": "flood", "location": {"lat": -6.2, "lng": 106.8},
    }  # fmt: skip


def open311(number: int) -> Record:
    return {
        "service_request_id": str(number), "status": "open", "status_notes": "Proses", "service_name": "Lampu jalan",
        "service_code": "006", "description": f"Lampu padam, laporan {number}, WA {PHONE}",
        "agency_responsible": "Dinas Uji", "service_notice": "Besok dicek",
        "requested_datetime": "2026-01-02T08:15:00+07:00", "updated_datetime": "2026-01-03T08:15:00+07:00",
        "expected_datetime": "2026-01-09T08:15:00+07:00", "address": "Jl Uji", "address_id": "9", "zipcode": "10110",
        "lat": -6.2, "long": 106.8, "media_url": "http://img.example/5.jpg",
    }  # fmt: skip


def row(number: int) -> Record:
    return {
        "id": f"T-{number}", "text": f"Sampah menumpuk, laporan {number}, hubungi {PHONE}", "title": "Sampah",
        "published_at": "2026-01-02 05:40", "author": NAME, "url": "https://lapor.example/1", "status": "Proses",
        "lat": "-6.2", "lon": "106.8", "tags": "sampah;bau", "photo": "http://img.example/6.jpg", "kanal": "WA",
    }  # fmt: skip


def counter(number: int) -> Record:
    return {
        "Nomor Tanda Terima": f"UJI-{number}", "Tanggal": "10/01/2026", "Jam": "08.30", "Kecamatan": "Uji Selatan",
        "Nama": NAME, "Telepon": PHONE, "Uraian": f"Jalan berlubang, laporan {number}", "Status": "Proses",
        "Kanal": "loket",
    }  # fmt: skip


def line(number: int) -> Record:
    return {
        "id": f"x-{number}", "kind": "post", "title": None, "text": f"banjir sepaha, laporan {number}, {PHONE}",
        "published_at": "2026-01-02T05:40:00+07:00", "source": "x", "author": NAME, "url": "https://x.example/1",
        "lat": -6.2, "lon": 106.8, "engagement": {"likes": 3, "replies": 1, "reposts": 9, "views": 800},
    }  # fmt: skip


def as_json(records: list[Record]) -> bytes:
    return json.dumps(records, ensure_ascii=False).encode("utf-8", "surrogatepass")


def as_lines(records: list[Record]) -> bytes:
    return b"".join(as_json([record])[1:-1] + b"\n" for record in records)


def element(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{element(inner)}</{key}>" for key, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<item>{element(inner)}</item>" for inner in value)
    return "" if value is None else escape(writable(value))


def writable(value: Any) -> str:
    """What the writers of XML and workbooks accept."""
    return "".join(sign for sign in str(value) if sign not in "\x00\x07\ud800")


def as_xml(records: list[Record]) -> bytes:
    inner = "".join(f"<request>{element(record)}</request>" for record in records)
    return f'<?xml version="1.0" encoding="utf-8"?><service_requests>{inner}</service_requests>'.encode()


def columns_of(records: list[Record]) -> list[str]:
    return list(dict.fromkeys(key for record in records for key in record))


def as_csv(records: list[Record]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns_of(records), restval="")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_workbook(records: list[Record]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    columns = columns_of(records)
    sheet.append(columns)
    for record in records:
        told = [record.get(column) for column in columns]
        sheet.append([None if value is None else writable(value)[:30_000] for value in told])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Format:
    """How records of one kind are made and written."""

    make: Callable[[int], Record]
    write: Callable[[list[Record]], bytes]
    #: `--format` of the import.
    name: str
    #: Records stand on lines, so that a cut file still holds some.
    by_line: bool = False


FORMATS = {
    "qlue-a": Format(qlue_a, as_json, "qlue-a"),
    "qlue-b": Format(qlue_b, as_json, "qlue-b"),
    "cognicity": Format(cognicity, as_json, "cognicity"),
    "open311-json": Format(open311, as_json, "open311"),
    "open311-xml": Format(open311, as_xml, "open311"),
    "csv": Format(row, as_csv, "csv", by_line=True),
    "xlsx": Format(row, as_workbook, "csv"),
    "counter": Format(counter, as_csv, "csv", by_line=True),
    "jsonl": Format(line, as_lines, "jsonl", by_line=True),
}


def paths(record: Record, before: Path = ()) -> Iterator[Path]:
    """Every field of a record, those inside others included."""
    for key, value in record.items():
        yield (*before, key)
        if isinstance(value, Mapping):
            yield from paths(dict(value), (*before, key))


def other_type(value: Any, dice: random.Random) -> Any:
    others: list[Any] = [
        True,
        3,
        -1.5,
        "abc",
        [],
        [value],
        {},
        {"nilai": value},
        10**25,
        "NaN",
        float("nan"),
        "9" * 400,
    ]
    return dice.choice(others)


def huge(value: Any, dice: random.Random) -> Any:
    if isinstance(value, int | float):
        return dice.choice([10**30, -(10**19), 1e308])
    return dice.choice([f"{value} " * 4000, "x" * 120_000, f"{value}" + "\u0301" * 3000])


def wrong_encoding(value: Any, dice: random.Random) -> Any:
    told = f"{value} “tanda kutip” é"
    return dice.choice(
        [told.encode().decode("latin-1"), told + "\x00\x07", told + "\ud800", told.encode().decode("cp1252", "replace")]
    )


def cut(value: Any, dice: random.Random) -> Any:
    told = str(value)
    return told[: dice.randrange(len(told))] if told else ""


#: Way -> what becomes of a value.
CHANGES: dict[str, Callable[[Any, random.Random], Any]] = {
    "retype": other_type,
    "null": lambda _value, _dice: None,
    "nest": lambda value, _dice: {"nilai": {"isi": value}},
    "truncate": cut,
    "huge": huge,
    "encoding": wrong_encoding,
}
WAYS = ("drop", "rename", *CHANGES)


def drifted(record: Record, path: Path, way: str, dice: random.Random) -> Record:
    """The record with one field changed."""
    changed = copy.deepcopy(record)
    at = changed
    for key in path[:-1]:
        at = at[key]
    key = path[-1]
    if way == "drop":
        del at[key]
    elif way == "rename":
        at[f"{key}_baru"] = at.pop(key)
    else:
        at[key] = CHANGES[way](at[key], dice)
    return changed


def whole_payload(body: bytes, way: str, dice: random.Random) -> bytes:
    """A payload that was cut off or sent in another encoding."""
    if way == "truncate":
        return body[: dice.randrange(1, len(body))]
    told = body.decode("utf-8", "replace")
    return dice.choice(
        [told.encode("utf-16"), told.encode("utf-16-le"), b"\xff\xfe\x00" + body, told.encode("cp037", "replace")]
    )
