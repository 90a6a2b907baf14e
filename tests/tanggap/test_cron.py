"""Cron lines in Jakarta time: slots, quiet hours, missed slots, and how an Indonesian reader would say them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.clock import WIB
from tanggap.cron import Cron
from tanggap.errors import UsageError
from tanggap.schedules import Schedule

EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=WIB)


@pytest.fixture
def host_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("line", "quiet", "said"),
    [
        ("*/15 * * * *", "22:00-05:00", "setiap 15 menit, pukul 05.00-22.00 WIB"),
        ("*/15 5-21 * * *", "", "setiap 15 menit, pukul 05.00-22.00 WIB"),
        (
            "*/15 5-21 * * 1-5",
            "12:00-13:00",
            "setiap 15 menit, Senin-Jumat, pukul 05.00-22.00 WIB, kecuali 12.00-13.00",
        ),
        ("* * * * *", "", "setiap menit"),
        ("*/10 * * * * *", "", "setiap 10 detik"),
        ("30 6 * * *", "", "setiap hari pukul 06.30 WIB"),
        ("0 6,18 * * 6,0", "", "Sabtu dan Minggu pukul 06.00 dan 18.00 WIB"),
        ("17 3 * * SUN", "", "Minggu pukul 03.17 WIB"),
        ("5 * * * *", "", "setiap jam, menit ke-5"),
        ("0 */6 * * *", "", "setiap 6 jam"),
        ("0,30 * * * *", "", "setiap jam pada menit 00 dan 30"),
        ("0 7-17 * * 1-5", "", "setiap jam, Senin-Jumat, pukul 07.00-18.00 WIB"),
        ("40 5-22 * * *", "", "setiap jam, menit ke-40, pukul 05.00-23.00 WIB"),
        ("0 0 1,15 * *", "", "tanggal 1 dan 15 pukul 00.00 WIB"),
        ("0 0 1 1 *", "", "tanggal 1 Januari pukul 00.00 WIB"),
        ("0 0 L * *", "", "cron 0 0 L * * (WIB)"),
        ("*/5 * * 2-3 *", "", "cron */5 * * 2-3 * (WIB)"),
    ],
)
def test_a_line_is_read_aloud(line: str, quiet: str, said: str) -> None:
    assert Cron(line, quiet=quiet).reading() == said


def test_slots_are_jakarta_time_wherever_the_host_lives(host_in_new_york: None) -> None:
    slots = Cron("30 6 * * *").fires(EVENING, 5)
    assert [slot.astimezone(WIB).strftime("%d %H.%M") for slot in slots] == [
        "23 06.30", "24 06.30", "25 06.30", "26 06.30", "27 06.30",
    ]  # fmt: skip
    assert all(slot.tzinfo is UTC for slot in slots)


def test_a_zone_with_summer_time_keeps_its_local_hour() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    slots = Cron("0 8 * * *", "Europe/Amsterdam").fires(before, 2)
    assert [slot.hour for slot in slots] == [6, 6]  # summer time began in the night
    assert Cron("0 8 * * *", "Europe/Amsterdam").fires(before - timedelta(days=1), 1)[0].hour == 7


def test_nothing_fires_in_quiet_hours() -> None:
    slots = Cron("*/15 * * * *", quiet="22:00-05:00").fires(EVENING + timedelta(hours=1, minutes=30), 3)
    assert [slot.astimezone(WIB).strftime("%d %H.%M") for slot in slots] == ["22 21.45", "23 05.00", "23 05.15"]


def test_of_many_missed_slots_the_newest_are_looked_at() -> None:
    cron = Cron("* * * * *", quiet="19:50-19:55")
    missed = cron.missed(EVENING - timedelta(minutes=12), EVENING, 100)
    assert [slot.astimezone(WIB).strftime("%H.%M") for slot in missed] == [
        "19.49", "19.55", "19.56", "19.57", "19.58", "19.59", "20.00",
    ]  # fmt: skip
    assert cron.missed(EVENING - timedelta(days=365), EVENING, 3) == missed[-3:]


@pytest.mark.parametrize(
    ("line", "quiet", "zone", "told"),
    [
        ("61 * * * *", "", "Asia/Jakarta", "Bad minute"),
        ("0 3 * *", "", "Asia/Jakarta", "Wrong number of fields"),
        ("0 3 * * *", "22:00-05:00", "Asia/Jakarta", "never fires outside its quiet hours"),
        ("* * * * *", "malam", "Asia/Jakarta", "write them like 22:00-05:00"),
        ("* * * * *", "", "Asia/Jakarat", "no time zone `Asia/Jakarat`"),
    ],
)
def test_a_line_that_cannot_work_is_refused_in_one_sentence(line: str, quiet: str, zone: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Cron(line, zone, quiet).check(EVENING)


def test_jitter_is_the_same_for_every_scheduler_and_differs_between_schedules() -> None:
    def late(name: str) -> float:
        item = Schedule(
            name=name, job="crawl", cron="* * * * *", jitter_s=60, decided_to=EVENING, edited_by="x", edited_at=EVENING
        )
        assert item.due(EVENING) == item.due(EVENING)
        return (item.due(EVENING) - EVENING).total_seconds()

    lots = [late(f"sumber-{number}") for number in range(50)]
    assert 0 <= min(lots) < 10
    assert 50 < max(lots) <= 60
