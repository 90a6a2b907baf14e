"""Places named in a text, with their spans, and which area of the city each one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nlp.cards import INSTALLED
from nlp.gazetteer import Meaning
from nlp.mentions import Finder, Mention
from nlp.scene import Scene
from nlp.tagger import REACH, Reading, Span, Tagger, attributes_of, looks_by
from tanggap.city import City
from tanggap.records import Place

#: Kinds of lead words that stand before a name and are no part of it.
AREAS = frozenset({"kelurahan", "kecamatan", "kota"})


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Finds places: rules and lists propose, the tagger decides where one begins and ends, lists say which it is."""

    finder: Finder
    tagger: Tagger
    _looks: Callable[[str], tuple[int, ...]]

    @classmethod
    def load(cls, city: City, models_dir: Path = INSTALLED) -> Self:
        """The gazetteer of a city's config/places with the tagger of a directory.

        Raises:
            SettingsError: one of its tables is missing or broken.
            ModelError: the tagger is missing, damaged or of another format.
        """
        finder = Finder.load(city)
        return cls(finder, Tagger.load(models_dir), looks_by(finder.leads))

    def find(self, text: str) -> tuple[Place, ...]:
        """The places of a text in order, none overlapping; `text[place.start:place.end] == place.text`.

        A road never gets a kelurahan, a place outside the city no code.
        """
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[tuple[Place, ...]]:
        """The places of each text, found together."""
        scenes = [Scene.of(text, self.finder) for text in texts]
        read = [Reading(scene.words, scene.ruled()) for scene in scenes]
        spans = iter(self.tagger.runs(attributes_of(read, self._looks)))
        found, at, span = [], REACH, next(spans, None)
        for scene in scenes:
            end, own = at + len(scene.words), []
            while span and span[0] < end:
                if not scene.leads.bare(scene.words, span[0] - at, span[1] - at):
                    own.append((span[0] - at, span[1] - at))
                span = next(spans, None)
            found.append(tuple(self._places(scene, own)))
            at = end + REACH
        return found

    def _places(self, scene: Scene, spans: Sequence[Span]) -> Iterator[Place]:
        """The tagged places, and names inside hashtags, in order."""
        by_words = {(mention.first, mention.last): mention for mention in scene.mentions}
        taken = {at for first, last in spans for at in range(first, last)}
        parts = [mention for mention in scene.mentions if mention.in_word(scene.words) and mention.first not in taken]
        whole = [by_words.get(span) or self._mention(scene, *span) for span in spans]
        for mention in sorted([*whole, *parts], key=lambda mention: mention.start):
            meaning = scene.meaning(mention)
            if meaning is None and (mention in parts or scene.ordinary(mention)):
                continue
            yield _place(scene.text, mention, meaning or scene.elsewhere(mention))

    def _mention(self, scene: Scene, first: int, last: int) -> Mention:
        """A tagged run of words as a mention: by its lead word, its own name, or an area named within it."""
        words, leads = scene.words, self.finder.leads
        before = leads.at(words, first - 1) if first else None
        own = leads.at(words, first)
        after, kind = own if own and own[0] < last else (first, "")
        if not kind and before and before[0] == first and before[1] in AREAS:
            kind = before[1]
        meanings = self.finder.named(words, first, last) or self.finder.named(words, after, last)
        if not meanings:
            within = next((m for m in scene.mentions if first <= m.first and m.last <= last and m.meanings), None)
            if within and kind != "road":
                kind, meanings = "landmark", within.meanings
        return Mention(first, last, words[first].start, words[last - 1].end, kind, meanings)


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
