"""`tanggap train` from a terminal: weights, corrections of the store, and the question before installing."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nlp.cards import read_card
from pipeline.cli import app
from pipeline.commands.train import emphasis
from tanggap.desk.correcting import correct
from tanggap.errors import UsageError
from tanggap.records import Post, Role, Score, User
from tanggap.store import Store, posts, scores

WORDS = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung kamboja teratai".split()
LABELS = {"relevant": True, "relevance": 0.9, "sentiment": "neutral", "topic": "lainnya", "urgency": 0}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Labelled posts that any recipe tells apart."""
    draw = random.Random(3)
    lines = []
    for number in range(120):
        said = "jalan {} rusak parah {} tolong perbaiki" if number % 2 else "jadwal puskesmas {} buka pagi {} ramah"
        text = f"{said.format(*draw.sample(WORDS, 2))} {number}"
        lines.append(json.dumps({"id": str(number), "text": text, "complaint": bool(number % 2)}))
    path = tmp_path / "data" / "posts.jsonl"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def office(store: Store, config_dir: Path, city, now) -> Path:
    """An office whose analyst corrected one post."""
    sent = Post(source="x", native_id="1", text="lampu taman hias", published_at=now(), collected_at=now())
    with store.write() as db:
        posts.add(db, [sent])
        [stored] = posts.unscored(db, "none", 1)
        scores.add(db, [(stored.id or 0, Score(model="2026.11.1", complaint=True, **LABELS))])
    rina = User(name="rina", full_name="Rina", roles=(Role.ANALYST,))
    correct(store, city, rina, stored.id or 0, "complaint", "tidak", why="bukan keluhan", at=now())
    return config_dir


def run(office: Path, data: Path, out: Path, *words: str) -> Result:
    done = CliRunner().invoke(
        app, ["train", "complaint", "--data", str(data), "--out", str(out), "--config", str(office), *words]
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_corrections_are_trained_on_compared_and_installed_only_with_a_yes(
    office: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "models"
    refused = run(office, data, out, "--from-corrections")
    assert refused.exit_code == 1
    assert not out.exists(), "nobody said yes"
    done = run(office, data, out, "--from-corrections", "--yes", "--weight", "corrected=5")
    told = [line.split() for line in done.stderr.splitlines()]
    assert ["origin", "corrected", "1"] in [words[:3] for words in told], done.stderr
    card = read_card(out / "complaint.json")
    assert [(part["origin"], part["rows"]) for part in card["data"]] == [("city", 120), ("corrected", 1)]
    assert card["recipe"]["emphasis"]["origins"] == {"corrected": 5.0}


def test_without_any_correction_it_is_said(store: Store, config_dir: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nobody has corrected"):
        run(config_dir, data, tmp_path / "models", "--from-corrections")


def test_without_files_it_takes_corrections(store: Store, config_dir: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        CliRunner().invoke(app, ["train", "topic", "--config", str(config_dir)], catch_exceptions=False)


def test_without_files_too_few_corrections_are_said(office: Path, tmp_path: Path) -> None:
    words = ["train", "complaint", "--from-corrections", "--yes", "--config", str(office)]
    with pytest.raises(UsageError, match="1 corrections speak of complaint"):
        CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.parametrize("weight", ["smsa", "smsa=x", "smsa=-1", "smsa=nan"])
def test_a_weight_that_is_none_is_refused(weight: str) -> None:
    with pytest.raises(UsageError, match="--weight"):
        emphasis([weight])


def test_weights_name_origins_and_labels() -> None:
    told = emphasis(["smsa=0.5", "positive=2"])
    assert (told.origins, told.labels) == ({"corrected": 3.0, "smsa": 0.5}, {"positive": 2.0})
