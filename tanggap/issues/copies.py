"""Folds copies: a retweet, a pasted campaign or a syndicated article spreads, but stays one voice."""

from __future__ import annotations

import re
from collections import defaultdict
from operator import eq

from rensa import RMinHash

from tanggap.text import fold

#: Jaccard similarity of 5-letter shingles from which a text is a copy: lets a fifth of the words change and links
#: fewer than 5 in 10,000 strangers (benchmarks/copies.py). What tells "banjir di X" from "banjir di Y" is the place.
SIMILAR = 0.45
#: The same for texts under this many letters, in which two neighbours easily say the same in their own words.
SHORT = 70
SIMILAR_SHORT = 0.6
#: Three values to a band: at this similarity 98 % of copies meet in one of them.
PERMUTATIONS = 126
BANDS = 42
#: Shorter texts share too many shingles by chance; only equal ones are copies.
SHORTEST = 40

Signature = tuple[int, ...]

FRAME = re.compile(r"^\s*rt\s+@\w+\s*:?|https?://\S+|@\w+", re.IGNORECASE)


def essence(text: str) -> str:
    """The text without what sharing adds: retweet frame, links, mentions, case and punctuation."""
    return fold(FRAME.sub(" ", text))


class CopyIndex:
    """Finds the first text of each family of copies: equal ones by value, similar ones by MinHash (Broder 1997)."""

    def __init__(self) -> None:
        self._exact: dict[str, int] = {}
        self._bands: dict[tuple[int, ...], list[int]] = defaultdict(list)
        self._signs: dict[int, tuple[int, ...]] = {}

    def add(self, key: int, text: str) -> int | None:
        """The key of the text that `text` copies, or None where it is the first of its kind and now remembered."""
        bare = essence(text)
        if not bare:
            return None
        if (equal := self._exact.get(bare)) is not None:
            return equal
        sign = signature(bare) if len(bare) >= SHORTEST else None
        original = self._similar(sign, least(bare)) if sign else None
        self._exact[bare] = key if original is None else original
        if sign and original is None:
            self._signs[key] = sign
            for slot in bands(sign):
                self._bands[slot].append(key)
        return original

    def find(self, text: str) -> int | None:
        """The key of the text that `text` copies; it is not remembered."""
        bare = essence(text)
        if bare in self._exact or len(bare) < SHORTEST:
            return self._exact.get(bare)
        return self._similar(signature(bare), least(bare))

    def _similar(self, sign: Signature, similar: float) -> int | None:
        """The most similar text from `similar` on, the first of equals."""
        near = {other for slot in bands(sign) for other in self._bands.get(slot, ())}
        shares = ((sum(map(eq, sign, self._signs[other])) / PERMUTATIONS, -other) for other in near)
        share, negative = max(shares, default=(0.0, 0))
        return -negative if share >= similar else None


def least(bare: str) -> float:
    """Similarity from which a text like this is a copy."""
    return SIMILAR if len(bare) >= SHORT else SIMILAR_SHORT


def signature(bare: str) -> Signature:
    """MinHash of the rows of five letters of a text."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update([bare[i : i + 5] for i in range(len(bare) - 4)])
    return tuple(minhash.digest())


def bands(sign: Signature) -> list[tuple[int, ...]]:
    """The slots that a signature falls into; similar ones share one of them."""
    rows = PERMUTATIONS // BANDS
    return [(band, *sign[band * rows : (band + 1) * rows]) for band in range(BANDS)]
