"""Texts as a hasty thumb types them: slang, dropped vowels, slips, stretched letters, emoji and hashtags, at random."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from nlp.lexicon import read_table

WORD = re.compile(r"[^\W\d_]{3,}")
#: Signs that decorate and say nothing of tone; a thumb up under a complaint would be another text.
EMOJI = "📍 🚌 🌧️ 🏠 🚦 👀 📢 🙏".split()
VOWELS = re.compile(r"(?<=\w)[aiueo](?=\w)")

Change = Callable[[str, random.Random], str]


def changes(language_dir: Path) -> Mapping[str, Change]:
    """Every way of changing a text, by its name."""
    spelled = defaultdict(list)
    for row in read_table(language_dir / "slang.csv"):
        spelled[row["normal"]].append(row["slang"])

    def slang(word: str, dice: random.Random) -> str:
        known = spelled.get(word.lower())
        return dice.choice(known) if known else word

    return {
        "slang": words(slang, 0.3),
        "dropped vowels": words(lambda word, _: VOWELS.sub("", word), 0.15),
        "typing slips": words(slip, 0.15),
        "elongation": words(lambda word, dice: word + word[-1] * dice.randint(2, 4), 0.2),
        "emoji": lambda text, dice: f"{text} {''.join(dice.choices(EMOJI, k=3))}",
        "hashtags": words(lambda word, _: f"#{word}", 0.2),
    }


def words(change: Change, share: float) -> Change:
    """A change of some of the words of a text."""

    def changed(text: str, dice: random.Random) -> str:
        return WORD.sub(lambda found: change(found[0], dice) if dice.random() < share else found[0], text)

    return changed


def slip(word: str, dice: random.Random) -> str:
    """Two neighbouring letters in the wrong order."""
    at = dice.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
