"""MinHash signatures of many texts, two bytes a value, and which of them share a band: the memory behind copies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tanggap.compiled import compiled

#: Three values to a band: at a similarity of 0.45, 98 % of copies meet in one of them.
PERMUTATIONS = 126
BANDS = 42
ROWS = PERMUTATIONS // BANDS
#: Signatures that a new memory has room for.
ROOM = 1_024
#: Texts looked at per band, newest first.
DEEP = 64

#: Two bytes of each value (b-bit minwise hashing, Li and Koenig 2010): strangers agree by chance once in 65,536.
Signature = npt.NDArray[np.uint16]
Signatures = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.int32]


class Fingerprints:
    """Signatures by their number in the order they came."""

    def __init__(self) -> None:
        self._signs: Signatures = np.empty((ROOM, PERMUTATIONS), np.uint16)
        self._before: Numbers = np.empty((ROOM, BANDS), np.int32)
        self._head: Numbers = np.full((BANDS, ROOM // 2), -1, np.int32)
        self._count = 0

    def add(self, sign: Signature) -> int:
        """Remembers a signature; its number."""
        if self._count == len(self._signs):
            self._grow()
        self._signs[self._count] = sign
        chain(self._signs, self._head, self._before, self._count, self._count + 1)
        self._count += 1
        return self._count - 1

    def closest(self, sign: Signature) -> tuple[int, float]:
        """The number of the most similar signature, the first of equals, and its similarity; (-1, 0.0) for none."""
        number, same = compare(self._signs, self._head, self._before, sign)
        return int(number), same / PERMUTATIONS

    def _grow(self) -> None:
        """Makes room for as many again; the chains are laid anew, because slots are told apart better then."""
        size = 2 * len(self._signs)
        signs, self._signs = self._signs, np.empty((size, PERMUTATIONS), np.uint16)
        self._signs[: self._count] = signs
        self._before = np.empty((size, BANDS), np.int32)
        self._head = np.full((BANDS, size // 2), -1, np.int32)
        chain(self._signs, self._head, self._before, 0, self._count)


@compiled
def slot_of(sign: Signature, band: int, size: int) -> int:
    """Where the texts that share a band's values are chained; `size` is a power of two."""
    value = np.uint64(0)
    for at in range(band * ROWS, (band + 1) * ROWS):
        value = (value << np.uint64(16)) | np.uint64(sign[at])
    return int((value * np.uint64(11400714819323198485)) >> np.uint64(32)) & (size - 1)


@compiled
def chain(signs: Signatures, head: Numbers, before: Numbers, first: int, end: int) -> None:
    """Puts signatures in front of the chains of their bands."""
    for number in range(first, end):
        for band in range(BANDS):
            slot = slot_of(signs[number], band, head.shape[1])
            before[number, band] = head[band, slot]
            head[band, slot] = number


@compiled
def compare(signs: Signatures, head: Numbers, before: Numbers, sign: Signature) -> tuple[int, int]:
    """The signature that agrees in most values, among those that share a whole band, and in how many."""
    best, most = -1, 0
    for band in range(BANDS):
        other = head[band, slot_of(sign, band, head.shape[1])]
        for _ in range(DEEP):
            if other < 0:
                break
            meets = True
            for at in range(band * ROWS, (band + 1) * ROWS):
                meets = meets and signs[other, at] == sign[at]
            if meets and other != best:
                same = 0
                for at in range(PERMUTATIONS):
                    same += signs[other, at] == sign[at]
                if same > most or (same == most and other < best):
                    best, most = other, same
            other = before[other, band]
    return best, most
