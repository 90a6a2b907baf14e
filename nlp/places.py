"""Places named in a text, with their spans, and which area of the city each one is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from nlp.gazetteer import SHORT, Meaning
from nlp.leads import Leads, Word
from nlp.mentions import Finder, Mention
from nlp.stem import base_words
from tanggap.city import City
from tanggap.records import Place

#: Characters of a text that are read.
LONGEST = 10_000
#: Words between two places that still stand beside each other.
BESIDE = 12
#: Levels that have namesakes in other towns.
SMALL = frozenset({"kecamatan", "kelurahan", "landmark"})
#: Signs between two places that make a way of them rather than an address.
WAY = re.compile(r"[-–>/]")
#: Words between an area and the town it lies in.
WITHIN = frozenset("kec kecamatan kab kabupaten kota kodya kotamadya prov provinsi wilayah".split())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Finds places: the longest known name first, then names after a lead word; context decides the doubtful ones."""

    finder: Finder

    @classmethod
    def load(cls, city: City) -> Self:
        """The gazetteer of a city's config/places.

        Raises:
            SettingsError: one of its tables is missing or broken.
        """
        return cls(Finder.load(city))

    def find(self, text: str) -> tuple[Place, ...]:
        """The places of a text in order, none overlapping; `text[place.start:place.end] == place.text`.

        A road never gets a kelurahan, a place outside the city no code.
        """
        words = self.finder.words(text[:LONGEST])
        scene = Scene(text, words, list(self.finder.mentions(words)), self.finder.leads)
        told = ((mention, scene.meaning(mention)) for mention in scene.mentions)
        return tuple(_place(text, mention, meaning) for mention, meaning in told if meaning)


@dataclass(frozen=True, slots=True)
class Scene:
    """A text with all its candidate mentions, which decide one another."""

    text: str
    words: Sequence[Word]
    mentions: Sequence[Mention]
    leads: Leads

    def meaning(self, mention: Mention) -> Meaning | None:
        """What a mention means in this text; None where it is no place."""
        if self.of_body(mention):
            return None
        if mention.kind == "road":
            return self.road(mention)
        if not mention.meanings:
            return Meaning(
                self.said(mention), "landmark" if mention.kind == "landmark" else "outside", None, None, None
            )
        wanted = [meaning for meaning in mention.meanings if meaning.level == mention.kind]
        chosen = (wanted or list(mention.meanings))[0]
        if chosen.level in SMALL and (self.lies_outside(mention) or (chosen.context != "none" and self.far(mention))):
            listed = mention.kind or mention.last - mention.first > 1 or self.lies_outside(mention)
            return Meaning(self.said(mention), "outside", None, None, None) if listed else None
        if mention.kind == "landmark" and chosen.level in ("kecamatan", "kelurahan"):
            return Meaning(self.said(mention), "landmark", (chosen.code or "")[:8], chosen.lat, chosen.lon)
        if wanted or mention.kind or chosen.context != "strong":
            return chosen
        return chosen if self.supported(mention, chosen) else None

    def supported(self, mention: Mention, chosen: Meaning) -> bool:
        """Whether a name that needs context has it: another place beside it, or "di" and a capital letter."""
        first = self.words[mention.first]
        abbreviation = len(self.said(mention)) <= SHORT
        if abbreviation and not first.raw.isupper():
            return False
        beside = any(
            other is not mention
            and abs(other.first - mention.first) <= BESIDE
            and _certain(other)
            and other.meanings[0].inside == chosen.inside
            for other in self.mentions
        )
        ordinary = mention.last - mention.first == 1 and not first.capital and first.low in base_words()
        if beside and not ordinary:
            return True
        before = self.words[mention.first - 1].low if mention.first else ""
        return before in ("di", "ke", "dari") and first.capital and not abbreviation

    def of_body(self, mention: Mention) -> bool:
        """Whether the mention is part of an institution's name: Polda Jawa Tengah, Gubernur DKI Jakarta."""
        at = mention.first
        while at and self.words[at].joined and self.leads.kinds.get(self.words[at - 1].low) == "kota":
            at -= 1
        return at > 0 and self.words[at].joined and self.words[at - 1].low in self.leads.bodies

    def lies_outside(self, mention: Mention) -> bool:
        """Whether the next place named says that this one lies in another town: `Tamansari, Bogor`."""
        following = next((other for other in self.mentions if other.first >= mention.last), None)
        if following is None or not following.meanings or not following.meanings[0].town:
            return False
        between = self.words[mention.last : following.first]
        way = bool(WAY.search(self.text[mention.end : following.start]))
        return not following.meanings[0].inside and not way and all(word.low in WITHIN for word in between)

    def far(self, mention: Mention) -> bool:
        """Whether the text is set in a town beyond the commuter belt and names no other place of the city."""
        others = [other for other in self.mentions if other is not mention and _certain(other)]
        return not any(other.meanings[0].inside for other in others) and any(
            other.meanings[0].town and not other.meanings[0].neighbour for other in others
        )

    def road(self, mention: Mention) -> Meaning:
        """A road: at its kecamatan where a list knows it and it lies in one, else nowhere."""
        listed = next((meaning for meaning in mention.meanings if meaning.level == "road"), None)
        return listed or Meaning(self.said(mention), "road", None, None, None)

    def said(self, mention: Mention) -> str:
        """The words of a mention as written, one blank between them."""
        return " ".join(word.raw for word in self.words[mention.first : mention.last])


def _certain(mention: Mention) -> bool:
    """Whether a mention is a place beyond doubt, so that it supports its neighbours."""
    led = mention.kind in ("kelurahan", "kecamatan", "kota")
    return bool(mention.meanings) and (led or mention.meanings[0].context == "none")


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
