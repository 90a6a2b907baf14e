"""Folds copies: a retweet, a pasted campaign or a syndicated article spreads, but stays one voice."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from rensa import RMinHash

from tanggap.issues.fingerprints import PERMUTATIONS, Fingerprints, Signature
from tanggap.text import fold

#: Jaccard similarity of 5-letter shingles from which a text is a copy: lets a fifth of the words change and links
#: fewer than 5 in 10,000 strangers (benchmarks/copies.py). What tells "banjir di X" from "banjir di Y" is the place.
SIMILAR = 0.45
#: The same for texts under this many letters, in which two neighbours easily say the same in their own words.
SHORT = 70
SIMILAR_SHORT = 0.6
#: Shorter texts share too many shingles by chance; only equal ones are copies.
SHORTEST = 40

FRAME = re.compile(r"^\s*rt\s+@\w+\s*:?|https?://\S+|@\w+", re.IGNORECASE)


def essence(text: str) -> str:
    """The text without what sharing adds: retweet frame, links, mentions, case and punctuation."""
    return fold(FRAME.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Print:
    """By what a text is known again: a hash of its words (None without any) and, where it is long enough, MinHash."""

    exact: int | None
    sign: Signature | None = None
    least: float = SIMILAR

    @classmethod
    def of(cls, text: str) -> Print:
        """The print of a text."""
        bare = essence(text)
        if not bare:
            return cls(None)
        exact = int.from_bytes(blake2b(bare.encode(), digest_size=8).digest())
        return cls(exact, signature(bare) if len(bare) >= SHORTEST else None, least(bare))


class CopyIndex:
    """Finds the first text of each family of copies: equal ones by value, similar ones by MinHash (Broder 1997)."""

    def __init__(self) -> None:
        self._exact: dict[int, int] = {}
        self._signs = Fingerprints()
        #: The key of each signature.
        self._keys = array("q")

    def add(self, key: int, text: str) -> int | None:
        """The key of the text that `text` copies, or None where it is the first of its kind and now remembered."""
        return self.take(key, Print.of(text))

    def take(self, key: int, told: Print) -> int | None:
        """`add` for a print."""
        if told.exact is None:
            return None
        original = self.look_up(told)
        self._exact.setdefault(told.exact, key if original is None else original)
        if original is None and told.sign is not None:
            self._signs.add(told.sign)
            self._keys.append(key)
        return original

    def find(self, text: str) -> int | None:
        """The key of the text that `text` copies; it is not remembered."""
        return self.look_up(Print.of(text))

    def look_up(self, told: Print) -> int | None:
        """`find` for a print: the equal text, or the most similar one, the first of equals."""
        equal = None if told.exact is None else self._exact.get(told.exact)
        if equal is not None or told.sign is None:
            return equal
        number, similar = self._signs.closest(told.sign)
        return self._keys[number] if number >= 0 and similar >= told.least else None


def least(bare: str) -> float:
    """Similarity from which a text like this is a copy."""
    return SIMILAR if len(bare) >= SHORT else SIMILAR_SHORT


def signature(bare: str) -> Signature:
    """MinHash of the rows of five letters of a text."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update([bare[i : i + 5] for i in range(len(bare) - 4)])
    return np.array(minhash.digest(), np.uint32).astype(np.uint16)
