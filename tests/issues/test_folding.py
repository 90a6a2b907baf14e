"""Single nuisance reports share a line of the queue; danger, work begun and second voices stand alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tanggap.city import City
from tanggap.issues.folding import folded, is_single
from tanggap.records import Issue, Priority, Reason, Status

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def issue(number: int, **told: object) -> Issue:
    facts: dict[str, object] = {
        "title": f"Lubang {number}", "topic": "jalan_trotoar", "areas": ("31.75.03.1008", "31.75.03"), "posts": 1,
        "accounts": 1, "priority": Priority.P4, "first_at": NOW, "last_at": NOW, "detected_at": NOW, "status_at": NOW,
    }  # fmt: skip
    return Issue(id=f"ISU-20261122-{number:04d}", **{**facts, **told})  # type: ignore[arg-type]


def test_single_reports_of_one_service_and_district_are_one_line(city: City) -> None:
    queue = [issue(1, score=20), issue(2, topic="banjir"), issue(3, areas=("31.75.03",)), issue(4, areas=())]
    lines = folded(queue, city)
    assert [line.title for line in lines] == [
        "2 laporan tunggal: Jalan & trotoar di Jatinegara, Jakarta Timur", "Lubang 2", "Lubang 4",
    ]  # fmt: skip
    assert [one.id[-1] for one in lines[0].issues] == ["1", "3"]


@pytest.mark.parametrize(
    "told",
    [
        {"accounts": 2},
        {"news": 1},
        {"status": Status.WAITING},
        {"priority": Priority.P2},
        {"reasons": (Reason(part="Keselamatan", points=15, text="bahaya bagi warga"),)},
    ],
)
def test_danger_work_and_second_voices_stand_alone(told: dict[str, object], city: City) -> None:
    assert not is_single(issue(1, **told))
    assert [len(line.issues) for line in folded([issue(1, **told), issue(2), issue(3)], city)] == [1, 2]
