"""Text as people type it into tokens with plain words, each with its span in the original."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Self

from nlp.hashtags import Splitter
from nlp.lexicon import read_acronyms, read_slang, read_table
from nlp.spelling import Speller
from nlp.stem import Stemmer, base_words
from nlp.vowels import Worn

Kind = Literal["word", "tag", "mention", "number", "emoji", "mask", "sign"]

#: Distinct surfaces whose normal form is remembered.
REMEMBERED = 50_000

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
MARKS = "\u0300-\u036f"
SIGNS = "\u203c\u2049\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
MODIFIERS = "\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff"

TOKEN = re.compile(
    rf"""
    (?P<url>(?=[hwptbyHWPTBY])(?i:https?://|www\.|(?:pic\.twitter\.com|t\.co|bit\.ly|youtu\.be)/)\S*)
  | (?P<face>(?=[TQ])(?<!\w)(?:T[_.]T|Q_Q)(?!\w))
  | (?P<word>[^\W\d_][^\W_]*(?:(?:[{INVISIBLE}{MARKS}]+|['’‘`´@-](?=[^\W_]))[^\W_]*)*)
  | (?P<number>\d{{1,30}}(?:[.,:/]\d{{1,30}}){{0,5}}(?![^\W_]))
  | (?P<coded>\d(?:[^\W_]|-(?=[^\W_]))*)
  | (?P<mention>(?<![\w.])@\w+)
  | (?P<tag>\#(?=\w*[^\W\d])\w+)
  | (?P<mask>\[[A-Za-z]{{2,12}}\])
  | (?P<emoticon>(?<!\w)(?:[:;=]['’]?-?[()\[\]/|3*]+|[:;=]-?[DPpOo]\b|<3|\^_*\^|>_+<|-_+-))
  | (?P<shape>\n[^\S ]*|\?+|!+)
  | (?P<emoji>(?P<sign>[{SIGNS}])[{MODIFIERS}]*(?:(?P=sign)[{MODIFIERS}]*)*)
    """,
    re.VERBOSE,
)
KINDS: Mapping[str, Kind] = {"coded": "word", "emoticon": "emoji", "face": "emoji", "url": "sign", "shape": "sign"}
#: What the signs of form are read as; they tell a headline, a question and a shared link apart from a complaint.
SHAPES = {"\n": "emo_judul", "?": "emo_soal", "!": "emo_seru"}
LINK = "emo_link"


class Token(NamedTuple):
    """A piece of text: `surface == text[start:end]`; `norm` holds its plain words, "" where it says nothing."""

    surface: str
    start: int
    end: int
    norm: str
    kind: Kind = "word"

    @property
    def spelling(self) -> str:
        """Its letters as written; none for a sign of form, which is no word."""
        return "" if self.kind == "sign" else self.surface


@dataclass(frozen=True, slots=True)
class Normalizer:
    """Splits text and looks each piece up; all tables are read once."""

    #: Root words, normal forms and names: what counts as a known word.
    vocabulary: frozenset[str]
    _word: Callable[[str], str]
    _tag: Callable[[str], str]
    _signs: Mapping[str, str]

    @classmethod
    def load(cls, language_dir: Path, names: Iterable[str] = (), stemmer: Stemmer | None = None) -> Self:
        """The normaliser of a language directory; `names` are words beyond the dictionary, such as place names.

        Raises:
            SettingsError: a table is missing or broken.
        """
        slang = read_slang(language_dir)
        written = {word for normal in slang.values() for word in normal.split()}
        vocabulary = base_words() | written | frozenset(names) | read_acronyms(language_dir).keys()
        speller = Speller(slang, vocabulary, stemmer or Stemmer.load(language_dir), Worn.load(language_dir))
        splitter = Splitter(frozenset(word for word in vocabulary | slang.keys() if len(word) > 2))
        word = lru_cache(maxsize=REMEMBERED)(speller.normal)
        return cls(
            vocabulary=vocabulary,
            _word=word,
            _tag=lru_cache(maxsize=REMEMBERED)(lambda tag: " ".join(filter(None, map(word, splitter.split(tag))))),
            _signs={row["sign"]: row["meaning"] for row in read_table(language_dir / "signs.csv")},
        )

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text in order; of the punctuation only questions, calls and new lines count."""
        if text.isalpha() and text.isascii():
            return [Token(text, 0, len(text), self._word(text))]
        found = []
        for match in TOKEN.finditer(text):
            group = match.lastgroup or "word"
            kind: Kind = KINDS.get(group, group)  # type: ignore[arg-type]
            surface = match.group()
            found.append(Token(surface, match.start(), match.end(), self._norm(kind, surface), kind))
        return found

    def _norm(self, kind: Kind, surface: str) -> str:
        """The plain words of one token."""
        if kind == "word":
            return self._word(surface)
        if kind == "tag":
            return self._tag(surface[1:])
        if kind == "emoji":
            return self._signs.get(surface.lower()) or self._signs.get(surface[0], "")
        if kind == "sign":
            name = SHAPES.get(surface[0], LINK)
            return f"{name} {name}2" if name != LINK and len(surface) > 1 else name
        return surface.lower() if kind == "number" else ""
