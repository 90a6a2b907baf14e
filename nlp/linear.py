"""A linear text model as plain numbers: weights over features, calibrated, sealed by checksums, never code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, cast, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from nlp.cards import Card, install, installed
from nlp.features import Floats
from tanggap.errors import ModelError

#: What can be trained; places are tagged word by word (nlp/tagger.py), the others are linear models over texts.
Task = Literal["relevance", "sentiment", "topic", "complaint", "urgency", "places"]
TASKS: tuple[Task, ...] = ("relevance", "sentiment", "topic", "complaint", "urgency")
#: How columns become an answer; see LinearModel.
Choice = Literal["one", "levels"]

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """One task: margins = unit values @ weights + bias, made probabilities by `slope` and `offset`.

    `choice` tells how columns become an answer.
    "one": the columns are classes, softmax over them.
    "levels": column k says whether the answer is above level k (a yes/no task has one column, urgency three);
    each has a logistic curve, and the highest level whose probability reaches its threshold is the answer.
    A model of several kinds of texts has such columns for each of them, one expert after another, and then a gate per
    kind that says how likely a text is of it; the experts answer in that measure (Jacobs 1991).
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
    #: Kinds of texts that have experts of their own; none where one answers for all.
    kinds: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """How many margins the model gives for a text."""
        return len(self.bias)

    @property
    def each(self) -> int:
        """Columns of one expert."""
        return len(self.labels) - (self.choice == "levels")

    def probabilities(self, margins: Floats) -> Floats:
        """Texts x labels; every row sums to 1."""
        if self.choice == "levels":
            above = np.minimum.accumulate(self.above(margins), axis=1)
            edges = np.pad(above, ((0, 0), (1, 1)), constant_values=((0, 0), (1, 0)))
            return cast("Floats", edges[:, :-1] - edges[:, 1:])
        return self._together(softmax(self._experts(margins), axis=2), margins)

    def decide(self, margins: Floats) -> Numbers:
        """The number of the chosen label of each text, whatever the confidence."""
        if self.choice != "levels":
            return cast("Numbers", np.argmax(self.probabilities(margins), axis=1))
        reached = self.above(margins) >= self.thresholds
        return cast("Numbers", np.max(reached * np.arange(1, self.each + 1), axis=1))

    def above(self, margins: Floats) -> Floats:
        """ "levels": probability that the answer is above each level."""
        return self._together(expit(self._experts(margins)), margins)

    def _experts(self, margins: Floats) -> Floats:
        """Texts x experts x columns of each, calibrated."""
        scaled = (margins * self.slope + self.offset)[:, : self.each * max(len(self.kinds), 1)]
        return cast("Floats", scaled.reshape(len(margins), -1, self.each))

    def _gates(self, margins: Floats) -> Floats:
        """Texts x kinds: how likely a text is of each."""
        first = self.each * len(self.kinds)
        return cast("Floats", softmax((margins * self.slope + self.offset)[:, first:], axis=1))

    def _together(self, said: Floats, margins: Floats) -> Floats:
        """What the experts say of each text, in the measure in which it is theirs."""
        if not self.kinds:
            return said[:, 0]
        return cast("Floats", np.einsum("tk,tkc->tc", self._gates(margins), said))

    def evidence(self, margins: Floats, decided: Numbers) -> tuple[Numbers, Numbers]:
        """The columns that spoke for and against each decision; the number after the last one stands for none.

        A class is compared with the runner-up, a level with the one below it, by the expert for the likeliest kind.
        """
        first = self.each * self._gates(margins).argmax(axis=1) if self.kinds else np.zeros_like(decided)
        if self.choice == "levels":
            none = np.full_like(decided, self.columns)
            return np.where(decided > 0, first + decided - 1, none), np.where(decided > 0, none, first)
        shares = self.probabilities(margins)
        shares[np.arange(len(shares)), decided] = -1
        return first + decided, first + shares.argmax(axis=1)

    def save(self, directory: Path) -> None:
        """Writes `<task>-<version>.npz` and then the card `<task>.json` that names it.

        The card changes hands last and at once, so a stop in between leaves the model before in service.
        """
        arrays: dict[str, NDArray[Any]] = {
            "features": np.frombuffer("\n".join(self.features).encode(), dtype=np.uint8),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "slope": self.slope,
            "offset": self.offset,
            "thresholds": self.thresholds,
        }
        card = {**self.card, "task": self.task, "labels": list(self.labels), "choice": self.choice}
        card |= {"kinds": list(self.kinds)} if self.kinds else {}
        install(directory, self.task, arrays, card)

    @classmethod
    def load(cls, directory: Path, task: Task) -> Self:
        """The installed model of a task.

        Raises:
            ModelError: card or weights are missing, damaged, changed by hand, or of another format.
        """
        card, parts = installed(directory, task)
        path = directory / str(card["file"])
        try:
            features = tuple(parts.pop("features").tobytes().decode().split("\n"))
            model = cls(
                task=task,
                labels=tuple(card["labels"]),
                choice=card["choice"],
                kinds=tuple(card.get("kinds", ())),
                features=features,
                card=card,
                **{name: part.astype(np.float32) for name, part in parts.items()},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path} cannot be read as a {task} model: {error}.") from None
        return model.checked(path)

    def checked(self, path: Path) -> Self:
        """The model itself, once its parts fit together.

        Raises:
            ModelError: they do not.
        """
        columns = self.each * max(len(self.kinds), 1) + len(self.kinds)
        fits = (
            self.choice in get_args(Choice)
            and self.weights.shape == (len(self.features), columns)
            and self.bias.shape == self.slope.shape == self.offset.shape == (columns,)
            and self.thresholds.shape == ((self.each,) if self.choice == "levels" else (1,))
            and all(np.isfinite(part).all() for part in (self.weights, self.bias, self.slope, self.offset))
        )
        if not fits:
            raise ModelError(f"{path}: its parts do not fit together; train the {self.task} model again.")
        return self
