"""All models of a city over one pass of the texts: margins, decisions and the words that moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nlp.columns import LetterColumns, Said, Table, WordColumns, readable
from nlp.explain import Spoke, strongest
from nlp.features import LETTERS, Floats
from nlp.linear import LinearModel, Task
from nlp.memory import Flags, Numbers
from nlp.sheet import Sheet

#: Probabilities below this are left out of a score.
SMALLEST = 0.01


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
        counts = (self.probabilities >= SMALLEST).sum(axis=1)
        order = np.argsort(-self.probabilities, axis=1, kind="stable")[:, : counts.max(initial=0)]
        names = np.array(self.model.labels, dtype=object)[order].tolist()
        rows = zip(names, rounded(np.take_along_axis(self.probabilities, order, axis=1)), counts.tolist(), strict=True)
        return [dict(zip(labels[:count], shares, strict=False)) for labels, shares, count in rows]


class Panel:
    """Models side by side over the features of all of them; each sees the texts as if it were alone."""

    def __init__(self, models: Mapping[Task, LinearModel]) -> None:
        self.models = models
        features = sorted({name for model in models.values() for name in model.features})
        letters = [name for name in features if name.startswith(LETTERS)]
        words = [name for name in features if not name.startswith(LETTERS)]
        sizes = [model.columns for model in models.values()]
        #: Where the columns of each model begin, and the column of zeros for what nothing speaks for or against.
        self._columns, self._none = dict(zip(models, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True)), sum(sizes)
        self._table = Table.of(words, [*models.values()])
        self._letters, self._words = LetterColumns(Table.of(letters, [*models.values()])), WordColumns(self._table)

    def answers(self, sheet: Sheet) -> tuple[dict[Task, Answer], Flags]:
        """The answer of every model on a batch of texts, and which of them hold a word that any model knows."""
        found, letters = self._words.found(sheet), self._letters.said(sheet)
        words = self._words.said(sheet, found)
        margins = self._margins(letters, words)
        decided = {task: model.decide(margins[task]) for task, model in self.models.items()}
        sides = [self._sides(task, margins[task], decided[task]) for task in self.models]
        spoke = Spoke(found, self._letters.totals(), self._table.values, letters.lengths[:, -1], words.lengths[:, -1])
        told = strongest(sheet, spoke, sides)
        answers = {
            task: Answer(model, model.probabilities(margins[task]), decided[task], moved)
            for (task, model), moved in zip(self.models.items(), told, strict=True)
        }
        return answers, readable(found, sheet)

    def answer(self, sheet: Sheet, task: Task) -> Answer:
        """The answer of one model, without the words that moved it."""
        words = self._words.said(sheet, self._words.found(sheet))
        model, said = self.models[task], self._margins(self._letters.said(sheet), words)[task]
        return Answer(model, model.probabilities(said), model.decide(said), [()] * len(said))

    def _margins(self, letters: Said, words: Said) -> dict[Task, Floats]:
        """Texts x columns of each model."""
        margins = {}
        for at, (task, model) in enumerate(self.models.items()):
            own = slice(self._columns[task], self._columns[task] + model.columns)
            said = sum(side.products[:, own] / side.lengths[:, [at]] for side in (letters, words))
            margins[task] = np.asarray(said + model.bias, dtype=np.float32)
        return margins

    def _sides(self, task: Task, margins: Floats, decided: Numbers) -> tuple[Numbers, Numbers]:
        """Of all columns, those that spoke for and against each decision of a model."""
        model, first = self.models[task], self._columns[task]
        pro, con = (
            np.where(side < model.columns, side + first, self._none) for side in model.evidence(margins, decided)
        )
        return pro, con
