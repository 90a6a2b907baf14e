from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.issues.outlook import outlook
from tanggap.issues.priority import Ranking
from tanggap.records import Issue, Priority, Reason
from tanggap.settings import Settings

from .conftest import START


@pytest.fixture
def ranking(settings: Settings) -> Ranking:
    return Ranking.load(settings.config_dir)


def issue(score: int, *, reopened: int = 0, answered: bool = False, **points: int) -> Issue:
    named = {"safety": "Keselamatan", "voices": "Suara", "silence": "Belum dijawab", "floor": "Batas bawah"}
    reasons = tuple(Reason(part=named[name], points=count, text="") for name, count in points.items())
    moments = {
        "first_at": START,
        "last_at": START + timedelta(hours=4),
        "detected_at": START,
        "status_at": START,
        "answered_at": START + timedelta(hours=3) if answered else None,
    }
    return Issue(id="ISU-1", title="Banjir", topic="banjir", score=score, reasons=reasons, accounts=23, reach=900,
                 posts=40, negative=30, reopened=reopened, **moments)  # type: ignore[arg-type]  # fmt: skip


NOW = START + timedelta(hours=4)


def test_it_says_how_many_voices_lift_an_issue_into_the_next_class(ranking: Ranking) -> None:
    found = outlook(issue(48, safety=12, voices=6), ranking, NOW)
    assert found.up is not None
    assert (found.up.priority, found.up.points) == (Priority.P2, 2)
    (way,) = [way for way in found.up.ways if way.part == "Suara"]
    assert "kini 23" in way.text
    assert 50 < int(way.text.split()[1]) < 90
    assert found.up.told.startswith("Naik ke P2 bila skor naik 2: ")


def test_it_says_that_an_official_answer_lowers_an_issue(ranking: Ranking) -> None:
    found = outlook(issue(52, safety=20, voices=8, silence=5), ranking, NOW)
    assert found.down is not None
    assert (found.down.priority, found.down.points) == (Priority.P3, -3)
    assert "ditanggapi resmi" in found.down.told
    answered = outlook(issue(52, safety=20, voices=8, answered=True), ranking, NOW)
    assert answered.down is not None
    assert "ditanggapi resmi" not in answered.down.told


def test_hours_of_silence_are_counted_down_to_the_next_class(ranking: Ranking) -> None:
    found = outlook(issue(49, silence=1), ranking, NOW)
    assert found.up is not None
    (way,) = [way for way in found.up.ways if way.part == "Belum dijawab"]
    assert way.text.endswith("lagi tanpa jawaban resmi")


def test_a_danger_cannot_fall_and_p1_cannot_rise(ranking: Ranking) -> None:
    found = outlook(issue(70, safety=28, floor=20), ranking, NOW)
    assert found.up is None
    assert found.down is None
    assert "bahaya" in found.held


def test_what_was_closed_too_early_is_held_at_p2(ranking: Ranking) -> None:
    assert "P2" in outlook(issue(35, reopened=1), ranking, NOW).held


def test_a_p4_has_only_one_way_to_go_and_none_is_promised_where_none_is_enough(ranking: Ranking) -> None:
    found = outlook(issue(0), ranking, NOW)
    assert found.down is None
    assert found.up is not None
    assert found.up.points == 30
    assert [way.part for way in found.up.ways] == ["Keselamatan"]
