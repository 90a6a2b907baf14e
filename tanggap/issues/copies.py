"""Folds copies: a retweet, a pasted campaign or a syndicated article spreads, but stays one voice."""

from __future__ import annotations

import re
from collections import defaultdict

from rensa import RMinHash

from tanggap.text import fold

#: Jaccard similarity of 5-letter shingles from which a text is a copy; 0.4 lets 20 % changed words through,
#: 0.6 keeps "banjir di X" and "banjir di Y" apart (research: grouping 3.1).
SIMILAR = 0.6
PERMUTATIONS = 128
BANDS = 32
#: Shorter texts share too many shingles by chance; only equal ones are copies.
SHORTEST = 40

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
        original = self._similar(key, bare) if len(bare) >= SHORTEST else None
        self._exact[bare] = key if original is None else original
        return original

    def _similar(self, key: int, bare: str) -> int | None:
        minhash = RMinHash(num_perm=PERMUTATIONS, seed=1)
        minhash.update([bare[i : i + 5] for i in range(len(bare) - 4)])
        sign = tuple(minhash.digest())
        rows = PERMUTATIONS // BANDS
        slots = [(band, *sign[band * rows : (band + 1) * rows]) for band in range(BANDS)]
        best, best_share = None, SIMILAR
        for candidate in {other for slot in slots for other in self._bands.get(slot, ())}:
            share = sum(a == b for a, b in zip(sign, self._signs[candidate], strict=True)) / PERMUTATIONS
            if share > best_share or (share == best_share and best is None):
                best, best_share = candidate, share
        if best is None:
            self._signs[key] = sign
            for slot in slots:
                self._bands[slot].append(key)
        return best
