"""All models of a city over one pass of the texts: margins, decisions and the words that moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import scipy.sparse as sp

from nlp.columns import LetterColumns, LettersFound, WordColumns, WordsFound
from nlp.explain import Pulls, strongest
from nlp.features import LETTERS, Floats, position_weights
from nlp.linear import LinearModel, Task
from nlp.memory import Flags, Numbers
from nlp.sheet import Sheet

#: Probabilities below this are left out of a score.
SMALLEST = 0.01


#: Per model and text: the columns that spoke for and against its decision.
Sides = Sequence[tuple[Numbers, Numbers]]


def rounded(probabilities: Floats) -> list[Any]:
    """The probabilities as a score tells them."""
    return cast("list[Any]", np.round(probabilities.astype(np.float64), 4).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one model said of a batch; the rows run in parallel with the texts."""

    model: LinearModel
    probabilities: Floats
    decided: Numbers
    words: Sequence[tuple[str, ...]]

    def labels(self) -> list[str]:
        """The decided labels."""
        return [self.model.labels[number] for number in self.decided.tolist()]

    def unsure(self) -> Flags:
        """Where the model had better not decide."""
        if self.model.choice == "levels":
            return np.zeros(len(self.decided), dtype=bool)
        return np.asarray(self.probabilities.max(axis=1) < self.model.thresholds[0])

    def shares(self) -> list[dict[str, float]]:
        """Per text, label -> probability, likeliest first, the negligible ones left out."""
        order = np.argsort(-self.probabilities, axis=1, kind="stable")
        sorted_shares = np.take_along_axis(self.probabilities, order, axis=1)
        counts = (sorted_shares >= SMALLEST).sum(axis=1).tolist()
        names = np.array(self.model.labels, dtype=object)[order].tolist()
        rows = zip(names, rounded(sorted_shares), counts, strict=True)
        return [dict(zip(labels[:count], shares, strict=False)) for labels, shares, count in rows]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Features of one sort, words or letter groups, with what every model knows of them."""

    #: Features x (columns of all models and one of zeros).
    weights: Floats
    #: Features x (models and one for all of them): 1 where the model knows the feature.
    members: Floats

    @classmethod
    def of(cls, features: Sequence[str], models: Sequence[LinearModel]) -> Side:
        """The side of these features."""
        numbers = {feature: number for number, feature in enumerate(features)}
        weights = np.zeros((len(features), sum(model.columns for model in models) + 1), dtype=np.float32)
        members = np.zeros((len(features), len(models) + 1), dtype=np.float32)
        members[:, -1], column = 1, 0
        for at, model in enumerate(models):
            pairs = [(numbers[name], own) for own, name in enumerate(model.features) if name in numbers]
            rows, own_rows = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
            weights[rows, column : column + model.columns] = model.weights[own_rows]
            members[rows, at] = 1
            column += model.columns
        return cls(weights, members)

    def said(self, counts: sp.csr_matrix) -> tuple[Floats, Floats]:
        """Texts x columns: what the features say; texts x models: how long the texts are, 1 for those without any."""
        values = counts.copy()
        values.data = np.log2(1 + values.data)
        products = np.asarray(values @ self.weights)
        values.data *= values.data
        squares = np.asarray(values @ self.members)
        return products, np.sqrt(np.where(squares > 0, squares, 1))


class Panel:
    """Models side by side over the features of all of them; each sees the texts as if it were alone."""

    def __init__(self, models: Mapping[Task, LinearModel]) -> None:
        self.models = models
        features = sorted({name for model in models.values() for name in model.features})
        letters = [name for name in features if name.startswith(LETTERS)]
        words = [name for name in features if not name.startswith(LETTERS)]
        self._letters, self._words = LetterColumns(letters), WordColumns(words)
        sizes = [model.columns for model in models.values()]
        #: Where the columns of each model begin, and the column of zeros for what nothing speaks for or against.
        self._columns, self._none = dict(zip(models, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True)), sum(sizes)
        self._letter_side, self._word_side = (Side.of(side, [*models.values()]) for side in (letters, words))

    def answers(self, sheet: Sheet) -> tuple[dict[Task, Answer], Flags]:
        """The answer of every model on a batch of texts, and which of them hold a word that any model knows."""
        letters, words = self._letters.found(sheet), self._words.found(sheet)
        margins, lengths = self._margins(letters, words)
        decided = {task: model.decide(margins[task]) for task, model in self.models.items()}
        sides = [self._sides(task, margins[task], decided[task]) for task in self.models]
        pulls = self._pull_of_letters(sheet, letters, lengths[0][:, -1], sides)
        pulls += self._pull_of_words(words, lengths[1][:, -1], sides, len(sheet.token))
        answers = {
            task: Answer(model, model.probabilities(margins[task]), decided[task], moved)
            for (task, model), moved in zip(self.models.items(), strongest(pulls, sheet), strict=True)
        }
        return answers, words.readable

    def answer(self, sheet: Sheet, task: Task) -> Answer:
        """The answer of one model, without the words that moved it."""
        model, (margins, _) = self.models[task], self._margins(self._letters.found(sheet), self._words.found(sheet))
        said = margins[task]
        return Answer(model, model.probabilities(said), model.decide(said), [()] * len(said))

    def _margins(self, letters: LettersFound, words: WordsFound) -> tuple[dict[Task, Floats], tuple[Floats, Floats]]:
        """Texts x columns of each model, and texts x models: how long the texts are in letter groups and in words."""
        letters_said, letter_lengths = self._letter_side.said(letters.counts())
        words_said, word_lengths = self._word_side.said(words.counts())
        margins = {}
        for at, (task, model) in enumerate(self.models.items()):
            own = slice(self._columns[task], self._columns[task] + model.columns)
            said = letters_said[:, own] / letter_lengths[:, [at]] + words_said[:, own] / word_lengths[:, [at]]
            margins[task] = np.asarray(said + model.bias, dtype=np.float32)
        return margins, (letter_lengths, word_lengths)

    def _sides(self, task: Task, margins: Floats, decided: Numbers) -> tuple[Numbers, Numbers]:
        """Of all columns, those that spoke for and against each decision of a model."""
        model, first = self.models[task], self._columns[task]
        pro, con = (
            np.where(side < model.columns, side + first, self._none) for side in model.evidence(margins, decided)
        )
        return pro, con

    def _pull_of_letters(self, sheet: Sheet, found: LettersFound, lengths: Floats, sides: Sides) -> Pulls:
        """Models x tokens: how much the spelling of each token spoke for the decision rather than against it."""
        spoke, text = np.asarray(found.groups @ self._letter_side.weights), sheet.token_text
        strength = np.asarray(position_weights(sheet.token_at) / lengths[text], dtype=np.float32)
        return _pulls(spoke, found.spelling, text, strength, sides)

    def _pull_of_words(self, found: WordsFound, lengths: Floats, sides: Sides, tokens: int) -> Pulls:
        """Models x tokens: the same for words and pairs; the two tokens of a pair share its pull."""
        strength = np.asarray(found.weight / lengths[found.text] / 2, dtype=np.float32)
        pulls = _pulls(self._word_side.weights, found.column, found.text, strength, sides)
        return np.stack(
            [np.bincount(found.first, each, tokens) + np.bincount(found.last, each, tokens) for each in pulls]
        )


def _pulls(weights: Floats, rows: Numbers, texts: Numbers, strength: Floats, sides: Sides) -> Pulls:
    """Models x occurrences: the weight of each row for the decision on its text, less that against it."""
    flat, starts = weights.ravel(), rows * weights.shape[1]
    pulls = [(flat[starts + pro[texts]] - flat[starts + con[texts]]) * strength for pro, con in sides]
    return np.stack(pulls).astype(np.float64)
