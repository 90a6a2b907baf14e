"""The complaint counters: a receipt, a slip, the status by number, duty without a ranking."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.counter import WIDTH, Counter, check_digit, number_holds
from tanggap.desk.service import Desk
from tanggap.desk.spots import counters, spots
from tanggap.errors import RuleError
from tanggap.records import Issue, Link, Role, Status, User
from tanggap.settings import Settings
from tanggap.store import Store, issues, people, posts

KAMPUNG_MELAYU, PLUIT = "31.75.03.1001", "31.72.01.1005"
SARI = User(name="sari", full_name="Sari Dewi", roles=(Role.OFFICER,))
LIA = User(name="lia", full_name="Lia Baca", roles=(Role.READER,))
WORDS = "got depan rumah mampet sejak hujan, telepon saya 0812-3456-7890 ya"


@pytest.fixture
def desk(store: Store, city: City, now: Clock) -> Desk:
    with store.write() as db:
        people.add(db, SARI, "x")
    return Desk(store, city, now)


@pytest.fixture
def tanggap(config_dir: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, now: Clock) -> Callable[..., str]:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    monkeypatch.setattr(Settings, "now", property(lambda _: now))

    def say(*words: str, typed: str = "") -> str:
        done = CliRunner().invoke(app, ["counter", *words], input=typed, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return say


def test_a_complaint_becomes_a_masked_post_and_a_slip(tanggap: Callable[..., str], desk: Desk) -> None:
    told = tanggap("take", "--as", "sari", "--desk", "Kecamatan Jatinegara", typed=f"{KAMPUNG_MELAYU}\n{WORDS}\n")
    assert "LOKET-20261122-0001-" in told
    assert "Minggu, 22 November 2026" in told
    assert max(map(len, told.splitlines()[2:])) <= WIDTH + len("Keluhan: ")
    with desk.store.read() as db:
        (post,) = posts.unscored(db, "m", 10)
    assert post.text == "got depan rumah mampet sejak hujan, telepon saya [telepon] ya"
    assert (post.source, post.title, post.author) == ("loket", "Laporan loket di Kampung Melayu, Jatinegara", None)


def test_the_status_is_told_by_number_before_and_after_it_is_an_issue(
    tanggap: Callable[..., str], desk: Desk, now: Clock
) -> None:
    receipt = Counter(desk).take(SARI, WORDS, area=KAMPUNG_MELAYU, place="Balai Kota")
    assert "Diterima; sedang dibaca petugas." in tanggap("status", receipt.number.lower())
    at = now()
    issue = Issue(
        id="ISU-20261122-0001", title="Got mampet", topic="banjir", agency="AG05", status=Status.IN_PROCESS,
        first_at=at, last_at=at, detected_at=at, status_at=at, holder="sari",
    )  # fmt: skip
    with desk.store.write() as db:
        issues.add(db, issue)
        issues.link(db, [Link(post=1, issue=issue.id, similarity=1)])
    assert "Proses (ISU-20261122-0001); Dinas SDA; jawaban pertama paling lambat" in tanggap("status", receipt.number)


def test_a_counter_sees_what_it_took_today_newest_first(desk: Desk, store: Store, city: City, now: Clock) -> None:
    counter = Counter(desk)
    Counter(Desk(store, city, lambda: now() - timedelta(days=1))).take(SARI, WORDS, area=PLUIT, place="Balai Kota")
    taken = [counter.take(SARI, f"{WORDS} {at}", area=PLUIT, place="Balai Kota").number for at in range(3)]
    counter.take(SARI, WORDS, area=PLUIT, place="Kecamatan Jatinegara")
    told = counter.lately("Balai Kota", 2)
    assert [one.receipt.number for one in told] == [taken[2], taken[1]]
    assert told[0].post is not None
    assert told[0].post.text.endswith("[telepon] ya 2")


def test_places_are_the_areas_and_the_landmarks_that_stand_in_one(city: City) -> None:
    found = {(one.name, one.kind): one for one in spots(city)}
    assert found["Pluit", "kelurahan"].within == "Penjaringan, Jakarta Utara"
    assert found["Pasar Jatinegara", "pasar"].area == "31.75.03.1003"
    assert ("Jalan Daan Mogot", "jalan") not in found  # it runs through three kecamatan
    assert all(one.area in city.areas for one in found.values())
    assert (counters(city)[0], len(counters(city))) == ("Balai Kota", 45)


def test_a_mistyped_number_is_told_as_such(desk: Desk) -> None:
    number = Counter(desk).take(SARI, WORDS, area=PLUIT, place="x").number
    for place, digit in enumerate(number):
        if digit.isdigit():
            wrong = f"{number[:place]}{(int(digit) + 1) % 10}{number[place + 1 :]}"
            assert not number_holds(wrong)
            with pytest.raises(RuleError, match="periksa lagi"):
                Counter(desk).standing(wrong)
    other = f"LOKET-20261122-0999-{check_digit('LOKET-20261122-0999')}"
    with pytest.raises(RuleError, match="tidak ada"):
        Counter(desk).standing(other)


@pytest.mark.parametrize(
    ("by", "text", "area", "words"),
    [
        (LIA, WORDS, PLUIT, "tidak berhak"),
        (SARI, "  a ", PLUIT, "5 sampai"),
        (SARI, "x" * 3000, PLUIT, "5 sampai"),
        (SARI, WORDS, "99", "tidak ada dalam daftar"),
    ],
)
def test_what_is_no_complaint_is_refused(desk: Desk, by: User, text: str, area: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        Counter(desk).take(by, text, area=area, place="x")


def test_counters_that_take_complaints_at_once_give_different_numbers(any_store: Store, city: City, now: Clock) -> None:
    counter = Counter(Desk(any_store, city, now))
    with ThreadPoolExecutor(8) as room:
        taken = list(room.map(lambda _: counter.take(SARI, WORDS, area=PLUIT, place="x").number, range(24)))
    assert sorted(number.split("-")[2] for number in taken) == [f"{number:04d}" for number in range(1, 25)]


@pytest.mark.parametrize("typed", ["", "LOKET-", "LOKET-²-0", "LOKET-٣-4", "loket-20261122-0001", "x" * 400])
def test_a_number_that_nobody_gave_out_is_told_as_such(desk: Desk, typed: str) -> None:
    with pytest.raises(RuleError, match=r"periksa lagi|tidak ada"):
        Counter(desk).standing(typed)


def test_duty_is_days_with_a_report_by_name_never_a_number_of_reports(store: Store, city: City, now: Clock) -> None:
    clock = [now()]
    counter = Counter(Desk(store, city, lambda: clock[0]))
    for day in range(1, 6):
        clock[0] = now() + timedelta(days=day)
        for _ in range(9 if day == 1 else 1):
            counter.take(SARI, WORDS, area=PLUIT, place="x", rtrw="RW 04")
    counter.take(SARI, WORDS, area=KAMPUNG_MELAYU, place="x", rtrw="RW 01")
    counter.take(SARI, WORDS, area=KAMPUNG_MELAYU, place="x")
    told = counter.duty(date(2026, 11, 23), date(2026, 11, 29))
    assert [(line.name, line.days, line.of) for line in told] == [
        ("Kampung Melayu, Jatinegara", 1, 5),
        ("Pluit, Penjaringan", 5, 5),
    ]


def test_duty_is_shown_as_a_table(tanggap: Callable[..., str], desk: Desk) -> None:
    Counter(desk).take(SARI, WORDS, area=PLUIT, place="x", rtrw="RW 04")
    assert "0 dari 5" in tanggap("duty", "--from", "2026-11-22", "--to", "2026-11-28")
