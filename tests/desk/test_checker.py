"""The answer checker on eighty written answers, and the promises and times it reads in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanggap.city import City, load_city
from tanggap.clock import WIB
from tanggap.desk.checker import Setting, check
from tanggap.desk.checks import Checks
from tanggap.desk.pledges import pledges
from tanggap.desk.when import dues
from tanggap.desk.workflow import Workflow
from tanggap.errors import SettingsError
from tanggap.records import Issue
from tanggap.records.desk import Response
from tanggap.settings import packaged_config

CITY = load_city(packaged_config())
CHECKS = Checks.load(CITY)
CALENDAR = Workflow.load(CITY).calendar
#: Monday 23 November 2026, 09.00 WIB.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WIB).astimezone(UTC)
BEFORE = Response(
    issue="ISU-20261123-0001", number=1, kind="holding", at=NOW - timedelta(hours=2), by="sari", state="published",
    text="Kami mengerahkan 3 pompa. Tinggi air 40 cm dan tidak ada korban.", published_at=NOW - timedelta(hours=1),
)  # fmt: skip
EXAMPLES = [
    (set() if rules.strip() == "-" else set(rules.split()), text.strip())
    for rules, text in (
        line.split("|", 1)
        for line in (Path(__file__).parent / "answers.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
]


def setting(issue: Issue) -> Setting:
    return Setting(at=NOW, calendar=CALENDAR, issue=issue.evolve(posts=12, accounts=9), earlier=[BEFORE])


def test_there_are_eighty_examples() -> None:
    assert len(EXAMPLES) == 80


@pytest.mark.parametrize(("rules", "text"), EXAMPLES, ids=[text[:40] for _, text in EXAMPLES])
def test_each_answer_is_faulted_for_what_is_wrong_with_it(
    make_issue: Callable[..., Issue], rules: set[str], text: str
) -> None:
    found = check(text, setting(make_issue()), CHECKS)
    assert {finding.rule for finding in found} == rules
    for finding in found:
        assert text[finding.start : finding.end] == finding.words
        assert finding.words
        assert finding.advice


def test_a_denial_stands_where_nobody_says_otherwise(make_issue: Callable[..., Issue]) -> None:
    quiet = setting(make_issue())
    quiet = Setting(at=NOW, calendar=CALENDAR, issue=make_issue(posts=2))
    assert check("Tidak ada banjir di Pluit. Pantau di JAKI.", quiet, CHECKS) == ()


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("hari ini", "23 23.59"), ("sore ini", "23 18.00"), ("besok", "24 23.59"), ("besok pagi", "24 12.00"),
        ("lusa", "25 23.59"), ("dalam 3 hari", "26 09.00"), ("3x24 jam", "26 09.00"), ("dua jam lagi", "23 11.00"),
        ("dalam 2 hari kerja", "25 09.00"), ("pekan ini", "29 23.59"), ("akhir bulan", "30 23.59"),
        ("hari Jumat", "27 23.59"), ("Senin depan", "30 23.59"), ("25 November", "25 23.59"),
        ("tanggal 25 Nov 2026", "25 23.59"), ("25/11", "25 23.59"), ("besok pukul 10.00", "24 10.00"),
        ("pukul 14.30 WIB", "23 14.30"), ("pukul 08.00", "24 08.00"), ("Jumat, 27 November", "27 23.59"),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_mean_it(words: str, due: str) -> None:
    found = dues(f"Perbaikan selesai {words}.", NOW, CALENDAR)
    assert due in {each.at.astimezone(WIB).strftime("%-d %H.%M") for each in found}


@pytest.mark.parametrize(
    "words", ["kemarin", "3 hari lalu", "pukul dua belas kurang", "secepatnya", "30 Februari", "RT 05"]
)
def test_what_names_no_time_ahead_is_none(words: str) -> None:
    assert dues(f"Perbaikan {words}.", NOW, CALENDAR) == []


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Besok kami perbaiki.", "24 23.59"),
        ("Insyaallah lusa lampu menyala.", "25 23.59"),
        ("Pengerukan ditargetkan rampung 30 November 2026.", "30 23.59"),
        ("Petugas akan mengangkut sampah paling lambat besok pagi.", "24 12.00"),
        ("Akan segera diperbaiki.", None),
    ],
)
def test_a_promise_is_found_with_its_day(text: str, due: str | None) -> None:
    (pledge,) = pledges(text, NOW, CHECKS, CALENDAR)
    assert (pledge.due and pledge.due.astimezone(WIB).strftime("%-d %H.%M")) == due


@pytest.mark.parametrize(
    "text",
    [
        "BMKG memperkirakan hujan akan turun besok.",
        "Pompa sudah diperbaiki tadi pagi.",
        "Terima kasih atas laporannya.",
    ],
)
def test_weather_the_past_and_thanks_promise_nothing(text: str) -> None:
    assert pledges(text, NOW, CHECKS, CALENDAR) == []


def test_a_phrase_that_cannot_be_read_is_refused_by_name(config_dir: Path) -> None:
    path = config_dir / "templates" / "checks.toml"
    path.write_text(path.read_text("utf-8").replace('"hoaks"', '"hoaks("'), "utf-8")
    city: City = load_city(config_dir)
    with pytest.raises(SettingsError, match=r"checks\.toml.*denial\.phrases"):
        Checks.load(city)
