"""Fits one linear model: balanced classes, idf folded in, held-out margins, calibration and thresholds."""

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
from sklearn.svm import LinearSVC

from nlp.features import Floats
from nlp.linear import Choice

FOLDS = 5
#: How much a word borrows from words used alike: scale of the word vectors beside the words themselves.
NEARNESS = 0.35
#: Highest share of texts a model may leave undecided, and the share correct below which it does.
MOST_UNDECIDED = 0.005
TOO_OFTEN_WRONG = 0.4

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
    #: "levels": weight of recall against precision where each column's threshold is set (beta of F-beta).
    recall: tuple[float, ...] = ()
    #: Features with a weight, those with the largest; the others get zero.
    keep: int = 80_000

    def wanted(self, answers: Numbers, home: Flags) -> Flags:
        """Texts x columns: what each classifier must say yes to."""
        if self.choice == "levels":
            return np.asarray(answers[:, None] >= np.arange(1, len(self.labels)))
        classes = answers[:, None] == np.arange(len(self.labels))
        return np.column_stack([classes, classes, home]) if self.choice == "mixed" else classes

    def counted(self, home: Flags) -> Flags:
        """Texts x columns: which texts each classifier learns from; only general ones see texts from elsewhere."""
        columns = {"levels": len(self.labels) - 1, "one": len(self.labels), "mixed": 2 * len(self.labels) + 1}
        own = np.repeat(home[:, None], columns[self.choice], axis=1)
        if self.choice == "mixed":
            own[:, len(self.labels) :] = True
        return own


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Texts as unit values with the number of their label; the arrays run in parallel."""

    values: sp.csr_matrix
    answers: Numbers
    #: Texts of the kind the product reads; the others, such as restaurant reviews, only help with tone.
    home: Flags
    #: Number shared by near copies.
    families: Sequence[int]
    #: How much each text counts while fitting, beside the balance of the classes.
    counts: Floats
    #: Features x dimensions, the same for every part: words used alike point the same way.
    vectors: Floats
    #: Texts of home without a label, which a model may label itself (nlp/guesses.py).
    unlabelled: sp.csr_matrix | None = None

    def part(self, chosen: Numbers) -> Examples:
        """Some of the texts; the unlabelled ones stay."""
        return replace(
            self,
            values=self.values[chosen],
            answers=self.answers[chosen],
            home=self.home[chosen],
            families=[self.families[number] for number in chosen],
            counts=self.counts[chosen],
        )


def weights_of(examples: Examples, recipe: Recipe, seed: int) -> tuple[Floats, Floats]:
    """Weights (features x columns, idf folded in, small ones zero) and bias of one-vs-rest linear SVMs.

    Each class weighs as if all were equally common (as scikit-learn's "balanced"), each text by its count beside
    that. The word vectors stand beside the words while fitting; being linear, what they learned is folded into the
    weights of their words after it.
    """
    values = examples.values
    idf = np.log((1 + values.shape[0]) / (1 + np.bincount(values.indices, minlength=values.shape[1]))) + 1
    idf = (idf / 5).astype(np.float32)
    lifted = (values @ sp.diags_array(idf)).tocsr()
    beside = NEARNESS * examples.vectors
    lifted = sp.hstack([lifted, sp.csr_matrix(lifted @ beside)]).tocsr()
    wanted, counted = recipe.wanted(examples.answers, examples.home), recipe.counted(examples.home)
    weights, bias = [], []
    for column in range(wanted.shape[1]):
        rows, yes = counted[:, column], wanted[counted[:, column], column]
        model = LinearSVC(C=recipe.strength, random_state=seed)
        balance = _balance(yes, recipe)[yes.astype(np.intp)]
        model.fit(lifted[rows], yes, sample_weight=balance * examples.counts[rows])
        own, shared = np.split(model.coef_[0], [len(idf)])
        weights.append((own + beside @ shared) * idf)
        bias.append(model.intercept_[0])
    stacked = np.array(weights, dtype=np.float32).T
    strength = np.abs(stacked).max(axis=1)
    if len(strength) > recipe.keep:
        stacked[strength < np.partition(strength, -recipe.keep)[-recipe.keep]] = 0
    return stacked, np.array(bias, dtype=np.float32)


#: Weights and bias of examples; `weights_of`, or a way that lets the model label texts itself.
Fit = Callable[[Examples, Recipe, int], tuple[Floats, Floats]]


def _balance(yes: Flags, recipe: Recipe) -> Floats:
    """Weight of a text that must get a no and of one that must get a yes."""
    sides = np.maximum([(~yes).sum(), yes.sum()], 1)
    if recipe.choice == "levels":
        return np.asarray(len(yes) / (2 * sides), dtype=np.float32)
    return np.array([1, len(yes) / (len(recipe.labels) * sides[1])], dtype=np.float32)


def held_out_margins(examples: Examples, recipe: Recipe, seed: int, fit: Fit = weights_of) -> Floats:
    """Margins of every text by models that saw neither it nor a near copy of it (5 folds)."""
    columns = recipe.wanted(examples.answers, examples.home).shape[1]
    margins = np.zeros((len(examples.answers), columns), dtype=np.float32)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, unseen in folds.split(examples.answers, groups=examples.families):
        weights, bias = fit(examples.part(seen), recipe, seed)
        margins[unseen] = examples.values[unseen] @ weights + bias
    return margins


def calibrate(margins: Floats, examples: Examples, recipe: Recipe) -> tuple[Floats, Floats]:
    """Slope and offset per column: a temperature per group of classes (Guo 2017), else logistic curves (Platt 1999)."""
    wanted = recipe.wanted(examples.answers, examples.home)
    classes = len(recipe.labels)
    slope = np.ones(margins.shape[1], dtype=np.float32)
    offset = np.zeros_like(slope)
    if recipe.choice != "levels":
        slope[:classes] = _temperature(margins[examples.home, :classes], examples.answers[examples.home])
    if recipe.choice == "mixed":
        away = ~examples.home
        slope[classes : 2 * classes] = _temperature(margins[away, classes : 2 * classes], examples.answers[away])
    for column in {"levels": range(len(slope)), "one": (), "mixed": (2 * classes,)}[recipe.choice]:
        curve = LogisticRegression(C=1e6).fit(margins[:, [column]], wanted[:, column])
        slope[column], offset[column] = curve.coef_[0, 0], curve.intercept_[0]
    return slope, offset


def _temperature(margins: Floats, answers: Numbers) -> float:
    def surprise(slope: float) -> float:
        return -float(log_softmax(margins * slope, axis=1)[np.arange(len(answers)), answers].mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 20), method="bounded").x)


def level_thresholds(probabilities: Floats, wanted: Flags, recipe: Recipe) -> Floats:
    """The probability each level must reach: the cut with the best F-beta of both sides, beta as the recipe says."""
    cuts = [_best_cut(probabilities[:, k], wanted[:, k], beta) for k, beta in enumerate(recipe.recall)]
    return np.array(cuts, dtype=np.float32)


def least_confidence(probabilities: Floats, answers: Numbers) -> Floats:
    """The confidence below which a model of classes abstains: too many decisions under it are wrong."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == answers
    order = np.argsort(confidence)[: int(MOST_UNDECIDED * len(answers))]
    share_right = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    below = np.flatnonzero(share_right < TOO_OFTEN_WRONG)
    return np.array([confidence[order[below[-1]]] if len(below) else 0], dtype=np.float32)


def _best_cut(probability: Floats, wanted: Flags, beta: float) -> float:
    def quality(cut: float) -> float:
        return _f_beta(probability >= cut, wanted, beta) + _f_beta(probability < cut, ~wanted, 1)

    return float(max(np.arange(0.05, 0.951, 0.01), key=quality))


def _f_beta(said: Flags, true: Flags, beta: float) -> float:
    hit = float((said & true).sum())
    return (1 + beta**2) * hit / (float(said.sum()) + beta**2 * float(true.sum()) or 1)
