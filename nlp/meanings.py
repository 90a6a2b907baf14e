"""Classes of words that mean alike, as directions beside the word vectors: a rare word borrows from its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nlp.features import Floats
from nlp.prepare import NEGATED, Preparer

#: Words and pairs of words as features -> the classes they are of.
Meanings = Mapping[str, frozenset[str]]


def meanings(classes: Mapping[str, Sequence[str]], preparer: Preparer) -> Meanings:
    """What the words of the classes mean, named as features; a denied word is of a class of its own.

    Phrases whose stems are more than a pair are left out: no feature is that long.
    """
    found: dict[str, frozenset[str]] = {}
    for name, words in classes.items():
        for word in words:
            stems = preparer.prepare(word).marked
            if len(stems) in (1, 2):
                found[" ".join(stems)] = found.get(" ".join(stems), frozenset()) | {name}
    denied = {
        NEGATED + feature: frozenset(map(NEGATED.__add__, names))
        for feature, names in found.items()
        if " " not in feature and not feature.startswith(NEGATED)
    }
    return denied | found


def class_vectors(features: Sequence[str], known: Meanings) -> Floats:
    """Features x classes: vectors of length 1 for features with a meaning, zero elsewhere."""
    columns = {name: at for at, name in enumerate(sorted({name for names in known.values() for name in names}))}
    vectors = np.zeros((len(features), len(columns)), dtype=np.float32)
    for row, feature in enumerate(features):
        if names := known.get(feature):
            vectors[row, [columns[name] for name in names]] = len(names) ** -0.5
    return vectors
