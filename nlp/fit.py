"""Fits one linear model: experts for the kinds of texts, held-out margins, calibration and thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.features import Floats
from nlp.ground import Ground, Machine
from nlp.kinds import ELSEWHERE
from nlp.linear import Choice

FOLDS = 5
#: Highest share of texts a model may leave undecided, and the share correct below which it does.
MOST_UNDECIDED = 0.005
TOO_OFTEN_WRONG = 0.4
#: How much less likely, in logits, a text is from elsewhere when reading than among the texts learned from.
SELDOM_AWAY = 2.0

Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a task is fitted; the figures were chosen by cross-validation (docs/models.md)."""

    #: Field of the labelled rows.
    field: str
    labels: tuple[str, ...]
    choice: Choice
    #: Inverse strength of regularisation of LinearSVC.
    strength: float
    #: "levels": share of the texts from each level on that its threshold must let through; 0 where the best F1 of
    #: both sides decides.
    recall: tuple[float, ...] = ()
    #: Kinds of texts (nlp/kinds.py) that have experts of their own.
    kinds: tuple[str, ...] = ()
    #: Features with a weight, those with the largest; the others get zero.
    keep: int = 80_000

    @property
    def each(self) -> int:
        """Columns of one expert."""
        return len(self.labels) - (self.choice == "levels")

    @property
    def gates(self) -> int:
        """Columns that tell the kinds of texts apart."""
        return len(self.kinds) if len(self.kinds) > 1 else 0

    @property
    def columns(self) -> int:
        """All columns: those of one expert after another, then the gates."""
        return self.each * max(len(self.kinds), 1) + self.gates

    def wanted(self, answers: Numbers) -> Flags:
        """Texts x columns of an expert: what each classifier must say yes to."""
        if self.choice == "levels":
            return np.asarray(answers[:, None] >= np.arange(1, len(self.labels)))
        return np.asarray(answers[:, None] == np.arange(len(self.labels)))

    def own(self, margins: Floats, kinds: Numbers) -> Floats:
        """Texts x columns of an expert: what the expert for its kind says of each text."""
        experts = margins[:, : self.columns - self.gates].reshape(len(margins), -1, self.each)
        return experts[np.arange(len(margins)), kinds]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Texts as unit values with the number of their label; the arrays run in parallel."""

    values: sp.csr_matrix
    answers: Numbers
    #: Texts of the kind the product reads; the others, such as restaurant reviews, only help with tone.
    home: Flags
    #: Number of each text's kind among those of the recipe; 0 where it has none.
    kinds: Numbers
    #: Number shared by near copies.
    families: Sequence[int]
    #: How much each text counts while fitting, beside the balance of the classes.
    counts: Floats
    #: Features x dimensions, the same for every part: words used alike point the same way.
    vectors: Floats
    #: Texts of home without a label, which a model may label itself (nlp/guesses.py), and their kinds.
    unlabelled: tuple[sp.csr_matrix, Numbers] | None = None

    def part(self, chosen: Numbers) -> Examples:
        """Some of the texts; the unlabelled ones stay."""
        return replace(
            self,
            values=self.values[chosen],
            answers=self.answers[chosen],
            home=self.home[chosen],
            kinds=self.kinds[chosen],
            families=[self.families[number] for number in chosen],
            counts=self.counts[chosen],
        )


def weights_of(examples: Examples, recipe: Recipe, seed: int) -> tuple[Floats, Floats]:
    """Weights (features x columns, idf folded in, small ones zero) and bias of one-vs-rest linear SVMs.

    The kinds of home learn together, each with weights of its own beside the shared ones; texts from elsewhere learn
    apart from them; the gates learn from all texts which kind a text is of.
    """
    wanted = recipe.wanted(examples.answers)
    experts: dict[int, list[Machine]] = {}
    for part in filter(np.any, (examples.home, ~examples.home)):
        rows = np.flatnonzero(part)
        ground, kinds = _ground(examples.part(rows), recipe, seed), examples.kinds[rows]
        present = np.unique(kinds).tolist()
        found = [ground.machines(yes, _balance(yes, recipe), kinds, present) for yes in wanted[rows].T]
        experts |= {kind: [column[at] for column in found] for at, kind in enumerate(present)}
    machines = [machine for _, columns in sorted(experts.items()) for machine in columns]
    if recipe.gates:
        ground = _ground(examples, recipe, seed)
        sides = [examples.kinds == kind for kind in range(recipe.gates)]
        machines += [ground.machines(yes, _balance(yes, recipe), examples.kinds, [0])[0] for yes in sides]
    weights = np.array([weights for weights, _ in machines], dtype=np.float32).T
    strength = np.abs(weights).max(axis=1)
    if len(strength) > recipe.keep:
        weights[strength < np.partition(strength, -recipe.keep)[-recipe.keep]] = 0
    return weights, np.array([bias for _, bias in machines], dtype=np.float32)


def _ground(examples: Examples, recipe: Recipe, seed: int) -> Ground:
    return Ground.of(examples.values, examples.counts, examples.vectors, recipe.strength, seed)


def _balance(yes: Flags, recipe: Recipe) -> Floats:
    """How much each text counts, so that all classes, or both sides of a level, weigh as if equally common."""
    sides = np.maximum([(~yes).sum(), yes.sum()], 1)
    weights = len(yes) / (2 * sides) if recipe.choice == "levels" else [1, len(yes) / (len(recipe.labels) * sides[1])]
    return np.asarray(weights, dtype=np.float32)[yes.astype(np.intp)]


#: Weights and bias of examples; `weights_of`, or a way that lets the model label texts itself.
Fit = Callable[[Examples, Recipe, int], tuple[Floats, Floats]]


def held_out_margins(examples: Examples, recipe: Recipe, seed: int, fit: Fit = weights_of) -> Floats:
    """Margins of every text by models that saw neither it nor a near copy of it (5 folds)."""
    margins = np.zeros((len(examples.answers), recipe.columns), dtype=np.float32)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, unseen in folds.split(examples.answers, groups=examples.families):
        weights, bias = fit(examples.part(seen), recipe, seed)
        margins[unseen] = examples.values[unseen] @ weights + bias
    return margins


def calibrate(margins: Floats, examples: Examples, recipe: Recipe) -> tuple[Floats, Floats]:
    """Slope and offset per column: a temperature for classes and gates (Guo 2017), else logistic curves (Platt 1999).

    The experts of home share theirs, since some see few texts. The gate of texts from elsewhere is lowered, as they
    are half of what is learned from and rare among what is read.
    """
    own, wanted = recipe.own(margins, examples.kinds), recipe.wanted(examples.answers)
    slope, offset = np.ones((2, max(len(recipe.kinds), 1), recipe.each), dtype=np.float32) * [[[1]], [[0]]]
    for part in filter(np.any, (examples.home, ~examples.home)):
        experts = np.unique(examples.kinds[part])
        if recipe.choice == "one":
            slope[experts] = _temperature(own[part], examples.answers[part])
            continue
        for column in range(recipe.each):
            curve = LogisticRegression(C=1e6).fit(own[part][:, [column]], wanted[part, column])
            slope[experts, column], offset[experts, column] = curve.coef_[0, 0], curve.intercept_[0]
    gates = [_temperature(margins[:, -recipe.gates :], examples.kinds)] * recipe.gates if recipe.gates else []
    away = [-SELDOM_AWAY * (kind == ELSEWHERE) for kind in recipe.kinds[: recipe.gates]]
    slopes = np.concatenate([slope.ravel(), gates]).astype(np.float32)
    return slopes, np.concatenate([offset.ravel(), away]).astype(np.float32)


def _temperature(margins: Floats, answers: Numbers) -> float:
    def surprise(slope: float) -> float:
        return -float(log_softmax(margins * slope, axis=1)[np.arange(len(answers)), answers].mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 20), method="bounded").x)


def level_thresholds(probabilities: Floats, wanted: Flags, recipe: Recipe) -> Floats:
    """The probability each level must reach: the highest that finds the share the recipe asks for, else the best."""
    cuts = [
        float(np.quantile(column[yes], 1 - share)) if share and yes.any() else _best_cut(column, yes)
        for column, yes, share in zip(probabilities.T, wanted.T, recipe.recall, strict=True)
    ]
    return np.array(cuts, dtype=np.float32)


def least_confidence(probabilities: Floats, answers: Numbers) -> Floats:
    """The confidence below which a model of classes abstains: too many decisions under it are wrong."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == answers
    order = np.argsort(confidence)[: int(MOST_UNDECIDED * len(answers))]
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    below = np.flatnonzero(share_right < TOO_OFTEN_WRONG)
    return np.array([confidence[order[below[-1]]] if len(below) else 0], dtype=np.float32)


def _best_cut(probability: Floats, wanted: Flags) -> float:
    def quality(cut: float) -> float:
        return _f1(probability >= cut, wanted) + _f1(probability < cut, ~wanted)

    return float(max(np.arange(0.05, 0.951, 0.01), key=quality))


def _f1(said: Flags, true: Flags) -> float:
    return 2 * float((said & true).sum()) / (float(said.sum()) + float(true.sum()) or 1)
