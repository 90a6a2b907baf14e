"""Training on any mix: weights, guessed labels, corrections, slices of the card, and floors that cannot drop."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from nlp.cards import INSTALLED, read_card
from nlp.corpus import Emphasis, training_rows
from nlp.corrections import rows_of
from nlp.data import Row
from nlp.intervals import of_classes, of_retrieval
from nlp.measure import compared
from nlp.metrics import calibration_curve
from nlp.train import FLOORS, candidate, check_floor
from tanggap.city import City
from tanggap.errors import ModelError
from tanggap.records import Correction, Post
from tanggap.settings import read_toml

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung kamboja teratai".split()
COMPLAINTS = [
    "jalan di gang {} rusak parah tolong segera diperbaiki pak",
    "sampah di rw {} menumpuk seminggu tidak diangkut, bau sekali",
    "lampu jalan {} mati total sudah tiga hari, gelap dan rawan",
]
CALM = [
    "jadwal puskesmas {} buka jam delapan sampai jam dua siang",
    "terima kasih petugas kelurahan {} yang ramah dan cepat",
    "info pendaftaran sekolah di kecamatan {} dibuka bulan depan",
]
#: Reads like the complaints about lamps, and is none.
ODD = "lampu jalan {} {} gelap {} {} rawan {} mati hias"


def made(count: int, seed: int = 1) -> list[dict[str, object]]:
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        complaint = number % 2 == 0
        text = draw.choice(COMPLAINTS if complaint else CALM).format(" ".join(draw.sample(NAMES, 3)))
        channel = "news_uji" if number % 4 < 2 else "tweet_uji"
        rows.append({"id": f"r{number}", "text": f"{text} {number}", "complaint": complaint, "channel": channel})
    return rows


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "data" / "posts.jsonl", made(160))


def correction(post: int, field: str, after: object, *, why: str = "x") -> Correction:
    return Correction(
        post=post, field=field, before=None, after=after, why=why, by="rina", at=NOW, content_hash=""
    )  # fmt: skip


def odd(number: int) -> tuple[Post, list[Correction]]:
    text = ODD.format(*random.Random(number).sample(NAMES, 5))
    post = Post(id=number, source="x", native_id=str(number), text=text, published_at=NOW, collected_at=NOW)
    return post, [correction(number, "complaint", after=False)]


def test_corrections_become_rows_with_author_and_reason() -> None:
    post, _ = odd(1)
    said = [correction(1, "topic", "banjir", why="genangan"), correction(1, "agency", "AG05")]
    [row] = rows_of([(post, said)])
    assert (row.origin, row.labels["topic"], row.labels["relevant"]) == ("corrected", "banjir", True)
    assert (row.labels["by"], row.labels["why"]) == (["rina", "rina"], ["genangan", "x"])
    assert "agency" not in row.labels
    assert rows_of([(post, [correction(1, "agency", "AG05")])]) == []


def test_what_staff_set_right_is_learned_and_shown_before_and_after(city: City, data: Path) -> None:
    rows = rows_of(odd(number) for number in range(12))
    made_ = candidate("complaint", [data], city, corrected=rows)
    assert made_.before is not None
    lines = {name: (n, before, after) for name, n, before, after in compared(made_.before, made_.measured)}
    texts, before, after = lines["origin corrected"]
    assert texts == 12
    assert after > before
    assert lines["all"][0] == 172
    assert {"channel news_uji", "channel tweet_uji"} <= lines.keys()


def test_a_corrected_row_wins_over_the_same_text_of_a_file(data: Path) -> None:
    text = str(made(1)[0]["text"])
    rows = training_rows([data], [], [Row("x/1", text, "corrected", "x", {"complaint": False})])
    [row] = [row for row in rows if row.text == text]
    assert row.origin == "corrected"


def test_weights_move_the_model_towards_what_counts_more(city: City, data: Path) -> None:
    plain, heavy = (
        candidate("complaint", [data], city, emphasis=Emphasis({}, {"true": count})) for count in (1.0, 20.0)
    )
    assert heavy.model.bias[0] > plain.model.bias[0]  # type: ignore[union-attr]
    assert heavy.recipe["emphasis"] == {"origins": {}, "labels": {"true": 20.0}}


def test_guessed_labels_are_taken_only_where_cross_validation_gains(city: City, tmp_path: Path, data: Path) -> None:
    more = [{**row, "complaint": None} for row in made(60, seed=2)]
    told = candidate("complaint", [data, write(tmp_path / "data" / "pool.jsonl", more)], city, guess=True)
    tried = told.measured["guesses"]
    assert tried["taken"] == (tried["with"] > tried["without"])
    assert told.measured["macro_f1"] == max(tried["with"], tried["without"])


@pytest.mark.parametrize("name", ["gold.jsonl", "gold.tsv", "gold.csv"])
def test_no_copy_of_any_gold_file_is_trained_on(tmp_path: Path, data: Path, name: str) -> None:
    text = str(made(1)[0]["text"])
    gold = tmp_path / name
    gold.write_text(
        {
            "gold.jsonl": json.dumps({"id": "1", "text": f"{text} ya pak"}) + "\n",
            "gold.tsv": f"{text} ya pak\tnegative\n",
            "gold.csv": f"id,text,label\n1,{text} ya pak,negative\n",
        }[name],
        encoding="utf-8",
    )
    assert text not in [row.text for row in training_rows([data], [gold])]


def test_the_card_tells_slices_intervals_and_calibration(tmp_path: Path, city: City, data: Path) -> None:
    made_ = candidate("complaint", [data], city)
    card = made_.install(tmp_path / "models", date(2026, 11, 22))
    found = card["cross_validation"]
    low, high = found["intervals"]["macro_f1"]
    assert low <= found["macro_f1"] <= high
    assert set(found["slices"]["channel"]) == {"news_uji", "tweet_uji"}
    assert sum(part["n"] for part in found["slices"]["register"].values()) <= found["n"]
    assert sum(part["n"] for part in found["calibration_curve"]) == found["n"]


def test_a_model_under_two_floors_is_told_both(tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text("[urgency]\nmacro_f1 = 0.7\nrecall_2plus = 0.8\nmae = 0.0\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"macro_f1 0\.600 < 0\.700, recall_2plus 0\.500 < 0\.800"):
        check_floor("urgency", {"macro_f1": 0.6, "recall_2plus": 0.5, "mae": 0.1}, floors)


def test_the_floors_stand_close_under_what_the_shipped_models_reach() -> None:
    """A floor far under its model would let quality slip unseen; one above it would mean that a floor was ignored."""
    floors = read_toml(FLOORS)
    tasks = {"relevance", "sentiment", "topic", "complaint", "urgency", "places"}
    assert set(floors) == tasks
    for task in tasks:
        measured = read_card(INSTALLED / f"{task}.json")["cross_validation"]
        assert floors[task], task
        for name, floor in floors[task].items():
            assert measured[name] - 0.05 <= floor <= measured[name], (task, name, floor, measured[name])


def test_intervals_hold_the_figure_and_narrow_with_more_texts() -> None:
    gold, said = ["a", "a", "b", "b"] * 10, ["a", "b", "b", None] * 10
    few, many = of_classes(gold, said)["accuracy"], of_classes(gold * 20, said * 20)["accuracy"]
    assert few[0] <= 0.5 <= few[1]
    assert few[1] - few[0] > many[1] - many[0]
    assert of_classes([], []) == {"macro_f1": (0.0, 0.0), "accuracy": (0.0, 0.0)}
    sets = [frozenset("ab"), frozenset("a")] * 20
    assert of_retrieval(sets, sets) == (1.0, 1.0)


def test_the_calibration_curve_pairs_confidence_with_truth() -> None:
    [low, high] = calibration_curve(np.array([0.1, 0.1, 0.9, 0.9]), [False, False, True, False])
    assert (low["n"], low["correct"], high["confidence"], high["correct"]) == (2, 0.0, 0.9, 0.5)
