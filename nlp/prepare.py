"""Texts made ready for every task: tokens, plain words, stems, negation scope, language and search terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

from nlp.language import Detector
from nlp.lexicon import read_table, read_words
from nlp.memory import DENIABLE, NEGATES, Chunk, Memory
from nlp.normalize import Normalizer, Token
from nlp.sheet import Sheet
from nlp.stem import Stemmer
from tanggap.city import City

#: Distinct plain words of which it is remembered what they say.
REMEMBERED = 50_000
#: Characters of a text that are read; posts are clipped to the same length at the door.
LONGEST = 10_000
NEGATED = "NOT_"
#: Signs between two words that end the reach of a negation.
BREAKS = re.compile(r'[.,;:!?\n()"]')
#: What says only that somebody else wrote what follows; RT alone is a neighbourhood.
FRAME = re.compile(r"(?<!\w)(?:RT|QRT|QT|MT)\s+@\w{1,30}:?")
LATIN = re.compile(r"[a-z0-9]+")


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


class Meant(NamedTuple):
    """What one plain word says: its stem, what it does for its neighbours, what search and grouping read."""

    stem: str
    role: int
    terms: str


class Preparer:
    """Everything of config/language, read once, and the memory of what texts said so far."""

    def __init__(
        self,
        normalizer: Normalizer,
        stemmer: Stemmer,
        detector: Detector,
        negations: Mapping[str, frozenset[str]],
        stopwords: frozenset[str],
    ) -> None:
        self.normalizer = normalizer
        self.stemmer = stemmer
        self.detector = detector
        #: Negation -> words after which it denies nothing ("tidak hanya").
        self.negations = negations
        self.stopwords = stopwords
        self._meant = lru_cache(maxsize=REMEMBERED)(self._read)
        self._memory = Memory(self.learn)

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

    def chunks(self, text: str) -> list[int]:
        """The chunks of a text, by their numbers in the memory."""
        return self._memory.numbers(unframed(text[:LONGEST]))

    def written(self, text: str, chunks: list[int]) -> list[int]:
        """The chunks of a text as it stands, from those of the text as it is read."""
        read = text[:LONGEST]
        return chunks if unframed(read) == read else self._memory.numbers(read)

    def sheet(self, chunks: Sequence[Sequence[int]]) -> Sheet:
        """Texts as columns of numbers."""
        return Sheet.of(chunks, self._memory, self.negations)

    def renew(self) -> None:
        """Begins with an empty memory where it is full; sheets made before keep the old one."""
        if self._memory.full:
            self._memory = Memory(self.learn)

    def prepare(self, text: str) -> Prepared:
        """The text made ready; an empty one gives empty parts and the language `und`."""
        self.renew()
        read = unframed(text[:LONGEST])
        sheet = self.sheet([self.chunks(text)])
        memory = sheet.memory
        tokens = self.normalizer.tokens(read)
        words = tuple(memory.words[number] for number in sheet.word)
        stems = tuple(map(self.stemmer.stem, words))
        return Prepared(
            text=text,
            tokens=tuple(tokens),
            words=words,
            stems=stems,
            marked=tuple(NEGATED + stem if denied else stem for stem, denied in zip(stems, sheet.denied, strict=True)),
            language=self.detector.languages([read], sheet)[0],
            terms=" ".join(filter(None, (memory.terms[number] for number in sheet.chunks[0]))),
            sources=tuple(sheet.word_token.tolist()),
        )

    def learn(self, text: str) -> Chunk:
        """What a chunk says, whatever stands beside it."""
        tokens = self.normalizer.tokens(text)
        words: list[str] = []
        sources: list[int] = []
        for number, token in enumerate(tokens):
            for word in token.norm.split():
                words.append(word)
                sources.append(number)
        said = list(map(self._meant, words))
        ends = [0] * (len(words) + 1)
        if not text.isalnum() and BREAKS.search(text):
            ends = _ends(text, [tokens[number] for number in sources])
        return Chunk(
            surfaces=[token.spelling for token in tokens],
            voices=list(map(self.detector.voice, tokens)),
            words=words,
            stems=[each.stem for each in said],
            roles=[each.role for each in said],
            sources=sources,
            ends_before=ends[:-1],
            ends=ends[-1],
            terms=" ".join([each.terms for each in said if each.terms]),
            latin=text.lower() if text.isascii() and text.isalnum() else " ".join(LATIN.findall(text.lower())),
        )

    def _read(self, word: str) -> Meant:
        stem, says = self.stemmer.stem(word), word not in self.stopwords and not word.startswith("emo_")
        terms = "" if not says else word if stem == word else f"{word} {stem}"
        return Meant(stem, NEGATES if word in self.negations else DENIABLE * says, terms)


def unframed(text: str) -> str:
    """A text with blanks in place of the marks of retweets and quotes, so that every span stays where it was."""
    return FRAME.sub(lambda found: " " * len(found[0]), text) if "T @" in text else text


def _ends(text: str, told: Sequence[Token]) -> list[int]:
    """How many signs that end a clause stand before each token, and in all; those inside the tokens do not count."""
    counts, ends, done = [], 0, 0
    for token in told:
        ends += len(BREAKS.findall(text, done, max(done, token.start)))
        done = token.start if token.kind == "sign" else token.end
        counts.append(ends)
    return [*counts, ends + len(BREAKS.findall(text, done))]
