"""`tanggap desk`: a flood from detection to reopening, as an officer types and reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.clock import WIB, stamp
from tanggap.errors import UsageError
from tanggap.records import Issue, Link, Place, Post, Priority, Role, Score, User
from tanggap.settings import Settings
from tanggap.store import Store, audit, issues, people, posts, scores

#: Monday, 23 November 2026, 06.00 WIB.
START = datetime(2026, 11, 23, 6, 0, tzinfo=WIB).astimezone(UTC)
FLOOD = "ISU-20261123-0001"
PEOPLE = [
    User(name="sari", full_name="Sari Dewi", roles=(Role.OFFICER,)),
    User(name="budi", full_name="Budi Santoso", roles=(Role.OFFICER,)),
    User(name="bina", full_name="Bina Jalan", roles=(Role.OFFICER,), agency="AG06"),
    User(name="dina", full_name="Dina Air", roles=(Role.OFFICER,), agency="AG05"),
    User(name="vera", full_name="Vera Lestari", roles=(Role.VERIFIER,)),
]
Say = Callable[..., str]


class MovingClock:
    """A clock a test moves on."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovingClock:
    clock = MovingClock()
    monkeypatch.setattr(Settings, "now", property(lambda _: clock))
    return clock


def complaint(text: str, at: datetime, number: int) -> tuple[Post, Score]:
    place = Place(
        text="kampung melayu", start=0, end=14, level="kelurahan", code="31.75.03.1001", name="Kampung Melayu"
    )
    post = Post(source="warga", native_id=str(number), text=text, published_at=at, collected_at=at)
    score = Score(
        model="m", relevant=True, relevance=0.9, sentiment="negative", topic="banjir", complaint=True, urgency=2,
        places=(place,),
    )  # fmt: skip
    return post, score


def heard(store: Store, text: str, at: datetime) -> None:
    with store.write() as db:
        number = posts.count(db) + 1
        post, score = complaint(text, at, number)
        posts.add(db, [post])
        scores.add(db, [(number, score)])
        issues.link(db, [Link(post=number, issue=FLOOD, similarity=0.9)])


