"""How well the installed models do on a labelled file: one report per task, in the format of the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.data import Row, read_rows
from nlp.intervals import of_classes, of_retrieval, of_share
from nlp.metrics import bcubed, classification, levels, retrieval
from nlp.score import Scorer
from tanggap.errors import UsageError
from tanggap.records import Post, PostKind, Score
from tanggap.text import fold

#: Task -> field of the gold file.
FIELDS: Mapping[str, str] = {
    "relevance": "relevant",
    "sentiment": "sentiment",
    "topic": "topic",
    "complaint": "complaint",
    "urgency": "urgency",
    "places": "places",
}
#: Gold files carry no time; the models do not read it.
TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)

#: Urgency from which somebody must act the same day.
URGENT = 2

Report = dict[str, Any]


def evaluate(task: str, path: Path, scorer: Scorer) -> Report:
    """The report of one task, or for `all` a report per task that the file has labels for.

    A field the scorer abstains from counts as wrong; `abstained` says how many. `intervals` hold 95 % of the draws of
    a bootstrap over the texts.

    Raises:
        UsageError: no such task, or no row of the file has its label.
        PayloadError: the file cannot be read.
    """
    if task != "all" and task not in FIELDS:
        raise UsageError(f"There is no task {task}; choose from {', '.join(FIELDS)} or all.")
    return evaluate_rows(task, read_rows(path), scorer, str(path))


def evaluate_rows(task: str, rows: Sequence[Row], scorer: Scorer, name: str = "the data") -> Report:
    """`evaluate` for rows at hand."""
    tasks = [name for name in FIELDS if task in (name, "all") and any(_labelled(row, name) for row in rows)]
    if not tasks:
        raise UsageError(f"{name} holds no labels for {task}.")
    scores = scorer.score([gold_post(row) for row in rows])
    reports = {name: _report(name, rows, scores, scorer.version) for name in tasks}
    return reports if task == "all" else reports[task]


def evaluate_issues(assigned: Sequence[Hashable], gold: Sequence[Hashable]) -> Report:
    """How well issues match the gold: B-cubed and adjusted mutual information of two label sequences.

    A post without an issue is its own issue on both sides. `recall_grouped` is the B-cubed recall over posts whose
    true issue holds two and more: those alone cannot be torn from anyone.
    """
    from sklearn.metrics import adjusted_mutual_info_score  # a second of loading that scoring need not pay

    ours, theirs = (
        [("alone", at) if name is None else name for at, name in enumerate(side)] for side in (assigned, gold)
    )
    numbers = [[list(dict.fromkeys(side)).index(name) for name in side] for side in (ours, theirs)]
    ami = adjusted_mutual_info_score(numbers[1], numbers[0]) if gold else 0.0
    sizes = Counter(theirs)
    several = [(mine, true) for mine, true in zip(ours, theirs, strict=True) if sizes[true] > 1]
    together = bcubed([mine for mine, _ in several], [true for _, true in several])["bcubed_recall"]
    figures = {**bcubed(ours, theirs), "recall_grouped": together, "n_grouped": len(several)}
    return {"task": "issues", "n": len(gold), **figures, "ami": round(float(ami), 4)}


def _labelled(row: Row, task: str) -> bool:
    return row.labels.get(FIELDS[task]) is not None


def gold_post(row: Row) -> Post:
    """A gold row as a post; its text stands whole, title included."""
    kind = PostKind.NEWS if row.channel.startswith("news") else PostKind.POST
    return Post(source="gold", native_id=row.id, kind=kind, text=row.text, published_at=TIMELESS, collected_at=TIMELESS)


def _report(task: str, rows: Sequence[Row], scores: Sequence[Score], version: str) -> Report:
    pairs = [(row, score) for row, score in zip(rows, scores, strict=True) if _labelled(row, task)]
    gold = [row.labels[FIELDS[task]] for row, _ in pairs]
    if task == "places":
        true, found = list(map(_folded, gold)), [_folded(place.text for place in score.places) for _, score in pairs]
        spans = {"f1": of_retrieval(true, found)}
        return {"task": task, "n": len(pairs), **retrieval(true, found), "intervals": spans, "model": version}
    said = [getattr(score, FIELDS[task]) for _, score in pairs]
    names = list(map(_named, gold)), [None if one is None else _named(one) for one in said]
    figures: Report = {**classification(*names), "intervals": of_classes(*names)}
    if task == "urgency":
        figures |= levels([int(one) for one in gold], said)
        urgent = [(one or 0) >= URGENT for one, true in zip(said, gold, strict=True) if int(true) >= URGENT]
        figures["intervals"]["recall_2plus"] = of_share(urgent)
    return {"task": task, **figures, "model": version}


def _named(value: object) -> str:
    return str(value).lower()


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names)) - {""}
