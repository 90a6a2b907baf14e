"""Which language a short public text is in, so that what is not Indonesian is never scored as if it were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.lexicon import read_table
from nlp.normalize import Token
from nlp.sheet import Sheet

#: Text that holds no words.
UNDETERMINED = "und"
OTHER = "other"
#: What py3langid may answer. Malay and Javanese without a single function word of theirs count as Indonesian slang.
ASKED = frozenset("ar bn de en es fil fr hi id it ja jv km ko lo ms my nl pl pt ro ru ta th tr ur vi zh".split())
ANSWERS = {"id": "id", "ms": "id", "jv": "id", "en": "en"}
#: Words of the text that are looked at.
ENOUGH = 60
#: What is known of a token: it is a word, in foreign letters, in the dictionary; its vote is a multiple of the last.
WORD, FOREIGN, KNOWN, VOTE = 1, 2, 4, 8
BITS = np.array([[bool(voice & bit) for bit in (WORD, FOREIGN, KNOWN)] for voice in range(VOTE)], dtype=np.intp)
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
    #: Languages that have function words, Indonesian first.
    voices: tuple[str, ...]

    @classmethod
    def load(cls, language_dir: Path, vocabulary: frozenset[str]) -> Self:
        """The detector with the function words of `functionwords.csv`."""
        marks = {row["word"]: row["language"] for row in read_table(language_dir / "functionwords.csv")}
        return cls(marks, vocabulary, ("id", *sorted({*marks.values()} - {"id"})))

    def voice(self, token: Token) -> int:
        """What a token says of its language: 0 nothing, else WORD, FOREIGN and KNOWN, and above them its vote."""
        if token.kind not in ("word", "tag") or not token.norm:
            return 0
        mark = self.marks.get(token.surface.lower())
        known = token.norm in self.vocabulary or not self.vocabulary.isdisjoint(token.norm.split())
        vote = 1 + self.voices.index(mark) if mark else 0
        return WORD | FOREIGN * (not token.norm.isascii()) | KNOWN * known | VOTE * vote

    def languages(self, texts: Sequence[str], sheet: Sheet) -> list[str]:
        """Of each text: `id`, `jv`, `su`, `en`, `other`, or `und` for one without words."""
        voices = np.asarray(sheet.memory.voices)[sheet.token]
        spoken = voices > 0
        voices, rows = voices[spoken], sheet.token_text[spoken]
        read = np.arange(len(rows)) - np.searchsorted(rows, np.arange(len(texts)))[rows] < ENOUGH
        voices, rows = voices[read], rows[read]
        span = VOTE * (1 + len(self.voices))
        counts = np.bincount(rows * span + voices, minlength=len(texts) * span).reshape(len(texts), -1, VOTE)
        totals, votes = counts.sum(axis=1) @ BITS, counts[:, 1:].sum(axis=2)
        leaders = (2 * votes + (np.arange(len(self.voices)) == 0)).argmax(axis=1)
        most = votes.max(axis=1)
        for row in np.flatnonzero((most > votes[:, 0]) & ((votes == most[:, None]).sum(axis=1) > 1)).tolist():
            in_turn = voices[rows == row] // VOTE - 1
            leaders[row] = next(vote for vote in in_turn.tolist() if vote >= 0 and votes[row, vote] == most[row])
        return [
            self._decided(text, total, leader, voted)
            for text, total, leader, voted in zip(texts, totals.tolist(), leaders.tolist(), votes.tolist(), strict=True)
        ]

    def _decided(self, text: str, totals: Sequence[int], leader: int, votes: Sequence[int]) -> str:
        """The language of a text with so many words, words in foreign letters, dictionary words, and votes."""
        words, foreign, known = totals
        if not words:
            return UNDETERMINED
        if foreign > words / 2:
            return OTHER
        if votes[leader] and (self.voices[leader] != "en" or votes[leader] >= known / 2):
            return self.voices[leader]
        if votes[0] or known >= INDONESIAN_SHARE * words:
            return "id"
        if words < 3:
            return "id" if known else UNDETERMINED
        return ANSWERS.get(identifier().classify(text[:1000])[0], OTHER)
