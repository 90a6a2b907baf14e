"""Figures of quality: classes, ordered levels, calibration, sets of strings and clusterings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

#: Bins of the expected calibration error.
BINS = 15


def classification(gold: Sequence[str], predicted: Sequence[str | None]) -> dict[str, Any]:
    """Macro-F1 over the classes of the gold, accuracy, and figures per class; None is a wrong answer."""
    per_class = {}
    for label in sorted(set(gold)):
        hit = sum(g == p == label for g, p in zip(gold, predicted, strict=True))
        said, true = sum(p == label for p in predicted), sum(g == label for g in gold)
        per_class[label] = {**_f1(hit, said, true), "n": true}
    return {
        "n": len(gold),
        "macro_f1": _rounded(np.mean([figures["f1"] for figures in per_class.values()])) if gold else 0.0,
        "accuracy": _share(sum(g == p for g, p in zip(gold, predicted, strict=True)), len(gold)),
        "per_class": per_class,
        "abstained": sum(p is None for p in predicted),
    }


def levels(gold: Sequence[int], predicted: Sequence[int | None], *, urgent: int = 2) -> dict[str, float]:
    """Mean absolute error and recall of the urgent levels; an abstention counts as level 0."""
    said = [0 if p is None else p for p in predicted]
    true = [(g, p) for g, p in zip(gold, said, strict=True) if g >= urgent]
    return {
        "mae": _rounded(np.mean(np.abs(np.subtract(gold, said)))) if gold else 0.0,
        "recall_2plus": _share(sum(p >= urgent for _, p in true), len(true)),
        "precision_2plus": _share(sum(p >= urgent for _, p in true), sum(p >= urgent for p in said)),
    }


def calibration_error(confidence: ArrayLike, correct: ArrayLike) -> float:
    """Expected calibration error: mean gap between confidence and share correct, over equal bins, by their size."""
    curve, total = calibration_curve(confidence, correct), np.size(confidence)
    return _rounded(sum(abs(part["confidence"] - part["correct"]) * part["n"] for part in curve) / (total or 1))


def calibration_curve(confidence: ArrayLike, correct: ArrayLike) -> list[dict[str, float]]:
    """Per bin of confidence that holds any text: how many, their mean confidence, and the share that was correct."""
    sure, right = np.asarray(confidence, dtype=float), np.asarray(correct, dtype=float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        {
            "n": int((bins == b).sum()),
            "confidence": _rounded(sure[bins == b].mean()),
            "correct": _rounded(right[bins == b].mean()),
        }
        for b in np.unique(bins)
    ]


def retrieval(gold: Sequence[frozenset[str]], found: Sequence[frozenset[str]]) -> dict[str, float]:
    """Precision, recall and F1 of sets of strings, counted over all texts together."""
    hit = sum(len(g & f) for g, f in zip(gold, found, strict=True))
    return _f1(hit, sum(map(len, found)), sum(map(len, gold)))


def bcubed(assigned: Sequence[Hashable], gold: Sequence[Hashable]) -> dict[str, float]:
    """B-cubed precision, recall and F1 of a clustering (Bagga and Baldwin 1998)."""
    both = Counter(zip(assigned, gold, strict=True))
    ours, theirs = Counter(assigned), Counter(gold)
    total = len(gold) or 1
    precision = sum(count * count / ours[a] for (a, _), count in both.items()) / total
    recall = sum(count * count / theirs[g] for (_, g), count in both.items()) / total
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "bcubed_precision": _rounded(precision),
        "bcubed_recall": _rounded(recall),
        "bcubed_f1": _rounded(f1),
    }


def grouped(numbers: Sequence[int], names: Sequence[str]) -> dict[str, list[int]]:
    """Numbers by the name that stands at each of them, names in order."""
    groups: dict[str, list[int]] = {}
    for number in sorted(numbers, key=lambda at: names[at]):
        groups.setdefault(names[number], []).append(number)
    return groups


def _f1(hit: int, said: int, true: int) -> dict[str, float]:
    return {"precision": _share(hit, said), "recall": _share(hit, true), "f1": _share(2 * hit, said + true)}


def _share(part: int, whole: int) -> float:
    return _rounded(part / whole) if whole else 0.0


def _rounded(value: Any) -> float:
    return round(float(value), 4)
