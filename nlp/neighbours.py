"""Word vectors learned from which words stand near each other, so that rare words can borrow from common ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds

from nlp.features import Floats

#: Words that stand this near count as neighbours.
WINDOW = 5
#: Texts that must hold a word before it gets a vector.
MIN_TEXTS = 4
DIMENSIONS = 150
#: Power that lifts rare neighbours, so that chance meetings with them count less (Levy and Goldberg 2015).
SMOOTHING = 0.75
#: Words of one text that are read.
LONGEST = 300


def word_vectors(texts: Sequence[Sequence[str]], seed: int) -> tuple[tuple[str, ...], Floats]:
    """Words and their vectors of length 1: positive pointwise mutual information, brought down by SVD.

    Words used alike get vectors that point the same way. Fewer words than dimensions give no vectors at all.
    """
    held = Counter(word for text in texts for word in set(text))
    words = tuple(sorted(word for word, count in held.items() if count >= MIN_TEXTS))
    if len(words) <= DIMENSIONS:
        return (), np.zeros((0, DIMENSIONS), dtype=np.float32)
    numbers = {word: number for number, word in enumerate(words)}
    information = _information(_meetings([[numbers[w] for w in text if w in numbers] for text in texts], len(words)))
    left, strength, _ = svds(information, k=DIMENSIONS, rng=np.random.default_rng(seed))
    vectors = left * np.sqrt(strength)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return words, vectors.astype(np.float32)


def _meetings(texts: Sequence[Sequence[int]], size: int) -> sp.csr_matrix:
    """How often two words stand near each other."""
    met: Counter[tuple[int, int]] = Counter()
    for text in texts:
        for gap in range(1, WINDOW + 1):
            met.update(zip(text[:LONGEST], text[gap:LONGEST], strict=False))
    pairs = np.array(list(met), dtype=np.int32).reshape(-1, 2)
    counts = np.fromiter(met.values(), dtype=np.float64, count=len(met))
    one_way = sp.csr_matrix((counts, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return sp.csr_matrix(one_way + one_way.T)


def _information(met: sp.csr_matrix) -> sp.csr_matrix:
    """Positive pointwise mutual information of the pairs that meet."""
    total = np.asarray(met.sum(axis=1)).ravel()
    smoothed = total**SMOOTHING
    rows, columns = met.nonzero()
    information = np.log(met[rows, columns].A1 * smoothed.sum() / (total[rows] * smoothed[columns]))
    kept = information > 0
    return sp.csr_matrix((information[kept], (rows[kept], columns[kept])), shape=met.shape)
