"""A model moved by corrections: it learns what they say, stays what it is elsewhere, and refuses to unlearn."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nlp.adapt import Adapted, adapted
from nlp.data import Row
from nlp.linear import LinearModel
from nlp.train import candidate
from tanggap.city import City
from tanggap.errors import ModelError, UsageError

WORDS = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung kamboja teratai".split()
SAID = ("jalan {} rusak parah {} tolong perbaiki", "jadwal puskesmas {} buka pagi {} ramah")
TODAY = date(2026, 11, 22)


def sentence(form: str, seed: int) -> str:
    return form.format(*random.Random(seed).sample(WORDS, form.count("{}")))


@pytest.fixture
def installed(tmp_path: Path, city: City) -> Path:
    """A folder with a complaint model of 120 simple posts."""
    lines = [{"id": str(n), "text": f"{sentence(SAID[n % 2], n)} {n}", "complaint": n % 2 == 0} for n in range(120)]
    data = tmp_path / "data" / "posts.jsonl"
    data.parent.mkdir()
    data.write_text("\n".join(map(json.dumps, lines)) + "\n")
    candidate("complaint", [data], city).install(tmp_path / "models", TODAY)
    return tmp_path / "models"


def corrected(count: int) -> list[Row]:
    """Posts about roads that are praise, as staff said."""
    form = "jalan {} mulus {} rusak dulu {} diperbaiki {} bagus"
    return [Row(f"x/{n}", sentence(form, n), "corrected", "k", {"complaint": False}) for n in range(count)]


@pytest.fixture
def others() -> list[str]:
    return [f"{sentence(SAID[n % 2], n)} {n}" for n in range(200, 240)]


def test_it_learns_what_was_set_right_and_stays_what_it_is_elsewhere(
    installed: Path, city: City, others: list[str]
) -> None:
    made = adapted("complaint", corrected(14), others, city, installed)
    lines = {name: (before, after) for name, _, before, after in made.lines}
    assert lines["corrected texts"][1] > lines["corrected texts"][0]
    assert lines["other texts"] == (1.0, 1.0)


def test_the_card_tells_what_it_was_moved_from(installed: Path, city: City, others: list[str]) -> None:
    made = adapted("complaint", corrected(14), others, city, installed)
    card = made.install(installed, TODAY)
    assert (card["version"], card["adapted"]["from"]) == ("2026.11.2", "2026.11.1")
    assert card["data"][-1]["origin"] == "corrected"
    assert LinearModel.load(installed, "complaint").card == card


def test_a_model_that_unlearned_something_is_refused(installed: Path, city: City, others: list[str]) -> None:
    made = adapted("complaint", corrected(14), others, city, installed)
    worse: Adapted = replace(made, lines=[("watched texts", 99, 0.9, 0.8)])
    with pytest.raises(ModelError, match="for the worse"):
        worse.check()


def test_a_few_corrections_are_too_few(installed: Path, city: City, others: list[str]) -> None:
    with pytest.raises(UsageError, match="3 corrections speak of complaint"):
        adapted("complaint", corrected(3), others, city, installed)
