"""Words that lost their vowels in typing, matched to the words that public posts use: `pnjlasan`, `lngkungan`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from nlp.gazetteer import skeleton
from tanggap.errors import SettingsError

#: Posts that must hold a word before a worn one is taken for it, and how many times more than the next one of its kind.
LEAST_POSTS, TIMES = 15, 5
#: Letters of the whole word, of its consonants and of what was typed, at least.
SHORTEST, SHORTEST_SKELETON, SHORTEST_TYPED = 5, 4, 4


@dataclass(frozen=True, slots=True)
class Worn:
    """Common words by their consonants."""

    #: Consonants -> words that have them with their posts, the most common first.
    words: Mapping[str, tuple[tuple[int, str], ...]]

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, language_dir: Path) -> Self:
        """The words of frequencies.tsv.

        Raises:
            SettingsError: the file is missing or not as it was written.
        """
        path = language_dir / "frequencies.tsv"
        found: dict[str, list[tuple[int, str]]] = {}
        try:
            with path.open(encoding="utf-8", newline="") as file:
                lines = (line for line in file if not line.startswith("#"))
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                    word, posts = row["term"], int(row["posts"])
                    if row["kind"] != "word" or len(word) < SHORTEST or not word.isalpha() or posts < LEAST_POSTS:
                        continue
                    if len(bones := skeleton(word)) >= SHORTEST_SKELETON:
                        found.setdefault(bones, []).append((posts, word))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise SettingsError(f"{path} cannot be read ({error}); `tanggap init` writes the shipped one.") from None
        return cls({bones: tuple(sorted(words, reverse=True)) for bones, words in found.items()})

    def whole(self, typed: str) -> str | None:
        """The common word that `typed` is without some of its vowels; None where none or no single one fits."""
        if len(typed) < SHORTEST_TYPED or not typed.isalpha():
            return None
        fitting = [pair for pair in self.words.get(skeleton(typed), ()) if worn_from(typed, pair[1])]
        if not fitting or (len(fitting) > 1 and fitting[0][0] < TIMES * fitting[1][0]):
            return None
        return fitting[0][1]


def worn_from(typed: str, word: str) -> bool:
    """Whether `typed` is `word` with letters left out, fewer than half of them."""
    letters = iter(word)
    return len(typed) < len(word) < 2 * len(typed) and all(letter in letters for letter in typed)
