"""All models of a city over one pass of the texts: margins, decisions and the words that moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from nlp.explain import moving_words
from nlp.features import Floats, Vectorizer, blocks, lengths_of
from nlp.linear import LinearModel, Task
from nlp.prepare import Prepared

Numbers = NDArray[np.intp]

#: Probabilities below this are left out of a score.
SMALLEST = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one model said of a batch; the rows run in parallel with the texts."""

    model: LinearModel
    probabilities: Floats
    decided: Numbers
    words: Sequence[tuple[str, ...]]

    def label(self, row: int) -> str:
        """The decided label."""
        number = int(self.decided[row])
        return self.model.labels[number]

    def unsure(self, row: int) -> bool:
        """Whether the model had better not decide."""
        return self.model.choice != "levels" and bool(self.probabilities[row].max() < self.model.thresholds[0])

    def shares(self, row: int) -> dict[str, float]:
        """Label -> probability, likeliest first, the negligible ones left out."""
        pairs = sorted(zip(self.model.labels, self.probabilities[row].tolist(), strict=True), key=lambda p: -p[1])
        return {label: round(share, 4) for label, share in pairs if share >= SMALLEST}


class Panel:
    """Models side by side over the features of all of them; each sees the texts as if it were alone."""

    def __init__(self, models: Mapping[Task, LinearModel]) -> None:
        self.models = models
        self.vectorizer = Vectorizer(sorted({name for model in models.values() for name in model.features}))
        self._weights = {task: self._spread(model) for task, model in models.items()}
        weights = np.concatenate([spread[:, :-1] for spread in self._weights.values()], axis=1)
        letters = self.vectorizer.letters[:, None]
        #: Features x (columns of all models for words, then the same for letter groups).
        self._stacked: Floats = np.concatenate([weights * ~letters, weights * letters], axis=1)

    @cached_property
    def _members(self) -> sp.csr_matrix:
        """Features x (words, letter groups of each model): 1 where the model knows the feature."""
        numbers, letters = np.arange(len(self.vectorizer.features)), self.vectorizer.letters
        known = [np.isin(numbers, self._numbers(model)) for model in self.models.values()]
        columns = [own & side for own in known for side in (~letters, letters)]
        return sp.csr_matrix(np.column_stack(columns).astype(np.float32))

    def _numbers(self, model: LinearModel) -> Numbers:
        return np.array([self.vectorizer.number(name) for name in model.features], dtype=np.intp)

    def _spread(self, model: LinearModel) -> Floats:
        """The weights of a model over the features of all models, with a last column of zeros."""
        weights = np.zeros((len(self.vectorizer.features), model.columns + 1), dtype=np.float32)
        weights[self._numbers(model), :-1] = model.weights
        return weights

    def answers(self, texts: Sequence[Prepared]) -> dict[Task, Answer]:
        """The answer of every model on a batch of texts."""
        found = self.vectorizer.occurrences(texts)
        values = self.vectorizer.values(found)
        products = np.split(values @ self._stacked, 2, axis=1)
        lengths = lengths_of(values, self._members)
        own_lengths = lengths_of(values, blocks(self.vectorizer.letters))
        strength = found.weight / own_lengths[found.row, self.vectorizer.letters[found.feature].astype(np.intp)]
        answers, column = {}, 0
        for number, (task, model) in enumerate(self.models.items()):
            own = slice(column, column := column + model.columns)
            words, letters = (part[:, own] / lengths[:, [2 * number + at]] for at, part in enumerate(products))
            margins = np.asarray(words + letters + model.bias, dtype=np.float32)
            decided = model.decide(margins)
            moved = moving_words(model, self._weights[task], margins, decided, found, strength, texts)
            answers[task] = Answer(model, model.probabilities(margins), decided, moved)
        return answers
