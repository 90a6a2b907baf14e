"""Lets a model learn from texts it labelled itself, where it is sure of them (pseudo-labels, Lee 2013)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from nlp.features import Floats
from nlp.fit import Examples, Numbers, Recipe, weights_of

#: How far the best class must stand above the next one, in margins, before the model's guess is taken for a label.
SURE = 1.0
#: How much a text with a guessed label counts beside one that a person read.
COUNT = 0.3


def weights_with_guesses(examples: Examples, recipe: Recipe, seed: int) -> tuple[Floats, Floats]:
    """Weights and bias of the examples and of the unlabelled texts, labelled by a model of the examples alone."""
    weights, bias = weights_of(examples, recipe, seed)
    if examples.unlabelled is None:
        return weights, bias
    values, kinds = examples.unlabelled
    guessed, chosen = guesses(recipe.own(values @ weights + bias, kinds), recipe)
    return weights_of(joined(examples, values[chosen], guessed[chosen], kinds[chosen]), recipe, seed)


def guesses(margins: Floats, recipe: Recipe) -> tuple[Numbers, Numbers]:
    """The likeliest label of every text by the expert for it, and the numbers of the texts whose label is sure."""
    if recipe.choice == "levels":
        answers = np.max((margins > 0) * np.arange(1, margins.shape[1] + 1), axis=1)
        return answers, np.flatnonzero(np.abs(margins).min(axis=1) >= SURE)
    best, next_best = np.sort(margins, axis=1)[:, :-3:-1].T
    return margins.argmax(axis=1), np.flatnonzero((best > 0) & (best - next_best >= SURE))


def joined(examples: Examples, values: sp.csr_matrix, answers: Numbers, kinds: Numbers) -> Examples:
    """The examples with texts whose labels are guessed; each of those is a family of its own."""
    more = len(answers)
    first = max(examples.families, default=0) + 1
    return replace(
        examples,
        values=sp.vstack([examples.values, values]).tocsr(),
        answers=np.concatenate([examples.answers, answers]),
        home=np.concatenate([examples.home, np.ones(more, dtype=bool)]),
        kinds=np.concatenate([examples.kinds, kinds]),
        families=[*examples.families, *range(first, first + more)],
        counts=np.concatenate([examples.counts, np.full(more, COUNT, dtype=np.float32)]),
    )
