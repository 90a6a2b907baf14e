"""Corrections from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tanggap.errors import RuleError, UsageError
from tanggap.records import Post, Role, Score, User
from tanggap.store import Store, people, posts, scores


@pytest.fixture
def office(store: Store, config_dir: Path, now) -> Path:
    """An office with one understood post, an analyst and a reader."""
    sent = Post(source="x", native_id="1", text="air [naik] sepaha", published_at=now(), collected_at=now())
    labels = {"relevant": True, "relevance": 0.9, "sentiment": "neutral", "topic": "lainnya", "complaint": False}
    value = Score(model="2026.11.1", urgency=0, **labels)
    with store.write() as db:
        for name, role in (("rina", Role.ANALYST), ("adi", Role.READER)):
            people.add(db, User(name=name, full_name=name.title(), roles=(role,)), "x")
        posts.add(db, [sent])
        scores.add(db, [(posts.unscored(db, "none", 1)[0].id or 0, value)])
    return config_dir


def run(office: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--config", str(office)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_a_label_is_set_right_and_listed_with_its_reason(office: Path) -> None:
    told = run(office, "correct", "x/1", "--field", "topic", "--to", "banjir", "--why", "[banjir]", "--by", "rina")
    assert told == "x/1: topic lainnya -> banjir\n"
    assert "[banjir]" in run(office, "correction", "list")
    [agency, topic] = json.loads(run(office, "correction", "list", "--json"))
    assert (topic["by"], topic["before"], topic["after"], topic["why"]) == ("rina", "lainnya", "banjir", "[banjir]")
    assert (agency["field"], agency["why"]) == ("agency", "mengikuti urusan")


def test_who_may_not_correct_is_refused(office: Path) -> None:
    words = ("--field", "complaint", "--to", "ya", "--why", "x")
    with pytest.raises(RuleError, match="tidak berhak"):
        run(office, "correct", "1", *words, "--by", "adi")
    with pytest.raises(UsageError, match="no account"):
        run(office, "correct", "1", *words, "--by", "siapa")
    with pytest.raises(UsageError, match="no post"):
        run(office, "correct", "x/2", *words, "--by", "rina")


def test_a_correction_is_taken_back_by_its_number(office: Path) -> None:
    run(office, "correct", "x/1", "--field", "places", "--to", "+Tebet", "--why", "tempatnya", "--by", "rina")
    [made] = json.loads(run(office, "correction", "list", "--json"))
    assert run(office, "correction", "undo", str(made["id"]), "--by", "rina") == "1: places Tebet -> -\n"
    assert "dibatalkan rina" in run(office, "correction", "list")
    with pytest.raises(UsageError, match="no account"):
        run(office, "correction", "undo", "1", "--by", "siapa")
