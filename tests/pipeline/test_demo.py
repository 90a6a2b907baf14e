"""`tanggap demo` from nothing: the whole main job on the sample city, with floors that cannot drop silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo import play, show_summary
from tanggap.records import Priority
from tanggap.store import briefs, drift

#: Grouping of the whole sample day against its truth; raise it when the grouping gets better.
FLOOR_F1 = 0.8


def test_the_sample_day_is_crawled_understood_grouped_and_briefed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with play(tmp_path / "kota", rounds=(12.0, 24.0)) as city:
        show_summary(city)
        with city.office.store.read() as db:
            brief = briefs.latest(db, city.day)
            watched = drift.latest(db, city.day)
    assert {run.failure for run in city.runs} == {None}
    assert len(city.runs) == 7
    assert city.posts > 2300
    assert len(city.issues) >= 20
    assert city.grouping["bcubed_f1"] >= FLOOR_F1
    assert city.issues[0].priority is Priority.P1
    assert city.signals >= 1, "the sample day has hearsay and bursts, so its page of signals is not empty"
    assert watched is not None, "the page Kamus of the demo shows a report"
    assert watched.content["posts"] > 2000
    assert brief is not None
    assert brief.items
    text = capsys.readouterr().out
    for word in ("x-contoh", "kiriman", "isu terbuka", "sinyal", "B-cubed F1"):
        assert word in text
