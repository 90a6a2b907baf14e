"""The form of a schedule: one clear sentence for what is wrong, nothing for what is right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.timing import USUAL, Draft, fault, name_fault
from tanggap.schedules import CatchUp

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def draft(cron: str, quiet: str = "") -> Draft:
    """A form that reads a source."""
    return Draft(name="pagi", job="crawl", argument="detik", cron=cron, quiet=quiet)


@pytest.mark.parametrize("line", [*USUAL.values(), "*/30 5-21 * * 1-5", "*/10 * * * * *", " 0  6,18 1 * * "])
def test_a_sound_line_has_no_fault(line: str) -> None:
    assert fault(draft(line), NOW) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "Isi kapan jadwal ini berjalan"),
        ("tiap pagi", "Tulis lima bagian"),
        ("*/15 25 * * *", "Bagian jam `25` tidak terbaca; isinya 0-23"),
        ("60 * * * *", "Bagian menit `60`"),
        ("* * 32 * *", "Bagian tanggal `32`"),
        ("* * * 13 *", "Bagian bulan `13`"),
        ("* * * * 9", "Bagian hari `9`"),
        ("99 * * * * *", "Bagian detik `99`"),
        ("0 0 31 2 *", "Jadwal ini tidak pernah jatuh"),
    ],
)
def test_a_wrong_line_is_told_by_its_wrong_part(line: str, told: str) -> None:
    assert fault(draft(line), NOW).startswith(told)


def test_quiet_hours_are_read_as_people_write_them() -> None:
    assert fault(draft("*/15 * * * *", "22.00 – 05.00"), NOW) == ""
    assert draft("*/15 * * * *", "22.00 – 05.00").schedule("budi", NOW).quiet == "22:00-05:00"
    assert fault(draft("*/15 * * * *", "malam"), NOW).startswith("Jam tenang `malam` tidak terbaca")
    assert "di luar jam tenangnya" in fault(draft("0 23 * * *", "22.00-05.00"), NOW)


def test_the_form_makes_a_schedule_that_counts_from_now() -> None:
    item = Draft(
        name=" pagi ", job="crawl", argument="detik", cron="*/15  * * * *", jitter_s=5, catch_up=CatchUp.SKIP
    ).schedule("budi", NOW)
    assert (item.name, item.cron, item.jitter_s, item.catch_up) == ("pagi", "*/15 * * * *", 5, CatchUp.SKIP)
    assert (item.decided_to, item.edited_by) == (NOW, "budi")


@pytest.mark.parametrize("name", ["", "  ", "pagi sekali", "a/b", "x" * 61])
def test_a_name_that_cannot_be_used_is_told(name: str) -> None:
    assert name_fault(name) == "Beri nama pendek tanpa spasi, misalnya baca-pagi."
