"""A transformer in a folder: a tiny one, made here, answers the tasks it offers; what does not fit is refused."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from nlp.quality import QualityScorer
from nlp.score import Scorer
from nlp.transformer import Transformer
from pipeline.office import Office
from tanggap.city import City, load_city
from tanggap.errors import ModelError, SettingsError
from tanggap.records import Post
from tanggap.settings import load_settings, packaged_config
from tanggap.store.scores import version

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = ["[PAD]", "[UNK]", "banjir", "lampu", "bagus"]
TOPICS = tuple(load_city(packaged_config()).topics)
LABELS = {"sentiment": ["positive", "negative", "neutral"], "topic": list(TOPICS)}
CARD = {"name": "uji", "version": "3", "licence": "MIT", "data": "none: a model of this test"}


def written(folder: Path, labels: dict[str, list[str]]) -> Path:
    """A model folder: one head of attention over word vectors, their mean, and a layer per task.

    `banjir` makes a text negative and about floods, `bagus` positive.
    """
    folder.mkdir()
    size = len(WORDS)
    weights = {task: np.zeros((size, len(names)), dtype=np.float32) for task, names in labels.items()}
    for task, word, label in (("sentiment", "banjir", "negative"), ("sentiment", "bagus", "positive")):
        if task in weights:
            weights[task][WORDS.index(word), labels[task].index(label)] = 20
    if "topic" in weights:
        weights["topic"][WORDS.index("banjir"), labels["topic"].index("banjir")] = 20
    arrays = {"vectors": np.eye(size, dtype=np.float32) * 4, "axis": np.array([1]), **weights}
    nodes = [
        helper.make_node("Gather", ["vectors", "input_ids"], ["x"]),
        helper.make_node("Transpose", ["x"], ["xt"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["x", "xt"], ["likeness"]),
        helper.make_node("Softmax", ["likeness"], ["attention"], axis=-1),
        helper.make_node("MatMul", ["attention", "x"], ["read"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
        helper.make_node("Mul", ["read", "wide"], ["seen"]),
        helper.make_node("ReduceMean", ["seen", "axis"], ["mean"], keepdims=0),
        *(helper.make_node("MatMul", ["mean", task], [f"{task}_out"], name=task) for task in labels),
    ]
    for node in nodes[-len(labels) :]:
        node.output[0] = node.name
        node.input[1] = f"{node.name}_weights"
    arrays = {f"{name}_weights" if name in labels else name: value for name, value in arrays.items()}
    arrays["last"] = np.array([2])
    shape = ["texts", "pieces"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info(task, TensorProto.FLOAT, ["texts", len(labels[task])]) for task in labels],
        [numpy_helper.from_array(value, name) for name, value in arrays.items()],
    )
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), folder / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "labels.json").write_text(json.dumps(labels))
    (folder / "card.json").write_text(json.dumps(CARD))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("quality") / "model", LABELS)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "model"))


@pytest.fixture(scope="module")
def usual() -> Scorer:
    return Scorer.load(load_city(packaged_config()))


def post(text: str) -> Post:
    return Post(source="x", native_id="1", text=text, published_at=NOW, collected_at=NOW)


def test_probabilities_follow_the_labels_of_the_folder(folder: Path, city: City) -> None:
    model = Transformer.load(folder, city)
    texts = ["banjir banjir", "bagus", "banjir di jalan " * 300, ""] * 9
    shares = model.probabilities(texts)
    assert shares["sentiment"].shape == (36, 3)
    assert np.allclose(shares["sentiment"].sum(axis=1), 1)
    names = [model.labels["sentiment"][at] for at in shares["sentiment"].argmax(axis=1)[:2]]
    assert names == ["negative", "positive"]


def test_the_transformer_answers_its_tasks_and_the_usual_models_the_others(
    folder: Path, city: City, usual: Scorer
) -> None:
    text = "banjir lagi di kampung melayu, air masuk rumah setinggi paha tolong perahu"
    [score], [plain] = QualityScorer.of(usual, folder, city).score([post(text)]), usual.score([post(text)])
    assert (score.sentiment, score.topic, score.agency) == ("negative", "banjir", plain.agency)
    assert next(iter(score.topic_probs)) == "banjir"
    assert (score.places, score.urgency, score.complaint, score.terms) == (
        plain.places, plain.urgency, plain.complaint, plain.terms,
    )  # fmt: skip
    assert score.model == f"{plain.model}+uji-3"
    assert version(score.model) > version(plain.model), "its scores are the ones people see"


def test_another_answer_takes_its_body_along_and_loses_the_usual_words(folder: Path, city: City, usual: Scorer) -> None:
    text = "lampu jalan di depan pasar mati, bagus sekali"
    [score], [plain] = QualityScorer.of(usual, folder, city).score([post(text)]), usual.score([post(text)])
    assert score.topic != plain.topic
    assert "topic" not in score.reasons
    assert score.agency != plain.agency


def test_what_nobody_can_read_stays_refused(folder: Path, city: City, usual: Scorer) -> None:
    found = QualityScorer.of(usual, folder, city).score([post("🔥"), post("banjir di jalan kampung kami")])
    assert (found[0].sentiment, found[0].topic) == (None, None)
    assert found[0].reasons["topic"] == usual.score([post("🔥")])[0].reasons["topic"]
    assert found[1].topic == "banjir"


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "labels.json", "card.json"])
def test_an_incomplete_folder_is_refused_by_name(folder: Path, city: City, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelError, match=f"incomplete: {missing} is missing"):
        Transformer.load(folder, city)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("labels.json", {"sentiment": ["negative", "positive"]}, "labels of sentiment must be"),
        ("labels.json", {"topic": ["banjir", "macet"]}, "labels of topic must be"),
        ("labels.json", {"mood": ["a"]}, "offers .*mood"),
        ("labels.json", {}, "offers nothing"),
        ("labels.json", {"urgency": ["0", "1", "2", "3"]}, "cannot be run|numbers for urgency"),
        ("labels.json", {"topic": 7}, "labels of topic must be"),
        ("labels.json", [], "no JSON object"),
        ("card.json", {"name": "x"}, "does not say version, licence, data"),
        ("card.json", {**CARD, "sha256": "0"}, "not the file that its card describes"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    folder: Path, city: City, name: str, content: object, told: str
) -> None:
    (folder / name).write_text(json.dumps(content))
    with pytest.raises(ModelError, match=told) as error:
        Transformer.load(folder, city)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "labels.json"])
def test_a_damaged_file_is_refused_in_one_sentence(folder: Path, city: City, name: str) -> None:
    (folder / name).write_bytes(b"\x00damaged")
    with pytest.raises(ModelError) as error:
        Transformer.load(folder, city)
    assert "\n" not in str(error.value)


def test_an_office_reads_with_it_when_asked(folder: Path, config_dir: Path, usual: Scorer) -> None:
    with pytest.raises(SettingsError, match="needs a model of your own"):
        _ = Office.open(config_dir, "high").scorer
    settings = config_dir / "tanggap.toml"
    settings.write_text(settings.read_text().replace('model = ""', f'model = "{folder}"'))
    assert Office.open(config_dir).scorer.version == usual.version
    assert Office.open(config_dir, "high").scorer.version.endswith("+uji-3")
    assert load_settings(config_dir, environ={}).language.quality == "usual"
