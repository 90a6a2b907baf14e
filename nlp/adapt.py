"""Moves an installed model towards what staff set right, where the texts it once learned from are not at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from nlp.cards import Card, read_card
from nlp.corpus import answer
from nlp.data import CANARY, Row, copy_families, read_rows
from nlp.features import Floats, Vectorizer, unit
from nlp.fit import FOLDS, Flags, Numbers, Recipe
from nlp.kinds import ELSEWHERE
from nlp.linear import LinearModel, Task
from nlp.prepare import Preparer
from nlp.train import described, next_version, recipe_of
from tanggap.city import City
from tanggap.errors import ModelError, UsageError

#: How much a corrected text pulls, and how much any other text holds the model where it is.
PULL, HOLD = 3.0, 1.0
#: Share of the watched texts, and of all other texts, that may be decided otherwise than before.
MOST_LOST = 0.03
MOST_MOVED = 0.05

Line = tuple[str, int, float, float]


@dataclass(frozen=True, slots=True)
class Adapted:
    """A moved model that is not installed yet, and what it changed."""

    task: Task
    model: LinearModel
    rows: Sequence[Row]
    answers: Sequence[str]
    #: What was measured, texts, share right before and after: corrected texts by models that had not seen them.
    lines: Sequence[Line]

    def check(self) -> None:
        """Refuses a model that unlearned something; ModelError says what."""
        for name, count, before, after in self.lines:
            most = {"watched texts": MOST_LOST, "other texts": MOST_MOVED}.get(name)
            if most is not None and before - after > most:
                raise ModelError(
                    f"The {self.task} model would change {before - after:.1%} of {count} {name} for the worse, more "
                    f"than {most:.0%}; it was not installed. Look at the corrections, or train from labelled files."
                )

    def install(self, out_dir: Path, made_on: date) -> Card:
        """Writes model and card; the card tells what it was moved from, and its cross-validation is that of then."""
        before = dict(self.model.card)
        card = {
            **before,
            "version": next_version(out_dir, made_on),
            "made_on": made_on.isoformat(),
            "data": [*before["data"], *described(self.rows, self.answers)],
            "adapted": {
                "from": before["version"],
                "changed": [dict(zip(("texts", "n", "before", "after"), line, strict=True)) for line in self.lines],
            },
        }
        replace(self.model, card=card).save(out_dir)
        return read_card(out_dir / f"{self.task}.json")


def adapted(task: Task, rows: Sequence[Row], others: Sequence[str], city: City, folder: Path, seed: int = 0) -> Adapted:
    """The installed model of a task, moved by corrected rows.

    Args:
        rows: what staff set right; those that say nothing of the task are passed over.
        others: texts on which the model should stay what it is.
        folder: where the model is installed.

    Raises:
        UsageError: fewer than ten rows speak of the task.
        ModelError: no model is installed.
    """
    model = LinearModel.load(folder, task)
    recipe = replace(recipe_of(task, city), kinds=model.kinds)
    mine = [row for row in rows if answer(row, recipe)]
    if len(mine) < 2 * FOLDS:
        raise UsageError(f"{len(mine)} corrections speak of {task}; it takes {2 * FOLDS} to learn from them.")
    answers = [str(answer(row, recipe)) for row in mine]
    watched = [row for row in read_rows(CANARY) if answer(row, recipe)]
    known = Texts.of(model, [*(row.text for row in mine), *(row.text for row in watched), *others], city)
    gold = np.array([model.labels.index(label) for label in answers], dtype=np.intp)
    told, seen, rest = np.split(np.arange(len(known.margins)), [len(mine), len(mine) + len(watched)])
    held = np.concatenate([seen, rest])
    after = known.margins.copy()
    families = copy_families([row.text for row in mine])
    for some, unseen in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(told, groups=families):
        after[unseen] = known.moved(recipe, some, gold[some], held)[1][unseen]
    delta, settled = known.moved(recipe, told, gold, held)
    after[held] = settled[held]
    meant = np.array([model.labels.index(str(answer(row, recipe))) for row in watched], dtype=np.intp)
    sides = [model.decide(margins) for margins in (known.margins, after)]
    groups = ("corrected texts", told, gold), ("watched texts", seen, meant), ("other texts", rest, sides[0][rest])
    lines = [
        (name, len(at), _share(sides[0][at] == right), _share(sides[1][at] == right)) for name, at, right in groups
    ]
    weights = np.asarray(model.weights + delta, dtype=np.float32)
    return Adapted(task, replace(model, weights=weights), mine, answers, lines)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts as values over the features of a model, rare features weighing more, and the margins it gives them."""

    values: sp.csr_matrix
    rarity: Floats
    margins: Floats
    #: Likeness of every text with every other.
    kernel: NDArray[np.float64]

    @classmethod
    def of(cls, model: LinearModel, texts: Sequence[str], city: City) -> Texts:
        """The texts as the model reads them."""
        preparer, vectorizer = Preparer.load(city), Vectorizer(model.features)
        read = [preparer.prepare(text) for text in texts]
        values = unit(vectorizer.values(vectorizer.occurrences(read)), vectorizer.letters)
        holders = np.bincount(values.indices, minlength=values.shape[1])
        rarity = ((np.log((1 + len(texts)) / (1 + holders)) + 1) / 5).astype(np.float32)
        lifted = (values @ sp.diags_array(rarity)).tocsr()
        margins = np.asarray(values @ model.weights + model.bias, dtype=np.float32)
        return cls(values, rarity, margins, (lifted @ lifted.T).toarray().astype(np.float64))

    def moved(self, recipe: Recipe, told: Numbers, gold: Numbers, held: Numbers) -> tuple[Floats, Floats]:
        """What is added to the weights so that some texts get their labels and others stay, and the margins then.

        Squared hinge for the labels, squared change for the rest, as in the machines the model was fitted with; by
        the representer theorem the change is a mix of the texts themselves.
        """
        both = np.concatenate([told, held])
        wanted = np.where(recipe.wanted(gold), 1.0, -1.0)
        experts = len([kind for kind in recipe.kinds if kind != ELSEWHERE]) or 1
        kernel = self.kernel[np.ix_(both, both)]
        mix = np.zeros((len(self.margins), self.margins.shape[1]))
        for column in range(experts * recipe.each):
            pull = _pull(kernel, self.margins[told, column], wanted[:, column % recipe.each], recipe.strength)
            mix[both, column] = pull
        lifted = (self.values @ sp.diags_array(self.rarity)).tocsr()
        delta = np.asarray(self.rarity[:, None] * np.asarray(lifted.T @ mix), dtype=np.float32)
        return delta, np.asarray(self.margins + self.kernel @ mix, dtype=np.float32)


def _pull(kernel: NDArray[np.float64], margins: Floats, wanted: Floats, strength: float) -> NDArray[np.float64]:
    """How much of every text is mixed into the weights of one column; the first texts are those to be won over."""
    count = len(wanted)

    def loss(mix: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change = kernel @ mix
        short = np.maximum(0, 1 - wanted * (margins + change[:count]))
        slope = mix + 2 * HOLD * strength * np.concatenate([np.zeros(count), change[count:]])
        slope[:count] -= 2 * PULL * strength * wanted * short
        penalty = mix @ change / 2 + HOLD * strength * (change[count:] ** 2).sum()
        return float(penalty + PULL * strength * (short**2).sum()), kernel @ slope

    found: Any = minimize(loss, np.zeros(len(kernel)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x)


def _share(hits: Flags) -> float:
    return round(float(hits.mean()), 4) if len(hits) else 1.0
