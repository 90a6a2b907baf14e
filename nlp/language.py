"""Which language a short public text is in, so that what is not Indonesian is never scored as if it were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.lexicon import read_table
from nlp.normalize import Token

#: Text that holds no words.
UNDETERMINED = "und"
OTHER = "other"
#: What py3langid may answer. Malay and Javanese without a single function word of theirs count as Indonesian slang.
ASKED = frozenset("ar bn de en es fil fr hi id it ja jv km ko lo ms my nl pl pt ro ru ta th tr ur vi zh".split())
ANSWERS = {"id": "id", "ms": "id", "jv": "id", "en": "en"}
#: Words of the text that are looked at.
ENOUGH = 60
#: Share of dictionary words that makes a text Indonesian without a function word.
INDONESIAN_SHARE = 0.4


@cache
def identifier() -> LanguageIdentifier:
    """py3langid's model, restricted to languages that are written in this city."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(sorted(ASKED & set(model.labels)))
    return model


@dataclass(frozen=True, slots=True)
class Detector:
    """Function words decide first, the dictionary second, a statistical model last."""

    #: Function word -> language.
    marks: Mapping[str, str]
    #: Plain Indonesian words.
    vocabulary: frozenset[str]

    @classmethod
    def load(cls, language_dir: Path, vocabulary: frozenset[str]) -> Self:
        """The detector with the function words of `functionwords.csv`."""
        rows = read_table(language_dir / "functionwords.csv")
        return cls({row["word"]: row["language"] for row in rows}, vocabulary)

    def detect(self, text: str, tokens: Sequence[Token]) -> str:
        """`id`, `jv`, `su`, `en`, `other`, or `und` for a text without words."""
        words = [token for token in tokens if token.kind in ("word", "tag") and token.norm][:ENOUGH]
        if not words:
            return UNDETERMINED
        if sum(not token.norm.isascii() for token in words) > len(words) / 2:
            return OTHER
        votes = Counter(self.marks[low] for token in words if (low := token.surface.lower()) in self.marks)
        known = sum(not self.vocabulary.isdisjoint(token.norm.split()) for token in words)
        if votes:
            leader, count = max(votes.items(), key=lambda vote: (vote[1], vote[0] == "id"))
            if leader != "en" or count >= known / 2:
                return leader
        if votes["id"] or known >= INDONESIAN_SHARE * len(words):
            return "id"
        if len(words) < 3:
            return "id" if known else UNDETERMINED
        return ANSWERS.get(identifier().classify(text[:1000])[0], OTHER)