@pytest.fixture
def say(config_dir: Path, store: Store, clock: MovingClock, monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    flood = Issue(
        id=FLOOD, title="Banjir di Kampung Melayu", topic="banjir", priority=Priority.P1, agency="AG05",
        areas=("31.75.03.1001",), place="Kampung Melayu", posts=14, accounts=11, negative=12,
        first_at=START - timedelta(minutes=20), last_at=START, detected_at=START, status_at=START,
    )  # fmt: skip
    with store.write() as db:
        for user in PEOPLE:
            people.add(db, user, "no hash")
        issues.add(db, flood)
    for minute in (20, 12, 5):
        heard(store, f"banjir kampung melayu sudah sepaha {minute}", START - timedelta(minutes=minute))

    def run(*words: str, after: timedelta = timedelta(minutes=4), refused: bool = False) -> str:
        clock.at += after
        print(
            f"\n{stamp(clock.at)} $ tanggap desk {' '.join(word if ' ' not in word else repr(word) for word in words)}"
        )
        result = CliRunner().invoke(app, ["desk", *words])
        told = result.stdout if not refused else f"tanggap: {result.exception}\n"
        print(told, end="")
        assert (result.exit_code != 0) is refused, result.exception
        return told

    return run


def test_a_flood_from_detection_to_reopening(say: Say, store: Store, clock: MovingClock) -> None:
    draft = say("draft", FLOOD, "--kind", "holding", "--as", "sari")
    assert "periksa · Isian kosong: “[jam]”" in draft
    holding = (
        "Kami menerima laporan genangan di Kampung Melayu. Petugas SDA menuju lokasi dengan 3 pompa. "
        "Hubungi 112 bila perlu perahu; kabar berikutnya pukul 08.00."
    )
    say("revise", "1", holding, "--as", "sari")
    say("submit", "2", "--as", "sari")
    assert "orang kedua" in say("approve", "2", "--as", "sari", refused=True)
    say("approve", "2", "--as", "budi")
    assert "● Menunggu" in say("publish", "2", "https://jakarta.go.id/banjir/1", "--under", "warga/1", "--as", "sari")

    assert "▶ Disposisi · P1 · Bina Marga" in say("hand", FLOOD, "AG06", "--as", "sari")
    assert "Bina Marga" in say("take", FLOOD, "--as", "dina", refused=True)
    say("return", FLOOD, "--as", "bina", "--note", "bukan wewenang: tanggul kali milik SDA")
    assert say("proposed", FLOOD).startswith("AG05")
    assert "▶ Disposisi · P1 · Dinas SDA" in say("hand", FLOOD, "AG05", "--as", "sari")
    assert "◐ Proses · P1 · Dinas SDA · PIC dina" in say("take", FLOOD, "--as", "dina")

    answer = (
        "Air di Kampung Melayu surut sejak pukul 07.00; 3 pompa tetap bekerja. Tanggul kami perbaiki besok pagi. "
        "Laporkan genangan lewat JAKI."
    )
    say("draft", FLOOD, "--text", answer, "--as", "dina", after=timedelta(hours=1))
    say("submit", "3", "--as", "dina")
    say("approve", "3", "--as", "sari", "--note", "surut sudah dicek petugas")
    publish = ("publish", "3", "https://jakarta.go.id/banjir/2", "--under", "warga/2", "--as", "dina")
    assert "mendahului isu ini" in say(*publish, "--at", "2026-11-22T08:00", refused=True)
    told = say(*publish)
    assert "✎ Ditanggapi" in told
    assert "janji 1: “Tanggul kami perbaiki besok pagi.”, tenggat 24 Nov 12.00, usulan" in told
    say("confirm", "1", "--as", "dina")
    assert "cakupan jawaban 67%: 2 dari 3 kiriman" in say("answers", FLOOD)

    say("watch", FLOOD, "--as", "dina", after=timedelta(hours=20))
    assert "masih terbuka 1" in say("close", FLOOD, "--note", "foto", "--as", "vera", refused=True)
    say("evidence", FLOOD, "--note", "tanggul berdiri, foto RW 04 24 Nov", "--as", "dina")
    say("keep", "1", "--note", "tanggul diperbaiki 24 Nov", "--as", "dina")
    assert "tidak berhak" in say("close", FLOOD, "--as", "dina", refused=True)
    assert "✓ Selesai" in say("close", FLOOD, "--note", "lokasi diperiksa 24 Nov", "--as", "vera")

    heard(store, "katanya selesai, masih banjir di kampung melayu min", clock.at + timedelta(hours=30))
    found = say("disputes", "--look", after=timedelta(hours=31))
    assert "bantahan 1: ISU-20261123-0001 · keluhan banjir & genangan di Kampung Melayu sesudah ditutup" in found
    assert "● Menunggu · P1 · Dinas SDA · PIC – · dibuka kembali 1x" in say("accept-dispute", "1", "--as", "sari")
    lines = say("history", FLOOD).splitlines()
    assert len(lines) == 22
    assert lines[-1].endswith(
        "menerima bantahan warga: keluhan banjir & genangan di Kampung Melayu sesudah ditutup: “katanya selesai”"
    )
    assert "waktu diam" in say("measure", FLOOD)
    with store.read() as db:
        assert audit.verify(db).fault == ""


def test_a_place_is_put_right_and_a_utility_gets_its_own(say: Say) -> None:
    say("accept", FLOOD, "--as", "sari")
    assert FLOOD in say("place", FLOOD, "31.72.01.1005", "--as", "sari")
    told = say("refer", FLOOD, "AG52", "--contact", "PLN 123", "--reference", "T-9", "--as", "sari")
    assert "↗ Dirujuk · P1 · PLN" in told


def test_a_promise_heard_elsewhere_is_noted_and_withdrawn(say: Say) -> None:
    say("promise", FLOOD, "Pompa ditambah", "--due", "2026-11-24T10:00", "--as", "sari")
    assert "janji 1: “Pompa ditambah”, tenggat 24 Nov 10.00, terbuka" in say("promises", FLOOD)
    assert f"Dinas SDA, tenggat 24 Nov 10.00, terbuka · {FLOOD} Banjir" in say("promises")
    assert "24 Nov 10.00, dilanggar" in say("promises", after=timedelta(days=2))
    assert "ditarik" in say("withdraw", "1", "--note", "salah dengar", "--as", "sari")


def test_bodies_stand_side_by_side(say: Say) -> None:
    say("take", FLOOD, "--as", "sari")
    assert "terlalu sedikit" in say("units")


def test_an_unknown_account_or_issue_is_wrong_usage(
    config_dir: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANGGAP_CONFIG", str(config_dir))
    for words in (["take", FLOOD, "--as", "siapa"], ["history", "ISU-20200101-0001"]):
        with pytest.raises(UsageError):
            CliRunner().invoke(app, ["desk", *words], catch_exceptions=False)
