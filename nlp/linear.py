"""A linear text model as plain numbers: weights over features, calibrated, sealed by checksums, never code."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from nlp.features import Floats
from tanggap.errors import ModelError

#: Where the models that ship with the product stand.
INSTALLED = Path(__file__).parent / "models"
#: Version of the file layout; files of another one are refused.
FORMAT = 1

Task = Literal["relevance", "sentiment", "topic", "complaint", "urgency"]
TASKS: tuple[Task, ...] = ("relevance", "sentiment", "topic", "complaint", "urgency")
#: How columns become an answer; see LinearModel.
Choice = Literal["one", "levels", "mixed"]
Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """One task: margins = unit values @ weights + bias, made probabilities by `slope` and `offset`.

    `choice` tells how columns become an answer.
    "one": the columns are classes, softmax over them.
    "levels": column k says whether the answer is above level k (a yes/no task has one column, urgency three);
    each has a logistic curve, and the highest level whose probability reaches its threshold is the answer.
    "mixed": classes as texts about the city mean them, the same classes as people mean them elsewhere, and one
    column that says which of the two a text is (two experts and a gate, Jacobs 1991).
    """

    task: Task
    labels: tuple[str, ...]
    choice: Choice
    features: tuple[str, ...]
    #: features x columns
    weights: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    #: "levels": probability each column must reach. Else a single value, below which the model abstains.
    thresholds: Floats
    card: Card

    @property
    def columns(self) -> int:
        """How many margins the model gives for a text."""
        return len(self.bias)

    def probabilities(self, margins: Floats) -> Floats:
        """Texts x labels; every row sums to 1."""
        scaled, classes = margins * self.slope + self.offset, len(self.labels)
        if self.choice == "levels":
            above = np.minimum.accumulate(expit(scaled), axis=1)
            edges = np.pad(above, ((0, 0), (1, 1)), constant_values=((0, 0), (1, 0)))
            return cast("Floats", edges[:, :-1] - edges[:, 1:])
        shares = softmax(scaled[:, :classes], axis=1)
        if self.choice == "mixed":
            gate = expit(scaled[:, -1:])
            shares = gate * shares + (1 - gate) * softmax(scaled[:, classes:-1], axis=1)
        return cast("Floats", shares)

    def decide(self, margins: Floats) -> NDArray[np.intp]:
        """The number of the chosen label of each text, whatever the confidence."""
        if self.choice != "levels":
            return cast("NDArray[np.intp]", np.argmax(self.probabilities(margins), axis=1))
        reached = self.above(margins) >= self.thresholds
        return cast("NDArray[np.intp]", np.max(reached * np.arange(1, self.columns + 1), axis=1))

    def above(self, margins: Floats) -> Floats:
        """ "levels": probability of each column."""
        return cast("Floats", expit(margins * self.slope + self.offset))

    def evidence(self, weights: Floats, margins: Floats, decided: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
        """What spoke for each decision, as (features x directions, number of the direction of each text).

        `weights` are the model's own, over whatever features the caller numbers. A class is compared with the
        runner-up, a level with the one below it.
        """
        if self.choice == "levels":
            return np.hstack([-weights[:, :1], weights]), decided
        classes = len(self.labels)
        shares = self.probabilities(margins)
        shares[np.arange(len(shares)), decided] = -1
        rival = shares.argmax(axis=1)
        home = (
            np.ones(len(shares), dtype=bool)
            if self.choice == "one"
            else margins[:, -1] * self.slope[-1] + self.offset[-1] >= 0
        )
        pairs, direction = np.unique(
            np.column_stack([decided, rival]) + np.where(home, 0, classes)[:, None], axis=0, return_inverse=True
        )
        return weights[:, pairs[:, 0]] - weights[:, pairs[:, 1]], direction.reshape(-1)

    def save(self, directory: Path) -> None:
        """Writes `<task>-<version>.npz` and then the card `<task>.json` that names it.

        The card changes hands last and at once, so a stop in between leaves the model before in service.
        """
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            features=np.frombuffer("\n".join(self.features).encode(), dtype=np.uint8),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            slope=self.slope,
            offset=self.offset,
            thresholds=self.thresholds,
        )
        file = f"{self.task}-{self.card['version']}.npz"
        sealed = {
            **self.card,
            "format": FORMAT,
            "task": self.task,
            "labels": list(self.labels),
            "choice": self.choice,
            "file": file,
            "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        }
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in ((file, buffer.getvalue()), (f"{self.task}.json", seal(sealed).encode())):
            fresh = directory / f"{name}.new"
            fresh.write_bytes(content)
            fresh.replace(directory / name)
        for old in directory.glob(f"{self.task}-*.npz"):
            if old.name != file:
                old.unlink()

    @classmethod
    def load(cls, directory: Path, task: Task) -> Self:
        """The installed model of a task.

        Raises:
            ModelError: card or weights are missing, damaged, changed by hand, or of another format.
        """
        card = read_card(directory / f"{task}.json")
        path = directory / str(card.get("file"))
        try:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != card["sha256"]:
                raise ModelError(f"{path} is damaged (its checksum differs); install the model files again.")
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                parts = {name: arrays[name] for name in arrays.files}
            features = tuple(parts.pop("features").tobytes().decode().split("\n"))
            model = cls(
                task=task,
                labels=tuple(card["labels"]),
                choice=card["choice"],
                features=features,
                card=card,
                **{name: part.astype(np.float32) for name, part in parts.items()},
            )
        except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ModelError(f"{path} cannot be read as a {task} model: {error}.") from None
        return model.checked(path)

    def checked(self, path: Path) -> Self:
        """The model itself, once its parts fit together.

        Raises:
            ModelError: they do not.
        """
        classes = len(self.labels)
        columns = {"one": classes, "levels": classes - 1, "mixed": 2 * classes + 1}.get(self.choice, 0)
        fits = (
            self.weights.shape == (len(self.features), columns)
            and self.bias.shape == self.slope.shape == self.offset.shape == (columns,)
            and self.thresholds.shape == ((columns,) if self.choice == "levels" else (1,))
            and all(np.isfinite(part).all() for part in (self.weights, self.bias, self.slope, self.offset))
        )
        if not fits:
            raise ModelError(f"{path}: its parts do not fit together; train the {self.task} model again.")
        return self


def seal(card: Card) -> str:
    """The card as text that carries a checksum of itself."""
    plain = {name: value for name, value in card.items() if name != "card_sha256"}
    body = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
    return json.dumps(
        {**plain, "card_sha256": hashlib.sha256(body.encode()).hexdigest()},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )


def read_card(path: Path) -> dict[str, Any]:
    """A card as it was sealed.

    Raises:
        ModelError: it is missing, changed since it was written, or of another format.
    """
    try:
        text = path.read_text(encoding="utf-8")
        card = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"The model card {path} cannot be read: {error}; install the model files again.") from None
    if not isinstance(card, dict) or seal(card) != text:
        raise ModelError(f"The model card {path} was changed after it was written; install the model files again.")
    if card.get("format") != FORMAT:
        raise ModelError(f"{path} has format {card.get('format')}, this version reads {FORMAT}; train it again.")
    return card
