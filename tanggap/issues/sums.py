"""Sparse sums of many clusters in one arena: what a million posts need of memory, and one more post of time.

All values are integers, so that a sum is the same in whatever order its posts came.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tanggap.compiled import compiled

Ids = npt.NDArray[np.uint32]
Amounts = npt.NDArray[np.int32]
Whole = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]

#: One in the integers of a sum; half a million posts on one term fit.
UNIT = 4096
#: Rows and terms that a new arena has room for.
ROWS, TERMS = 1_024, 65_536
#: Terms of a row at most that `heaviest` gives.
COMPARED = 12
#: Where a row is this many times longer than what it is compared with, its terms are searched and not walked.
LONGER = 8


class Sums:
    """A growing sparse integer vector per cluster: rising term ids with their amounts, and its squared length."""

    def __init__(self) -> None:
        self._ids: Ids = np.empty(TERMS, np.uint32)
        self._amounts: Amounts = np.empty(TERMS, np.int32)
        #: Where a row begins, how long it is and what it has room for.
        self._rows: Whole = np.zeros((3, ROWS), np.int64)
        self.square: Whole = np.zeros(ROWS, np.int64)
        self._used = 0

    def add(self, at: int, ids: Ids, amounts: Amounts) -> None:
        """Adds a vector, its ids rising, to row `at`; a row is empty until its first."""
        while at >= len(self.square):
            self._rows = np.pad(self._rows, ((0, 0), (0, len(self.square))))
            self.square = np.pad(self.square, (0, len(self.square)))
        while (used := pour(self._ids, self._amounts, self._rows, self.square, self._used, at, ids, amounts)) < 0:
            self._ids = np.concatenate((self._ids, np.empty_like(self._ids)))
            self._amounts = np.concatenate((self._amounts, np.empty_like(self._amounts)))
        self._used = used

    def absorb(self, at: int, other: int) -> None:
        """Takes one row into another; the taken one is empty then."""
        ids, amounts = self.row(other)
        self.add(at, ids.copy(), amounts.copy())
        self._rows[:, other] = self.square[other] = 0

    def row(self, at: int) -> tuple[Ids, Amounts]:
        """The ids and amounts of a row; views, good until the next `add`."""
        if at >= len(self.square):
            return self._ids[:0], self._amounts[:0]
        start, length, _ = self._rows[:, at].tolist()
        return self._ids[start : start + length], self._amounts[start : start + length]

    def terms(self, at: int) -> dict[int, float]:
        """A row as a mapping, in units."""
        ids, amounts = self.row(at)
        return dict(zip(ids.tolist(), (amounts / UNIT).tolist(), strict=True))

    def cosines(self, rows: Whole, ids: Ids, amounts: Amounts, *, empty: float = 0.0) -> Array:
        """Cosines of some rows with one vector; `empty` where either is."""
        return cosines(self._ids, self._amounts, self._rows, self.square, rows, ids, amounts, empty)

    def heaviest(self, rows: Whole) -> tuple[Whole, Whole]:
        """The terms of some rows, of each at most the `COMPARED` heaviest.

        Returns:
            For each term which of the rows it is of; and its id, its amount and the sum of the row's amounts.
        """
        return heaviest(self._ids, self._amounts, self._rows, rows)


@compiled
def pour(
    ids: Ids,
    amounts: Amounts,
    rows: Whole,
    square: Whole,
    used: int,
    at: int,
    more_ids: Ids,
    more: Amounts,
) -> int:
    """Adds a vector to a row, which moves to the end when it outgrows its room; the new end, or -1 for no room."""
    begin, length = rows[0, at], rows[1, at]
    count = len(more_ids)
    i = j = shared = 0
    grown = np.int64(0)
    while j < count:
        while i < length and ids[begin + i] < more_ids[j]:
            i += 1
        value = np.int64(more[j])
        grown += value * value
        if i < length and ids[begin + i] == more_ids[j]:
            shared += 1
            grown += 2 * value * amounts[begin + i]
        j += 1
    union = length + count - shared
    to = begin
    if union > rows[2, at]:
        room = union if length == 0 else union + union // 2
        if used + room > len(ids):
            return -1
        to, used = used, used + room
        rows[2, at] = room
    i, j = length - 1, count - 1
    for k in range(union - 1, -1, -1):
        old = i >= 0 and (j < 0 or ids[begin + i] >= more_ids[j])
        new = j >= 0 and (i < 0 or ids[begin + i] <= more_ids[j])
        both = (amounts[begin + i] if old else 0) + (more[j] if new else 0)
        ids[to + k] = ids[begin + i] if old else more_ids[j]
        amounts[to + k] = both
        i -= old
        j -= new
    rows[0, at], rows[1, at] = to, union
    square[at] += grown
    return used


@compiled
def cosines(
    ids: Ids, amounts: Amounts, rows: Whole, square: Whole, wanted: Whole, other_ids: Ids, other: Amounts, empty: float
) -> Array:
    """Cosines of rows with one vector."""
    own = 0.0
    for value in other:
        own += float(value) * float(value)
    found = np.full(len(wanted), empty)
    for n in range(len(wanted)):
        at = wanted[n]
        if at >= len(square) or square[at] == 0 or own == 0.0:
            continue
        begin, length = rows[0, at], rows[1, at]
        total = np.int64(0)
        i = 0
        for j in range(len(other_ids)):
            if length > LONGER * len(other_ids):
                i += np.searchsorted(ids[begin + i : begin + length], other_ids[j])
            else:
                while i < length and ids[begin + i] < other_ids[j]:
                    i += 1
            if i == length:
                break
            if ids[begin + i] == other_ids[j]:
                total += np.int64(amounts[begin + i]) * other[j]
        found[n] = total / np.sqrt(float(square[at]) * own)
    return found


@compiled
def heaviest(ids: Ids, amounts: Amounts, rows: Whole, wanted: Whole) -> tuple[Whole, Whole]:
    """The heaviest terms of rows, the first of equals before the others."""
    owner = np.empty(COMPARED * len(wanted), np.int64)
    told = np.empty((COMPARED * len(wanted), 3), np.int64)
    count = 0
    for n in range(len(wanted)):
        begin, length = rows[0, wanted[n]], rows[1, wanted[n]]
        left = amounts[begin : begin + length].copy()
        whole = left.sum()
        for _ in range(min(COMPARED, length)):
            best = np.argmax(left)
            owner[count] = n
            told[count, 0], told[count, 1], told[count, 2] = ids[begin + best], left[best], whole
            left[best] = -1
            count += 1
    return owner[:count], told[:count]
