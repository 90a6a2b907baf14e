"""Which documents hold a word, newest first: a ring of postings in which the oldest are overwritten."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tanggap.compiled import compiled
from tanggap.issues.sums import Amounts, Ids, Whole

#: Newest documents looked at per shared word, and clusters compared in full (research: grouping 2.2; the answers on
#: the sample city and the development set are the same as with four times as many).
NEWEST = 50
COMPARED = 8
#: Share of a text's squared weight that its commonest words may hold without being looked up.
LEFT = 0.25
#: Words are told apart by this many values; those that fall together only cost a look.
WORDS = 1 << 20
#: Postings a ring begins with, and has at most: 20 for each of a million and a half documents.
FEWEST, MOST = 1 << 16, 1 << 25
#: Documents of one search that are kept count of.
SEEN = 4_096

Numbers = npt.NDArray[np.int32]
#: Weights in units, which of a text of unit length fit into two bytes.
Weights = npt.NDArray[np.uint16]


class Postings:
    """Documents by word."""

    def __init__(self) -> None:
        self._head: Numbers = np.full(WORDS, -1, np.int32)
        self._before: Numbers = np.empty(FEWEST, np.int32)
        self._documents: Numbers = np.empty(FEWEST, np.int32)
        self._amounts: Weights = np.empty(FEWEST, np.uint16)
        self._count = 0
        self._seen: Numbers = np.full(SEEN, -1, np.int32)

    def add(self, document: int, words: Ids, amounts: Amounts) -> None:
        """Files a document under its words; documents come in rising numbers."""
        while self._count + len(words) > len(self._before) < MOST:
            for name in ("_before", "_documents", "_amounts"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate((old, np.empty_like(old))))
        file(self._head, self._before, self._documents, self._amounts, self._count, document, words, amounts)
        self._count += len(words)

    def nearest(self, words: Ids, amounts: Amounts, home: Numbers) -> Whole:
        """Clusters of the documents that share the most weight of words, the rarest looked up first.

        Args:
            words, amounts: of the text, heaviest first.
            home: the cluster of each document.
        """
        return search(
            self._head, self._before, self._documents, self._amounts, self._count, words, amounts, home, self._seen
        )


@compiled
def file(
    head: Numbers,
    before: Numbers,
    documents: Numbers,
    weights: Weights,
    count: int,
    document: int,
    words: Ids,
    amounts: Amounts,
) -> None:
    """Writes one posting per word."""
    for n in range(len(words)):
        slot = (count + n) % len(before)
        word = words[n] & (WORDS - 1)
        before[slot], documents[slot], weights[slot] = head[word], document, amounts[n]
        head[word] = count + n


@compiled
def search(
    head: Numbers,
    before: Numbers,
    documents: Numbers,
    weights: Weights,
    count: int,
    words: Ids,
    amounts: Amounts,
    home: Numbers,
    seen: Numbers,
) -> Whole:
    """The clusters of the closest documents, closest first."""
    size = len(before)
    found = np.empty(SEEN, np.int32)
    shared = np.empty(SEEN, np.int64)
    slots = np.empty(SEEN, np.int64)
    many = 0
    whole = left = np.sum(amounts.astype(np.int64) ** 2)
    for n in range(len(words)):
        entry = np.int64(head[words[n] & (WORDS - 1)])
        for _ in range(NEWEST):
            if entry < 0 or entry < count - size or many > SEEN * 3 // 4:
                break
            document = documents[entry % size]
            slot = place_of(found, seen, document)
            if seen[slot] < 0:
                seen[slot] = many
                found[many], slots[many], shared[many] = document, slot, 0
                many += 1
            shared[seen[slot]] += np.int64(amounts[n]) * np.int64(weights[entry % size])
            entry = np.int64(before[entry % size])
        left -= np.int64(amounts[n]) * amounts[n]
        if left < LEFT * whole:
            break
    for n in range(many):
        seen[slots[n]] = -1
    return best(found[:many], shared[:many], home)


@compiled
def best(documents: Numbers, shared: Whole, home: Numbers) -> Whole:
    """The clusters of the documents that share most, closest first."""
    clusters, likeness = np.empty(COMPARED, np.int64), np.empty(COMPARED, np.int64)
    got = 0
    for n in range(len(documents)):
        if got == COMPARED and shared[n] <= likeness[got - 1]:
            continue
        at = 0
        while at < got and clusters[at] != home[documents[n]]:
            at += 1
        if at == got:
            got = min(got + 1, COMPARED)
            at = got - 1
        elif shared[n] <= likeness[at]:
            continue
        while at > 0 and likeness[at - 1] < shared[n]:
            clusters[at], likeness[at] = clusters[at - 1], likeness[at - 1]
            at -= 1
        clusters[at], likeness[at] = home[documents[n]], shared[n]
    return clusters[:got]


@compiled
def place_of(documents: Numbers, seen: Numbers, document: int) -> int:
    """Where a document is, or would be, in the table of those seen."""
    slot = (np.int64(document) * 2654435761) % SEEN
    while seen[slot] >= 0 and documents[seen[slot]] != document:
        slot = (slot + 1) % SEEN
    return int(slot)
