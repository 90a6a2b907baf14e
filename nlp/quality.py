"""Scores of high quality: a provided transformer answers the tasks it offers, the usual scorer everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from nlp.agency import Router
from nlp.features import Floats
from nlp.linear import Task
from nlp.score import ELSEWHERE, FIELDS, Scorer
from nlp.transformer import Transformer
from tanggap.city import City
from tanggap.records import Post, Score
from tanggap.text import fold

#: Probabilities below this are left out of a score.
SMALLEST = 0.01


class QualityScorer(Scorer):
    """A scorer whose answers come from a transformer where that has any.

    What the usual scorer refuses (empty, foreign, unreadable) stays refused. Places, language and search terms are the
    usual ones, and so are the words that explain an answer, where both agree on it.
    """

    def __init__(self, usual: Scorer, transformer: Transformer, city: City) -> None:
        self._usual = usual
        self._transformer = transformer
        self._router = Router.of(city)
        #: Newer than that of the usual scorer alone, so that its scores are the ones people see.
        self.version = f"{usual.version}+{transformer.card['name']}-{transformer.card['version']}"

    @classmethod
    def of(cls, usual: Scorer, folder: Path, city: City) -> Self:
        """The usual scorer with the transformer of a folder; ModelError when that cannot be used."""
        return cls(usual, Transformer.load(folder, city), city)

    def score(self, posts: Sequence[Post]) -> list[Score]:
        """One score per post, in order."""
        scores = [value.evolve(model=self.version) for value in self._usual.score(posts)]
        rows = [row for row, value in enumerate(scores) if value.relevant is not None]
        if not rows:
            return scores
        answers = self._transformer.probabilities([posts[row].full_text for row in rows])
        for at, row in enumerate(rows):
            shares = {task: each[at] for task, each in answers.items()}
            scores[row] = self._answered(posts[row], scores[row], shares)
        return scores

    def _answered(self, post: Post, usual: Score, answers: Mapping[Task, Floats]) -> Score:
        """The usual score with the transformer's answers in it."""
        shares = {task: self._shares(task, each) for task, each in answers.items()}
        label = {task: max(each, key=each.__getitem__) for task, each in shares.items()}
        told: dict[str, Any] = {}
        if "relevance" in label:
            told |= {"relevant": label["relevance"] == "true", "relevance": round(shares["relevance"]["true"], 4)}
        if "sentiment" in label:
            told |= {"sentiment": label["sentiment"], "sentiment_probs": _told(shares["sentiment"])}
        if "topic" in label:
            told |= {"topic": label["topic"], "topic_probs": _told(shares["topic"])}
        if "complaint" in label:
            told |= {"complaint": label["complaint"] == "true"}
        if "urgency" in label:
            levels = tuple(round(shares["urgency"][str(level)], 4) for level in range(4))
            told |= {"urgency": int(label["urgency"]), "urgency_probs": levels}
        return self._agreed(post, usual, told, {FIELDS[task] for task in answers})

    def _agreed(self, post: Post, usual: Score, told: dict[str, Any], fields: set[str]) -> Score:
        """One score without contradictions: nothing irrelevant has a topic, and the body follows the topic."""
        relevant = told.get("relevant", usual.relevant)
        if not relevant:
            told |= {"topic": ELSEWHERE, "complaint": False, "urgency": 0, "agency": None}
        elif "topic" in told:
            told["agency"] = self._router.route(told["topic"], f" {usual.terms} | {fold(post.full_text)} ")
        changed = {field for field in fields if getattr(usual, field) != told.get(field, getattr(usual, field))}
        return usual.evolve(
            **told,
            reasons={field: words for field, words in usual.reasons.items() if field not in changed},
            abstained=tuple(field for field in usual.abstained if field not in fields),
        )

    def _shares(self, task: Task, row: Floats) -> dict[str, float]:
        return dict(zip(self._transformer.labels[task], map(float, row), strict=True))


def _told(shares: Mapping[str, float]) -> dict[str, float]:
    """Probabilities as a score tells them: likeliest first, the negligible ones left out."""
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    return {label: round(share, 4) for label, share in ordered if share >= SMALLEST}
