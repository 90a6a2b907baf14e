"""Classifiers over the same texts: rare and telling words weigh more, and words borrow from words used alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from nlp.features import Floats

#: How much a word borrows from words used alike: scale of the word vectors beside the words themselves.
NEARNESS = 0.35
#: How far the scale of a word follows how much it tells the two sides of a classifier apart.
TELLING = 0.25

Flags = NDArray[np.bool_]
#: Weights of all features, and the bias.
Machine = tuple[Floats, float]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Texts to learn from, as every classifier over them sees them."""

    #: Texts x features: 1 where a text holds a feature.
    held: sp.csr_matrix
    #: Texts x features, rare ones lifted (idf).
    words: sp.csr_matrix
    idf: Floats
    #: Features x dimensions, and texts x dimensions: the word vectors beside the words.
    vectors: Floats
    near: sp.csr_matrix
    counts: Floats
    strength: float
    seed: int

    @classmethod
    def of(cls, values: sp.csr_matrix, counts: Floats, vectors: Floats, strength: float, seed: int) -> Self:
        """The ground of texts as unit values; `strength` is the inverse strength of regularisation."""
        idf = np.log((1 + values.shape[0]) / (1 + np.bincount(values.indices, minlength=values.shape[1]))) + 1
        idf = (idf / 5).astype(np.float32)
        words, vectors = (values @ sp.diags_array(idf)).tocsr(), NEARNESS * vectors
        held = sp.csr_matrix((np.ones_like(values.data), values.indices, values.indptr), values.shape)
        return cls(held, words, idf, vectors, sp.csr_matrix(words @ vectors), counts, strength, seed)

    def machines(self, yes: Flags, balance: Floats, kinds: NDArray[Any], among: Sequence[int]) -> list[Machine]:
        """One linear SVM for each kind of texts among these, all fitted together.

        What the kinds share is learned once and what each has of its own beside it, as copies of the words and their
        vectors that only its texts hold (Daume 2007). Being linear, all of it is folded into the weights of the words.

        Args:
            yes: texts that must get a yes.
            balance: how much each text counts beside its own count, so that rare classes are heard.
            kinds: the kind of every text.
        """
        if yes.all() or not yes.any():
            return [(np.zeros_like(self.idf), 1.0 if yes.all() else -1.0)] * len(among)
        scale = (1 - TELLING + TELLING * _telling(self.held, yes, self.counts)).astype(np.float32)
        said = sp.csr_matrix(sp.hstack([self.words @ sp.diags_array(scale), self.near]))
        apart = among if len(among) > 1 else ()
        copies = [(sp.diags_array((kinds == kind).astype(np.float32)) @ said).tocsr() for kind in apart]
        model = LinearSVC(C=self.strength, random_state=self.seed)
        model.fit(sp.csr_matrix(sp.hstack([said, *copies])), yes, sample_weight=balance * self.counts)
        shared, *own = np.split(model.coef_[0], len(copies) + 1)
        parts = [np.split(shared + more, [len(self.idf)]) for more in own or [np.zeros_like(shared)]]
        bias = float(model.intercept_[0])
        return [((scale * part + self.vectors @ near) * self.idf, bias) for part, near in parts]


def _telling(held: sp.csr_matrix, yes: Flags, counts: Floats) -> Floats:
    """How much more often one side holds each feature: the logarithm of the ratio, 1 in the mean (Wang 2012)."""
    said, denied = ((1 + counts[side] @ held[side]) / max(counts[side].sum(), 1) for side in (yes, ~yes))
    ratio = np.abs(np.log(said / denied))
    return np.asarray(ratio / max(ratio.mean(), 1e-9), dtype=np.float32)
