"""A recording played through the live path: lead times, false alarms, broken lines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.commands.replay import replay
from pipeline.drill import Drill, meanings, ndcg, third_voices
from pipeline.replay import Moment, Recording
from pipeline.sample import SampleDay
from pipeline.sample.recording import record
from tanggap.clock import WIB
from tanggap.errors import TanggapError
from tanggap.records import Issue, Post, Priority, Signal, SignalKind

DAY = date(2026, 11, 21)
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """The recording of the sample city from midnight to half past three, when Tambora burns."""
    folder = tmp_path / "rekaman"
    folder.mkdir()
    record(SampleDay.build(DAY), folder)
    path, end = folder / "posts.jsonl", datetime(2026, 11, 21, 3, 30, tzinfo=WIB)
    kept = [
        line
        for line in path.read_text("utf-8").splitlines()
        if datetime.fromisoformat(json.loads(line)["published_at"]) < end
    ]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    return folder


def test_a_recorded_night_tells_how_soon_the_fire_stood_on_top(
    night: Path, config_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay(night, step_min=30, as_json=True, config=config_dir)
    found = json.loads(capsys.readouterr().out)
    assert found["lead_minutes"]["kebakaran-tambora"] <= 30
    assert found["ndcg_at_10"] > 0.8
    assert found["false_p1_p2"] == 0
    assert found["never_in_top"] == 0
    assert not (config_dir / "tanggap.sqlite").exists(), "a replay has a store of its own"


def test_a_broken_line_is_told_with_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    good = {"id": "1", "text": "banjir", "published_at": "2026-11-21T10:00:00+07:00", "issue": "banjir"}
    rows = [json.dumps(good), "{", json.dumps({"id": "2", "text": "tanpa waktu"})]
    (tmp_path / "hari.jsonl").write_text("\n".join(rows), "utf-8")
    found = Recording.read(tmp_path, b"k")
    assert len(found.posts) == 1
    assert [reason.split(":")[:2] for reason in found.broken] == [["hari.jsonl", "2"], ["hari.jsonl", "3"]]
    assert found.truth == {("jsonl", "1"): "banjir"}


def test_a_folder_without_posts_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TanggapError, match="published_at"):
        Recording.read(tmp_path, b"k")


def test_the_order_is_measured_against_the_best_one() -> None:
    gains = {"a": 7.0, "b": 3.0, "c": 1.0}
    assert ndcg(["a", "b", "c"], gains, 10) == pytest.approx(1)
    assert ndcg(["a", "a", "b", "c"], gains, 10) < 1
    assert ndcg([None, "c", "b", "a"], gains, 10) < ndcg(["b", "a", "c"], gains, 10)
    assert ndcg(["a"], {}, 10) == 0


def test_an_issue_is_about_what_half_of_its_posts_are_about() -> None:
    truth = {("x", str(n)): slug for n, slug in enumerate(("fire", "fire", None, "flood"))}
    assert meanings({("x", "0"): "I", ("x", "1"): "I", ("x", "2"): "I"}, truth) == {"I": "fire"}
    assert meanings({("x", "2"): "I"}, truth) == {"I": None}
    assert meanings({("x", "9"): "I", ("x", "3"): None}, truth) == {}


def drill() -> Drill:
    """Three voices on a fire, minutes apart."""
    at = [START + timedelta(minutes=10 * n) for n in range(3)]
    posts = [
        Post(source="x", native_id=str(n), text="api", author=f"a{n}", published_at=when, collected_at=when)
        for n, when in enumerate(at)
    ]
    truth = {("x", str(n)): "fire" for n in range(3)}
    return Drill(Recording(posts=posts, truth={**truth, ("x", "9"): None}, urgency={"fire": 3}))


def moment(minutes: int, **belongs: str) -> Moment:
    """A queue in which every named issue is P1."""
    at = START + timedelta(minutes=minutes)
    moments = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), at)
    names = sorted(set(belongs.values()))
    queue = [Issue(id=name, title=name, topic="banjir", priority=Priority.P1, **moments) for name in names]
    told = [Signal(kind=SignalKind.BURST, subject=f"issue:{one.id}", since=at, told="") for one in queue]
    return Moment(at=at, queue=queue, membership={("x", key[1:]): name for key, name in belongs.items()}, signals=told)


def test_lead_time_counts_from_the_third_voice_and_false_alarms_are_counted_once() -> None:
    one = drill()
    assert third_voices(one.recording) == {"fire": START + timedelta(minutes=20)}
    one.see(moment(20))
    one.see(moment(25, p0="A", p1="A", p2="A", p9="B"))
    one.see(moment(30, p0="A", p1="A", p2="C", p9="B"))
    assert one.leads == {"fire": timedelta(minutes=5)}
    assert one.median_lead == timedelta(minutes=5)
    assert one.false_grave == {"B"}
    assert one.false_bursts == {"B"}
    assert one.moved == 1
    assert drill().leads == {"fire": None}
