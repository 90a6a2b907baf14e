"""Classes of meaning: words borrow from words of their class, and the shipped table can be read."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nlp.lexicon import read_classes
from nlp.linear import LinearModel
from nlp.meanings import class_vectors, meanings
from nlp.prepare import Preparer
from nlp.train import train
from tanggap.city import City, load_city
from tanggap.settings import packaged_config

NAMES = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung kamboja teratai".split()
FAULTS = "retak jebol ambles rusak bocor".split()
PRAISE = "bagus mantap keren hebat nyaman".split()


@pytest.fixture(scope="module")
def preparer() -> Preparer:
    return Preparer.load(load_city(packaged_config()))


def test_a_word_is_of_all_its_classes_under_its_stem_and_denied_of_others(preparer: Preparer) -> None:
    known = meanings(
        {"fault": ["lubangnya", "pungli"], "blame": ["pungli"], "none": ["sama sekali tidak ada"]}, preparer
    )
    assert known["lubang"] == {"fault"}
    assert known["NOT_lubang"] == {"NOT_fault"}
    assert known["pungli"] == {"fault", "blame"}
    assert {len(feature.split()) for feature in known} == {1}, "a phrase longer than a pair is no feature"


def test_words_of_one_class_point_the_same_way_and_others_nowhere(preparer: Preparer) -> None:
    known = meanings({"praise": ["bagus", "luar biasa"], "fault": ["rusak"]}, preparer)
    one, pair, denied, other, none = class_vectors(["bagus", "luar biasa", "NOT_bagus", "rusak", "melati"], known)
    assert one @ pair == np.linalg.norm(one) == 1
    assert one @ denied == one @ other == 0
    assert not none.any()


def test_a_word_that_training_never_met_weighs_what_its_class_weighs(tmp_path: Path, city: City) -> None:
    (city.language_dir / "classes.csv").write_text(
        "".join(["word,class\n", *(f"{word},fault\n" for word in FAULTS), *(f"{word},praise\n" for word in PRAISE)]),
        encoding="utf-8",
    )
    draw, lines = random.Random(1), []
    for number in range(160):
        words = draw.sample((FAULTS if number % 2 else PRAISE)[1:], 1) + draw.sample(NAMES, 3)
        text = f"halte {' '.join(words)} {draw.randrange(1000)}"
        lines.append(json.dumps({"id": f"r{number}", "text": text, "complaint": number % 2 == 1}) + "\n")
    data, floors = tmp_path / "posts.jsonl", tmp_path / "floors.toml"
    data.write_text("".join(lines), encoding="utf-8")
    floors.write_text("", encoding="utf-8")
    train("complaint", [data], city, tmp_path / "models", made_on=date(2026, 11, 22), floors=floors)
    model = LinearModel.load(tmp_path / "models", "complaint")
    weight = dict(zip(model.features, model.weights[:, 0].tolist(), strict=True))
    assert weight[FAULTS[0]] > 0 > weight[PRAISE[0]]


def test_every_word_of_the_shipped_table_stands_once_in_its_class_and_is_typed_small() -> None:
    classes = read_classes(packaged_config() / "language")
    assert len(classes) >= 40
    for name, words in classes.items():
        assert len(words) == len(set(words)) >= 10, name
        assert all(word == word.lower().strip() and word for word in words), name


def test_a_folder_older_than_the_table_has_no_classes(tmp_path: Path) -> None:
    assert read_classes(tmp_path) == {}
