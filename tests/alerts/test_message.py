"""What people read on their phones."""

from __future__ import annotations

from datetime import timedelta

from tanggap.alerts.calls import Call, Kind
from tanggap.alerts.message import LINES, message
from tanggap.records import Priority
from tests.alerts.conftest import MONDAY

BASE = "https://tanggap.example.go.id"


def call(number: int = 1, **changes: object) -> Call:
    facts: dict[str, object] = {
        "key": f"k{number}",
        "kind": Kind.DEADLINE,
        "subject": f"ISU-20261123-{number:04d}",
        "what": "Tenggat dekat",
        "title": "Banjir di Kampung Melayu",
        "place": "Kampung Melayu",
        "holder": "Sari Dewi, Dinas SDA",
        "priority": Priority.P1,
        "clock": "Jawaban pertama",
        "due_at": MONDAY + timedelta(minutes=42),
    }
    return Call(**{**facts, **changes})  # type: ignore[arg-type]


def test_one_call_says_what_where_how_long_who_and_links_to_it() -> None:
    said = message([call()], MONDAY, BASE)
    assert said.title == "[P1] Tenggat dekat: Banjir di Kampung Melayu"
    assert said.body.splitlines() == [
        "Banjir di Kampung Melayu (ISU-20261123-0001)",
        "Di: Kampung Melayu",
        "Dipegang: Sari Dewi, Dinas SDA",
        "Tenggat Jawaban pertama: 23 Nov 09.42 WIB, sisa 42 mnt",
        f"{BASE}/?isu=ISU-20261123-0001",
    ]


def test_what_is_late_says_since_when() -> None:
    assert "lewat 3 j" in message([call(due_at=MONDAY - timedelta(hours=3))], MONDAY, BASE).body


def test_many_are_one_summary_with_one_line_per_issue() -> None:
    many = [call(number // 2) for number in range(60)]
    many.append(call(99, kind=Kind.SOURCE, subject="detik", priority=None, clock="", due_at=None, place="", holder=""))
    said = message(many, MONDAY, BASE)
    assert said.title == "31 hal menunggu petugas (30 P1)"
    lines = said.body.splitlines()
    assert len(lines) == LINES + 2
    assert lines[0].startswith("- [P1] Tenggat dekat: Banjir di Kampung Melayu; Kampung Melayu; Jawaban pertama sisa")
    assert lines[0].endswith("; Sari Dewi, Dinas SDA")
    assert lines[-2:] == ["- dan 16 lainnya", f"{BASE}/"]
    assert len(said.body) < 4_000  # what the narrowest chat takes


def test_words_of_the_public_cannot_add_lines_of_their_own() -> None:
    said = message([call(title="Banjir\n\nDipegang: siapa saja\r\n" + "x" * 900)], MONDAY, BASE)
    assert len(said.body.splitlines()) == 5
    assert "\n" not in said.title
    assert len(said.title) <= 120
