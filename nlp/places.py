"""Places named in a text, with their spans, and which area of the city each one is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from nlp.cards import INSTALLED
from nlp.gazetteer import Meaning
from nlp.lines import LineMemory, Lines
from nlp.memory import Chunks, Rows
from nlp.mentions import Finder, Mention
from nlp.scene import FIRST_WORD, LONGEST, Scene
from nlp.tagger import GAP, REACH, SPOKEN, Ruled, Span, Tagger, attributes, looks_by, rows_of
from tanggap.city import City
from tanggap.records import Place

#: Kinds of lead words that stand before a name and are no part of it.
AREAS = frozenset({"kelurahan", "kecamatan", "kota"})


class Gazetteer:
    """Finds places: rules and lists propose, the tagger decides where one begins and ends, lists say which it is."""

    def __init__(self, finder: Finder, tagger: Tagger) -> None:
        self.finder = finder
        self.tagger = tagger
        self._begin(Chunks())

    def _begin(self, chunks: Chunks) -> None:
        self._memory = LineMemory(self.finder, looks_by(self.finder.leads, self.finder.index), chunks)
        #: What an empty row says to the words around it, and what every spelling of the memory does.
        self._told = Rows(SPOKEN)
        self._told.extend(self.tagger.alone(np.zeros((1, GAP), dtype=np.uint64)))

    @classmethod
    def load(cls, city: City, models_dir: Path = INSTALLED) -> Self:
        """The gazetteer of a city's config/places with the tagger of a directory.

        Raises:
            SettingsError: one of its tables is missing or broken.
            ModelError: the tagger is missing, damaged or of another format.
        """
        return cls(Finder.load(city), Tagger.load(models_dir))

    def find(self, text: str) -> tuple[Place, ...]:
        """The places of a text in order, none overlapping; `text[place.start:place.end] == place.text`.

        A road never gets a kelurahan, a place outside the city no code.
        """
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[tuple[Place, ...]]:
        """The places of each text, found together."""
        chunks = Chunks() if self._memory.chunks.full else self._memory.chunks
        return self.find_in(texts, [chunks.numbers(text[:LONGEST]) for text in texts], chunks)

    def find_in(
        self, texts: Sequence[str], numbers: Sequence[Sequence[int]], chunks: Chunks
    ) -> list[tuple[Place, ...]]:
        """The places of each text, whose first `LONGEST` characters are these chunks."""
        if self._memory.chunks is not chunks:
            self._begin(chunks)
        read = [text[:LONGEST] for text in texts]
        lines = Lines.of(read, numbers, self._memory)
        scenes = [
            Scene(text, line, list(self.finder.mentions(line, starts)), self.finder.leads)
            for text, line, starts in zip(read, lines.each(), lines.starts(), strict=True)
        ]
        ruled = [scene.ruled() for scene in scenes]
        tagged = self._tagged(lines, ruled)
        own = self._own(lines, scenes, tagged)
        return [tuple(places_in(scene, spans, self.finder)) for scene, spans in zip(scenes, own, strict=True)]

    def _tagged(self, lines: Lines, ruled: Sequence[Sequence[Ruled]]) -> list[Span]:
        """The runs of words that are places, counted in rows of attributes."""
        looks, sizes = lines.memory.table(), np.diff(lines.edges)
        self._told.extend(self.tagger.alone(looks[len(self._told) - 1 :]))
        found = attributes(looks[lines.spelling], lines.gaps(), sizes, ruled)
        spelling = np.zeros(len(found), dtype=np.int32)
        spelling[rows_of(sizes)] = 1 + lines.spelling
        return self.tagger.runs(found, spelling, self._told.all())

    def _own(self, lines: Lines, scenes: Sequence[Scene], tagged: Sequence[Span]) -> list[list[Span]]:
        """The tagged runs of each text, counted in its words, but those that name nothing alone."""
        own: list[list[Span]] = [[] for _ in scenes]
        starts = lines.edges[:-1] + REACH * np.arange(1, len(scenes) + 1)
        texts = np.searchsorted(starts, [first for first, _ in tagged], side="right") - 1
        for text, start, (first, last) in zip(texts.tolist(), starts[texts].tolist(), tagged, strict=True):
            scene = scenes[text]
            if not scene.leads.bare(scene.words, first - start, last - start):
                own[text].append((first - start, last - start))
        return own


def places_in(scene: Scene, spans: Sequence[Span], finder: Finder) -> Iterator[Place]:
    """The tagged places, and names inside hashtags or known to the lists that the tagger passed over, in order."""
    if not spans and not scene.mentions:
        return
    by_words = {(mention.first, mention.last): mention for mention in scene.mentions}
    known = [mention for mention in scene.mentions if scene.known(mention)]
    spans = list(dict.fromkeys(_uncut(scene.untold(span), known) for span in spans))
    taken = {at for first, last in spans for at in range(first, last)}
    inner = [mention for mention in scene.mentions if scene.struck(mention)]
    parts = [mention for mention in (*inner, *known) if taken.isdisjoint(range(mention.first, mention.last))]
    whole = [by_words.get(span) or _mention(scene, finder, *span) for span in spans]
    for mention in sorted([*whole, *parts], key=lambda mention: mention.start):
        meaning = scene.meaning(mention)
        if meaning is None and (mention in parts or (len(spans) == 1 and scene.doubtful(mention))):
            continue
        yield _place(scene.text, mention, meaning or scene.elsewhere(mention))


def _mention(scene: Scene, finder: Finder, first: int, last: int) -> Mention:
    """A tagged run of words as a mention: by its lead word, its own name, or an area named within it."""
    words, leads = scene.words, finder.leads
    before = leads.at(words, first - 1) if first else None
    own = leads.at(words, first)
    after, kind = own if own and own[0] < last else (first, "")
    if not kind and before and before[0] == first and before[1] in AREAS:
        kind = before[1]
    meanings = finder.named(words, first, last) or finder.named(words, after, last)
    if not meanings:
        within = next((m for m in scene.mentions if first <= m.first and m.last <= last and m.meanings), None)
        if within and kind != "road":
            kind, meanings = "landmark", within.meanings
    return Mention(first, last, words[first].start, words[last - 1].end, kind, meanings)


def _uncut(span: Span, known: Sequence[Mention]) -> Span:
    """The span of the known name that a tagged run of words is a piece of, else the run itself."""
    first, last = span
    before = bisect_right(known, first, key=FIRST_WORD) - 1
    return (known[before].first, known[before].last) if before >= 0 and last <= known[before].last else span


def _place(text: str, mention: Mention, meaning: Meaning) -> Place:
    return Place(
        text=text[mention.start : mention.end],
        start=mention.start,
        end=mention.end,
        level=meaning.level,
        code=meaning.code,
        name=meaning.name,
        lat=meaning.lat,
        lon=meaning.lon,
    )
