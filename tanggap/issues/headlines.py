"""Tells whether two headlines report the same story, by the words they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from tanggap.text import fold

#: Papers report one story within this time of each other.
APART = timedelta(days=3)

#: Headlines are of one story when they share half of all their words, or nearly all words of the shorter one.
SHARED = 0.5
HELD = 0.8

#: A headline of fewer words holds too little to be told from others.
SHORTEST = 3

#: Words that stand in every other headline.
COMMON = frozenset(
    "ada akan atas bagi bisa dalam dan dari dengan di hari ini itu jadi karena ke kini oleh pada saat sudah untuk usai "
    "yang".split()
)


def words(title: str) -> frozenset[str]:
    """The telling words of a headline."""
    return frozenset(fold(title).split()) - COMMON


class Headlines:
    """Headlines of stored posts, to be found again by another paper's wording."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[frozenset[str], datetime]] = {}
        self.holding: dict[str, list[int]] = defaultdict(list)

    def add(self, key: int, title: str, at: datetime) -> None:
        """Remembers a headline under `key`."""
        said = words(title)
        self.told[key] = (said, at)
        for word in said:
            self.holding[word].append(key)

    def find(self, title: str, at: datetime) -> int | None:
        """The key of the headline that most likely tells the same story, the earlier one of equals."""
        said = words(title)
        if len(said) < SHORTEST:
            return None
        shared = Counter(key for word in said for key in self.holding.get(word, ()))
        best: tuple[float, float, int] | None = None
        for key, common in shared.items():
            other, moment = self.told[key]
            if abs(moment - at) > APART or len(other) < SHORTEST:
                continue
            whole = common / len(said | other)
            if whole >= SHARED or common / min(len(said), len(other)) >= HELD:
                rank = (-whole, moment.timestamp(), key)
                best = min(best, rank) if best else rank
        return best[2] if best else None
