"""The tagger of places: its order of tags, its files, and training it from listed names."""

from __future__ import annotations

import itertools
import json
import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nlp.mentions import Finder
from nlp.places import Gazetteer
from nlp.tagger import BEGINS, BUCKETS, INSIDE, OUTSIDE, Tagger, in_order, runs
from nlp.train import train
from nlp.train_places import tags_of
from tanggap.city import City, load_city
from tanggap.errors import ModelError, UsageError
from tanggap.settings import packaged_config

TODAY = date(2026, 11, 22)


def test_the_best_order_of_tags_is_found_and_none_begins_in_its_middle() -> None:
    draw = np.random.default_rng(3)
    for _ in range(100):
        margins = draw.normal(size=(5, 3)).astype(np.float32)
        margins[[0, -1], OUTSIDE] = 50
        orders = [
            order
            for order in itertools.product((OUTSIDE, BEGINS, INSIDE), repeat=5)
            if all(two != INSIDE or one != OUTSIDE for one, two in itertools.pairwise((OUTSIDE, *order)))
        ]
        best = max(margins[range(5), list(order)].sum() for order in orders)
        found = tuple(in_order(margins).tolist())
        assert found in orders
        assert margins[range(5), list(found)].sum() == pytest.approx(best, abs=1e-4)


def test_neighbouring_places_stay_two() -> None:
    tags = np.array([OUTSIDE, BEGINS, INSIDE, BEGINS, OUTSIDE, BEGINS])
    assert runs(tags) == [(1, 3), (3, 4), (5, 6)]


def test_listed_names_are_marked_wherever_they_stand() -> None:
    text = "Jl. Melati banjir, warga jl. melati dan Tebet mengungsi"
    words = Finder.load(load_city(packaged_config())).words(text)
    tags = tags_of(text, words, ["Jl. Melati", "Tebet"])
    assert [word.raw for word, tag in zip(words, tags, strict=True) if tag == BEGINS] == ["Jl", "jl", "Tebet"]
    assert [word.raw for word, tag in zip(words, tags, strict=True) if tag == INSIDE] == ["Melati", "melati"]


def test_a_saved_tagger_comes_back_and_a_misfit_is_refused(tmp_path: Path) -> None:
    weights = np.zeros((BUCKETS, 3), dtype=np.float32)
    weights[7, 1] = 0.5
    Tagger(weights, np.array([0.25, 0, 0], dtype=np.float32), {"version": "2026.11.1"}).save(tmp_path)
    loaded = Tagger.load(tmp_path)
    assert loaded.weights[7, 1] == 0.5
    assert loaded.bias[0] == 0.25
    Tagger(weights[:5], loaded.bias, {"version": "2026.11.2"}).save(tmp_path)
    with pytest.raises(ModelError, match="do not fit"):
        Tagger.load(tmp_path)


def test_places_are_learned_from_listed_names(tmp_path: Path, city: City) -> None:
    draw = random.Random(1)
    streets = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung".split()
    lines = []
    for number in range(80):
        name = f"jalan {draw.choice(streets)} {number % 7 + 1}"
        lines.append({"id": f"r{number}", "text": f"lampu di {name} mati sejak {number} hari", "places": [name]})
    data = tmp_path / "data" / "posts.jsonl"
    data.parent.mkdir()
    data.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    floors = tmp_path / "floors.toml"
    floors.write_text("[places]\nf1 = 0.5\n", encoding="utf-8")
    card = train("places", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
    assert card["cross_validation"]["f1"] > 0.8
    (place,) = Gazetteer.load(city, tmp_path / "models").find("air mati di jalan kenanga 5 tadi pagi")
    assert (place.text, place.level) == ("jalan kenanga 5", "road")
    data.write_text(json.dumps(lines[0]) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="too few"):
        train("places", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
