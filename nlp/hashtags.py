"""Hashtags into words: `#BanjirJakarta` by its capitals, `#banjirjakarta` by the dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: An acronym that a word in small letters follows: KJPplus.
ACRONYM = re.compile(r"([A-Z]{2,})([a-z]{3,})")
CAPITALS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
#: Longer tags are not searched for words.
LONGEST = 40
SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Splitter:
    """Finds the words that a tag was glued together from."""

    words: frozenset[str]

    def split(self, tag: str) -> list[str]:
        """The words of a tag without its `#`; one word where no split is certain."""
        tag = ACRONYM.sub(self._parted, tag)
        parts = [part for piece in tag.split("_") for part in CAPITALS.findall(piece)]
        if len(parts) > 1:
            return [word.lower() for word in parts]
        return self._by_words(tag.lower()) if len(tag) <= LONGEST else [tag.lower()]

    def _parted(self, found: re.Match[str]) -> str:
        """The acronym and the word parted where both are known, else as they stood."""
        known = found[1].lower() in self.words and found[2] in self.words
        return f"{found[1]}_{found[2]}" if known else found[0]

    def _by_words(self, tag: str) -> list[str]:
        """The split into the fewest known words; the later cut wins a tie, so that long words come first."""
        best: list[list[str] | None] = [[]] + [None] * len(tag)
        for end in range(SHORTEST_PART, len(tag) + 1):
            for start in range(end - SHORTEST_PART + 1):
                before = best[start]
                if before is None or tag[start:end] not in self.words:
                    continue
                present = best[end]
                if present is None or len(before) + 1 <= len(present):
                    best[end] = [*before, tag[start:end]]
        return best[-1] or [tag]
