"""Cross-validation of one task: ways of fitting are tried on the same folds, the better one is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nlp.corpus import Numbered, answer
from nlp.data import Row
from nlp.features import Floats
from nlp.fit import Fit, Recipe, calibrate, held_out_margins, least_confidence, level_thresholds, weights_of
from nlp.guesses import weights_with_guesses
from nlp.linear import LinearModel, Task
from nlp.measure import figures

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """The rows of a task as numbers, ready to be measured."""

    task: Task
    recipe: Recipe
    rows: Sequence[Row]
    numbers: Numbered
    seed: int

    @property
    def answers(self) -> list[str]:
        """The label of every row."""
        return [str(answer(row, self.recipe)) for row in self.rows]

    def best(self) -> tuple[Fit, Floats, Report]:
        """The way of fitting to take, with its held-out margins and figures.

        Where there are unlabelled texts to label, that is tried too, and taken if macro-F1 gains by it.
        """
        plain = self.measured(weights_of)
        if self.numbers.examples.unlabelled is None:
            return (weights_of, *plain)
        guessed = self.measured(weights_with_guesses)
        taken = guessed[1]["macro_f1"] > plain[1]["macro_f1"]
        told = {"without": plain[1]["macro_f1"], "with": guessed[1]["macro_f1"], "taken": taken}
        margins, report = guessed if taken else plain
        return weights_with_guesses if taken else weights_of, margins, {**report, "guesses": told}

    def without_corrected(self, fit: Fit) -> Report | None:
        """The figures on the same rows and folds of models that never learn from what staff corrected."""
        mine = np.array([row.origin == "corrected" for row in self.rows])
        if not mine.any():
            return None
        examples = self.numbers.examples
        counts = np.where(mine, 0, examples.counts).astype(np.float32)
        silent = replace(self, numbers=replace(self.numbers, examples=replace(examples, counts=counts)))
        return silent.measured(fit)[1]

    def measured(self, fit: Fit) -> tuple[Floats, Report]:
        """Held-out margins and figures of a way of fitting."""
        margins = held_out_margins(self.numbers.examples, self.recipe, self.seed, fit)
        return margins, figures(self.judge(margins), margins, self.rows, self.answers, self.numbers.registers)

    def judge(self, margins: Floats) -> LinearModel:
        """A model without weights that turns held-out margins into calibrated answers; what counts 0 is ignored."""
        counted = np.flatnonzero(self.numbers.examples.counts)
        recipe, examples, margins = self.recipe, self.numbers.examples.part(counted), margins[counted]
        slope, offset = calibrate(margins, examples, recipe)
        model = LinearModel(
            task=self.task,
            labels=recipe.labels,
            choice=recipe.choice,
            kinds=recipe.kinds,
            features=(),
            weights=np.zeros((0, margins.shape[1]), dtype=np.float32),
            bias=np.zeros(margins.shape[1], dtype=np.float32),
            slope=slope,
            offset=offset,
            thresholds=np.zeros(1, dtype=np.float32),
            card={},
        )
        home = examples.home
        if recipe.choice == "levels":
            wanted = recipe.wanted(examples.answers)[home]
            thresholds = level_thresholds(model.above(margins[home]), wanted, recipe)
        else:
            thresholds = least_confidence(model.probabilities(margins[home]), examples.answers[home])
        return replace(model, thresholds=thresholds)
