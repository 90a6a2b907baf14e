"""A text classifier of the BERT kind that the operator provides: a folder with an ONNX file, run without PyTorch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from nlp.features import Floats
from nlp.linear import TASKS, Task
from tanggap.city import City
from tanggap.errors import ModelError
from tanggap.records import SENTIMENTS

MODEL, TOKENIZER, LABELS, CARD = "model.onnx", "tokenizer.json", "labels.json", "card.json"
#: What the card must say: what it is, who may use it, and what it learned from.
TOLD = ("name", "version", "licence", "data")
#: Pieces of a text that are read where the card says nothing else.
MAX_TOKENS = 256
#: Texts run at once.
BATCH = 16
EXTRA = "pip install 'tanggap-monitor[quality]'"


class Transformer:
    """The model of a folder; it answers the tasks that its labels.json lists.

    model.onnx takes `input_ids` and `attention_mask` (and `token_type_ids`, if it has that input), texts x pieces of
    int64, and gives the logits of each task, texts x labels, as an output of the name of the task; with a single task
    the name of the output does not matter.
    """

    def __init__(
        self, session: Any, tokenizer: Any, labels: Mapping[Task, tuple[str, ...]], card: Mapping[str, Any]
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.labels = labels
        self.card = card
        self._inputs = {node.name for node in session.get_inputs()}
        outputs = [node.name for node in session.get_outputs()]
        alone = len(labels) == len(outputs) == 1
        self._outputs: dict[Task, str] = {task: outputs[0] if alone else task for task in labels}

    @classmethod
    def load(cls, folder: Path, city: City) -> Self:
        """The model of a folder, tried on a sentence.

        Raises:
            ModelError: a file is missing or damaged, a task's labels are not ours, the files do not fit together, or
                the libraries to run it are not installed.
        """
        missing = [name for name in (MODEL, TOKENIZER, LABELS, CARD) if not (folder / name).is_file()]
        if missing:
            raise ModelError(f"The model folder {folder} is incomplete: {', '.join(missing)} is missing.")
        card = _card(folder)
        labels = _labels(folder / LABELS, city)
        model = cls(*_opened(folder, card), labels, card)
        model.check(folder)
        return model

    def check(self, folder: Path) -> None:
        """Answers a sentence; ModelError when inputs, outputs and labels do not fit together."""
        try:
            found = self.probabilities(["jalan rusak di depan pasar", ""])
        except Exception as error:  # noqa: BLE001 - the runtime has no common base for what a wrong file can raise
            raise ModelError(f"The model of {folder} cannot be run: {str(error).splitlines()[0]}.") from None
        for task, shares in found.items():
            if shares.shape != (2, len(self.labels[task])):
                raise ModelError(
                    f"The model of {folder} gives {shares.shape[-1]} numbers for {task}, {LABELS} lists "
                    f"{len(self.labels[task])} labels."
                )

    def probabilities(self, texts: Sequence[str]) -> dict[Task, Floats]:
        """Per task texts x labels, labels in the order of `labels`; every row sums to 1."""
        parts = [self._run(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return {task: np.concatenate([part[task] for part in parts]) for task in self.labels}

    def _run(self, texts: Sequence[str]) -> dict[Task, Floats]:
        read = self._tokenizer.encode_batch(list(texts))
        fed: dict[str, NDArray[np.int64]] = {
            "input_ids": np.array([one.ids for one in read], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in read], dtype=np.int64),
            "token_type_ids": np.array([one.type_ids for one in read], dtype=np.int64),
        }
        logits = self._session.run([*self._outputs.values()], {name: fed[name] for name in fed if name in self._inputs})
        return {task: softmax(each, axis=-1) for task, each in zip(self._outputs, logits, strict=True)}


def _opened(folder: Path, card: Mapping[str, Any]) -> tuple[Any, Any]:
    """The running model and its tokenizer, padded and cut to what the model reads."""
    try:
        from onnxruntime import InferenceSession
        from tokenizers import Tokenizer
    except ImportError:
        raise ModelError(f"A model folder needs libraries that are not installed: {EXTRA}.") from None
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.enable_truncation(int(card.get("max_tokens", MAX_TOKENS)))
        tokenizer.enable_padding(**({"length": None} if tokenizer.padding is None else tokenizer.padding))
        session = InferenceSession(str(folder / MODEL), providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - both libraries raise bare exceptions for a damaged file
        raise ModelError(f"The model of {folder} cannot be read: {str(error).splitlines()[0]}.") from None
    return session, tokenizer


def _card(folder: Path) -> dict[str, Any]:
    """The card, once it says what it must and its checksum is that of the model file, if it names one."""
    card = _json(folder / CARD)
    if unsaid := [name for name in TOLD if not card.get(name)]:
        raise ModelError(f"{folder / CARD} does not say {', '.join(unsaid)}; a model is used only with a whole card.")
    told = card.get("sha256")
    if told and hashlib.sha256((folder / MODEL).read_bytes()).hexdigest() != told:
        raise ModelError(f"{folder / MODEL} is not the file that its card describes (its checksum differs).")
    return card


def _labels(path: Path, city: City) -> dict[Task, tuple[str, ...]]:
    """The labels of each task in the order of the model's outputs; ModelError where they are not ours."""
    yes_no = ("false", "true")
    ours: dict[Task, tuple[str, ...]] = {
        "relevance": yes_no,
        "complaint": yes_no,
        "urgency": ("0", "1", "2", "3"),
        "sentiment": SENTIMENTS,
        "topic": tuple(city.topics),
    }
    told = _json(path)
    strange = sorted(set(told) - set(TASKS))
    if strange or not told:
        raise ModelError(f"{path} offers {strange or 'nothing'}; the tasks are {', '.join(TASKS)}.")
    for task in TASKS:
        if task in told and (not isinstance(told[task], list) or sorted(map(str, told[task])) != sorted(ours[task])):
            raise ModelError(f"{path}: the labels of {task} must be {', '.join(ours[task])}, in its own order.")
    return {task: tuple(map(str, told[task])) for task in TASKS if task in told}


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from None
    if not isinstance(value, dict):
        raise ModelError(f"{path} holds no JSON object.")
    return value
