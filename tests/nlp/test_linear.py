"""Model files: what is saved comes back, and whatever was changed in between is refused in one sentence."""

from __future__ import annotations

import io
import json
import pickle
import random
from pathlib import Path

import numpy as np
import pytest

from nlp.cards import INSTALLED, read_card, seal
from nlp.linear import TASKS, LinearModel, Task
from tanggap.errors import ModelError


def small_model(task: Task = "topic", version: str = "2026.11.1") -> LinearModel:
    draw = np.random.default_rng(7)
    features = ("# ba", "banjir", "macet")
    return LinearModel(
        task=task,
        labels=("banjir", "kemacetan_lalu_lintas"),
        choice="one",
        features=features,
        weights=draw.normal(size=(3, 2)).astype(np.float16).astype(np.float32),
        bias=np.zeros(2, dtype=np.float32),
        slope=np.ones(2, dtype=np.float32),
        offset=np.zeros(2, dtype=np.float32),
        thresholds=np.zeros(1, dtype=np.float32),
        card={"version": version, "about": "café"},
    )


def test_a_saved_model_comes_back_as_it_was(tmp_path: Path) -> None:
    model = small_model()
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path, "topic")
    assert (loaded.features, loaded.labels, loaded.choice) == (model.features, model.labels, model.choice)
    np.testing.assert_array_equal(loaded.weights, model.weights)
    assert loaded.card["about"] == "café"


def test_a_newer_model_replaces_the_one_before(tmp_path: Path) -> None:
    small_model(version="2026.11.1").save(tmp_path)
    small_model(version="2026.11.2").save(tmp_path)
    assert LinearModel.load(tmp_path, "topic").card["version"] == "2026.11.2"
    assert [path.name for path in tmp_path.glob("*.npz")] == ["topic-2026.11.2.npz"]


def test_weights_written_without_their_card_leave_the_model_before_in_service(tmp_path: Path) -> None:
    small_model(version="2026.11.1").save(tmp_path)
    (tmp_path / "topic-2026.11.2.npz").write_bytes(b"half a fi")
    assert LinearModel.load(tmp_path, "topic").card["version"] == "2026.11.1"


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"urgency\.json"):
        LinearModel.load(tmp_path, "urgency")


@pytest.mark.parametrize("name", ["topic.json", "topic-2026.11.1.npz"])
def test_500_changed_model_files_are_all_refused(tmp_path: Path, name: str) -> None:
    small_model().save(tmp_path)
    path, draw = tmp_path / name, random.Random(3)
    whole = path.read_bytes()
    for _ in range(250):
        changed = bytearray(whole)
        at = draw.randrange(len(whole))
        match draw.choice(("flip", "cut", "drop", "double")):
            case "flip":
                changed[at] ^= 1 << draw.randrange(8)
            case "cut":
                del changed[at:]
            case "drop":
                del changed[at]
            case _:
                changed.insert(at, changed[at] ^ 0x55)
        path.write_bytes(bytes(changed))
        with pytest.raises(ModelError):
            LinearModel.load(tmp_path, "topic")


def test_a_card_of_another_format_is_refused(tmp_path: Path) -> None:
    small_model().save(tmp_path)
    card = {**read_card(tmp_path / "topic.json"), "format": 99}
    (tmp_path / "topic.json").write_text(seal(card), encoding="utf-8")
    with pytest.raises(ModelError, match="format 99"):
        LinearModel.load(tmp_path, "topic")


class Hostile:
    """Writes a file when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


def test_a_pickle_inside_a_sealed_model_is_not_opened(tmp_path: Path) -> None:
    import hashlib

    mark = tmp_path / "was-run"
    small_model().save(tmp_path)
    buffer = io.BytesIO()
    np.savez(buffer, features=np.frombuffer(b"a", dtype=np.uint8), weights=np.array([Hostile(mark)], dtype=object))
    assert pickle.dumps(Hostile(mark))
    card = read_card(tmp_path / "topic.json")
    (tmp_path / card["file"]).write_bytes(buffer.getvalue())
    card["sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    (tmp_path / "topic.json").write_text(seal(card), encoding="utf-8")
    with pytest.raises(ModelError):
        LinearModel.load(tmp_path, "topic")
    assert not mark.exists()


def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    model = small_model()
    LinearModel(**{**{name: getattr(model, name) for name in LinearModel.__slots__}, "features": ("a", "b")}).save(
        tmp_path
    )
    with pytest.raises(ModelError, match="do not fit together"):
        LinearModel.load(tmp_path, "topic")


def test_levels_become_probabilities_that_never_rise_with_the_level() -> None:
    model = LinearModel(
        task="urgency",
        labels=("0", "1", "2", "3"),
        choice="levels",
        features=("a",),
        weights=np.zeros((1, 3), dtype=np.float32),
        bias=np.zeros(3, dtype=np.float32),
        slope=np.ones(3, dtype=np.float32),
        offset=np.zeros(3, dtype=np.float32),
        thresholds=np.array([0.5, 0.3, 0.2], dtype=np.float32),
        card={},
    )
    margins = np.array([[3, -1, 0.5], [-3, -3, -3], [4, 3, 2]], dtype=np.float32)
    shares = model.probabilities(margins)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares >= 0).all()
    assert model.decide(margins).tolist() == [3, 0, 3]


def test_the_shipped_models_load_and_stay_small() -> None:
    models = [LinearModel.load(INSTALLED, task) for task in TASKS]
    assert [model.task for model in models] == list(TASKS)
    assert sum(path.stat().st_size for path in INSTALLED.iterdir()) < 12_000_000


def test_the_shipped_cards_name_data_terms_and_figures() -> None:
    for task in TASKS:
        card = json.loads((INSTALLED / f"{task}.json").read_text(encoding="utf-8"))
        assert {"data", "made_on", "seed", "libraries", "training_set_sha256", "cross_validation"} <= card.keys()
        assert all({"about", "rows", "classes"} <= origin.keys() for origin in card["data"])
        assert {"macro_f1", "per_class", "calibration_error"} <= card["cross_validation"].keys()
