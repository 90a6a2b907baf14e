"""What a brief says, and that it says nothing the numbers do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tanggap.briefs.compose import window
from tanggap.clock import WIB
from tanggap.records import Brief, Issue, Priority, Reading, Status
from tanggap.store.alarms import Alarm

Make = Callable[..., Brief]
MakeIssue = Callable[..., Issue]
MakeReading = Callable[..., Reading]
HOUR = timedelta(hours=1)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB).astimezone(UTC)


def test_a_morning_brief_covers_the_24_hours_up_to_the_running_one() -> None:
    assert window(date(2026, 11, 22), wib(22, 6, 30)) == (wib(21, 7), wib(22, 7))


def test_a_brief_of_a_past_day_covers_that_day() -> None:
    assert window(date(2026, 11, 21), wib(22, 6, 30)) == (wib(21, 0), wib(22, 0))


def test_an_empty_store_gives_a_sensible_brief(make: Make) -> None:
    brief = make(sources=[])
    assert brief.lead == "Tidak ada isu yang perlu dijawab; belum ada sumber yang diperiksa."
    assert brief.items == ()
    assert (sum(brief.hourly), len(brief.hourly)) == (0, 24)
    assert brief.changes == ("Ringkasan pertama; belum ada pembanding.",)
    assert brief.sources == ()


def test_a_quiet_day_says_what_was_checked(make: Make, night_facts: dict[str, Any]) -> None:
    brief = make(runs=night_facts["runs"])
    assert brief.lead == "Tidak ada isu yang perlu dijawab; 4 sumber diperiksa, 1 gagal (Suara Betawi)."


def test_the_lead_holds_the_numbers_of_the_heaviest_issue(night: Brief) -> None:
    assert night.lead == (
        "6 isu perlu dijawab, 1 di antaranya lewat batas jawaban pertama; "
        "terberat “Banjir sepinggang di Kampung Melayu” (skor 91): "
        "170 unggahan dari 122 suara; jawaban pertama lewat 42 mnt."
    )


def test_the_heaviest_issues_come_first(night: Brief) -> None:
    assert [item.score for item in night.items] == [91, 74, 66, 52, 31]


def test_an_item_names_place_owner_reasons_and_one_quote(night: Brief) -> None:
    item = night.items[1]
    assert (item.place, item.agency, item.holder) == ("Kalideres, Jakarta Barat", "PLN", "sari")
    assert item.why[0] == "61 kiriman minta ditangani hari ini"
    assert item.quote.startswith("PLN bilang jam 2 nyala")
    assert item.quote_source == "Unggahan · X · 05.30"


def test_answered_closed_and_referred_issues_need_no_answer(make: Make, make_issue: MakeIssue) -> None:
    quiet = [
        make_issue(1, status=Status.ANSWERED, answered_at=wib(21, 20)),
        make_issue(2, status=Status.RESOLVED),
        make_issue(3, status=Status.REFERRED),
        make_issue(4, status=Status.DISMISSED),
        make_issue(5, status=Status.IN_PROCESS, answered_at=wib(21, 20)),
    ]
    assert make(issues=quiet).items == ()


@pytest.mark.parametrize(
    ("priority", "age", "shown"), [("P1", 0, 8), ("P2", 0, 8), ("P3", 0, 5), ("P4", 0, 5), ("P4", 240, 8)]
)
def test_beyond_five_only_urgent_or_late_issues_are_shown_up_to_eight(
    make: Make, make_issue: MakeIssue, moment: datetime, priority: str, age: int, shown: int
) -> None:
    issues = [make_issue(n, priority=Priority(priority), detected_at=moment - age * HOUR) for n in range(12)]
    brief = make(issues=issues)
    assert len(brief.items) == shown
    assert brief.totals["waiting"] == 12


def test_the_curve_counts_every_post_in_its_jakarta_hour(make: Make, make_reading: MakeReading) -> None:
    brief = make(
        readings=[
            make_reading(wib(21, 6, 59)),
            make_reading(wib(21, 7, 0)),
            make_reading(wib(21, 7, 59), sentiment="positive"),
            make_reading(wib(22, 6, 10)),
            make_reading(wib(22, 7, 0)),
        ]
    )
    assert (brief.hourly[0], brief.hourly[23], sum(brief.hourly)) == (2, 1, 3)
    assert (brief.hourly_negative[0], brief.hourly_negative[23]) == (1, 1)


def test_totals_agree_with_the_curve_the_sources_and_the_items(night: Brief) -> None:
    totals = night.totals
    assert totals["posts"] == sum(night.hourly) == sum(posts for _, _, posts in night.sources)
    assert totals["posts"] == totals["negative"] + totals["neutral"] + totals["positive"]
    assert totals["negative"] == sum(night.hourly_negative)
    assert (totals["waiting"], totals["late"], totals["critical"], totals["unheld"]) == (6, 1, 1, 4)
    assert (totals["answered"], totals["resolved"]) == (1, 1)


def test_changes_name_what_is_new_worse_and_closed(night: Brief) -> None:
    assert night.changes[:3] == (
        (
            "6 isu baru: Banjir sepinggang di Kampung Melayu, Listrik padam di Kalideres, "
            "Air PAM beracun, kata pesan berantai, di Jakarta Barat, dan 3 lainnya."
        ),
        "1 isu memburuk: Tumpukan sampah di Pasar Minggu (skor 18 → 31).",
        "1 isu selesai: Pohon tumbang di Menteng.",
    )


def test_volume_is_not_compared_while_a_source_fails(night: Brief) -> None:
    assert night.changes[3:] == ("Jumlah unggahan tidak dibandingkan karena ada sumber yang gagal: Suara Betawi.",)


def test_volume_is_compared_when_all_sources_were_read(
    make: Make, night_facts: dict[str, Any], day_before: Brief
) -> None:
    runs = {name: run.evolve(failure=None) for name, run in night_facts["runs"].items()}
    brief = make(**{**night_facts, "runs": runs}, before=day_before)
    assert brief.changes[-1] == "Unggahan 24 jam naik 41%: 900 → 1.273."


def test_a_reopened_issue_is_named_and_waits_again(make: Make, make_issue: MakeIssue, day_before: Brief) -> None:
    back = make_issue(9, title="Lampu padam lagi", reopened=1, detected_at=wib(10, 8))
    brief = make(issues=[back], before=day_before)
    assert "1 isu dibuka kembali: Lampu padam lagi." in brief.changes
    assert brief.items[0].issue == back.id


def test_without_changes_the_brief_says_so(make: Make, day_before: Brief) -> None:
    assert make(before=day_before).changes[0] == (
        "Tidak ada isu baru, memburuk, atau selesai sejak ringkasan 21 Nov 06.30."
    )


def test_a_second_brief_of_a_day_is_its_next_edition(make: Make, day_before: Brief) -> None:
    first = make(before=day_before)
    assert (first.edition, make(before=first).edition) == (1, 2)


def test_sources_tell_failure_silence_and_neglect(make: Make, night_facts: dict[str, Any], moment: datetime) -> None:
    runs = night_facts["runs"] | {"kota": night_facts["runs"]["kota"].evolve(started_at=moment - 30 * HOUR)}
    states = {title: state for title, state, _ in make(runs=runs).sources}
    assert states == {
        "Suara Betawi": "gagal 22 Nov 06.10: jaringan terputus",
        "Kabar Kota": "tidak dibaca sejak 21 Nov 00.30",
        "Loket Balai Kota": "belum pernah dibaca",
        "Qlue": "senyap; biasanya sekitar 80 sehari",
        "X": "senyap; biasanya sekitar 600 sehari",
    }


def test_a_source_with_an_open_alarm_is_told_as_failed(
    make: Make, night_facts: dict[str, Any], moment: datetime
) -> None:
    since = moment - 9 * HOUR
    quiet = Alarm(id=1, source="qlue", state="quiet", since=since, seen_at=moment, cleared_at=None, message="")
    calm, alarmed = (make(runs=night_facts["runs"], alarms=alarms) for alarms in ({}, {"qlue": quiet}))
    assert ("Qlue", "sepi sejak 21 Nov 21.30") in {(title, state) for title, state, _ in alarmed.sources}
    assert alarmed.totals["sources_failed"] == calm.totals["sources_failed"] + 1


def test_sources_switched_off_are_not_listed(night: Brief) -> None:
    assert "Sumber lama" not in {title for title, _, _ in night.sources}
