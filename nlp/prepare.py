"""One text made ready for every task: tokens, plain words, stems, negation scope, language and search terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from nlp.language import Detector
from nlp.lexicon import read_table, read_words
from nlp.normalize import Normalizer, Token
from nlp.stem import Stemmer
from tanggap.city import City

#: Characters of a text that are read; posts are clipped to the same length at the door.
LONGEST = 10_000
#: Content words that a negation reaches.
REACH = 2
NEGATED = "NOT_"
#: Signs between two words that end the reach of a negation.
BREAKS = frozenset('.,;:!?\n()"')


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text as the models read it; `words`, `stems` and `marked` run in parallel."""

    text: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]
    #: Stems, with NOT_ in front inside the reach of a negation.
    marked: tuple[str, ...]
    language: str
    #: Words and the stems that differ, without stop words: what search and grouping read.
    terms: str
    #: For each word, the index of the token it came from.
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preparer:
    """Everything of config/language, read once."""

    normalizer: Normalizer
    stemmer: Stemmer
    detector: Detector
    #: Negation -> words after which it denies nothing ("tidak hanya").
    negations: Mapping[str, frozenset[str]]
    stopwords: frozenset[str]

    @classmethod
    def load(cls, city: City) -> Self:
        """The preparer of a city: its language tables and the words of its place names.

        Raises:
            SettingsError: a table of config/language is missing or broken.
        """
        names = {part for area in city.areas.values() for part in area.name.lower().split() if len(part) > 2}
        stemmer = Stemmer.load(city.language_dir)
        normalizer = Normalizer.load(city.language_dir, names, stemmer)
        return cls(
            normalizer=normalizer,
            stemmer=stemmer,
            detector=Detector.load(city.language_dir, normalizer.vocabulary),
            negations={
                row["word"]: frozenset(row["unless"].split("|"))
                for row in read_table(city.language_dir / "negation.csv")
            },
            stopwords=read_words(city.language_dir / "stopwords.csv"),
        )

    def prepare(self, text: str) -> Prepared:
        """The text made ready; an empty one gives empty parts and the language `und`."""
        read = text[:LONGEST]
        tokens = self.normalizer.tokens(read)
        pairs = [(word, index) for index, token in enumerate(tokens) if token.norm for word in token.norm.split()]
        words = tuple(word for word, _ in pairs)
        stems = tuple(map(self.stemmer.stem, words))
        sources = tuple(index for _, index in pairs)
        return Prepared(
            text=text,
            tokens=tuple(tokens),
            words=words,
            stems=stems,
            marked=tuple(self._marked(read, tokens, words, stems, sources)),
            language=self.detector.detect(read, tokens),
            terms=" ".join(self._terms(words, stems)),
            sources=sources,
        )

    def _marked(
        self, text: str, tokens: Sequence[Token], words: Sequence[str], stems: Sequence[str], sources: Sequence[int]
    ) -> Iterator[str]:
        """The stems, those in the reach of a negation with NOT_ in front; a negation itself is never marked."""
        reach = 0
        for position, (word, stem) in enumerate(zip(words, stems, strict=True)):
            if reach and position and _breaks(text, tokens, sources[position - 1], sources[position]):
                reach = 0
            unless = self.negations.get(word)
            if unless is not None:
                following = words[position + 1] if position + 1 < len(words) else ""
                reach = 0 if following in unless else REACH
                yield stem
            elif reach and word not in self.stopwords and not word.startswith("emo_"):
                reach -= 1
                yield NEGATED + stem
            else:
                yield stem

    def _terms(self, words: Sequence[str], stems: Sequence[str]) -> Iterator[str]:
        """Words worth searching for, each followed by its stem where that differs."""
        for word, stem in zip(words, stems, strict=True):
            if word not in self.stopwords and not word.startswith("emo_"):
                yield word
                if stem != word:
                    yield stem


def _breaks(text: str, tokens: Sequence[Token], before: int, after: int) -> bool:
    """Whether a sign that ends a clause stands between two tokens."""
    return before != after and not BREAKS.isdisjoint(text[tokens[before].end : tokens[after].start])
