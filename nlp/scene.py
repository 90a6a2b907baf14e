"""What the places named in one text mean together: a lead word, a neighbour or a town decides the doubtful ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Self

from nlp.gazetteer import SHORT, Meaning
from nlp.leads import Leads, Word
from nlp.mentions import Finder, Mention
from nlp.stem import base_words
from nlp.tagger import Ruled, Span

#: Characters of a text that are read.
LONGEST = 10_000
#: Words between two places that still stand beside each other.
BESIDE = 12
#: Levels that have namesakes in other towns.
SMALL = frozenset({"kecamatan", "kelurahan", "landmark"})
#: Signs between two places that make a way of them rather than an address.
WAY = re.compile(r"[-–>/]")
#: Mentions stand in the order of their first words.
FIRST_WORD = attrgetter("first")
#: Words that a place follows.
TOWARD = frozenset(("di", "ke", "dari"))
#: Words between an area and the town it lies in.
WITHIN = frozenset("kec kecamatan kab kabupaten kota kodya kotamadya prov provinsi wilayah".split())


@dataclass(frozen=True, slots=True)
class Scene:
    """A text with all its candidate mentions, which decide one another."""

    text: str
    words: Sequence[Word]
    mentions: Sequence[Mention]
    leads: Leads
    #: What the mentions mean, by their words.
    _meanings: dict[Span, Meaning | None] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, finder: Finder) -> Self:
        """The scene of a text."""
        read = text[:LONGEST]
        words = finder.words(read)
        return cls(read, words, list(finder.mentions(words)), finder.leads)

    def ruled(self) -> list[Ruled]:
        """Every mention with what the rules take it for, as the tagger reads it."""
        return [Ruled(mention.first, mention.last, _label(mention, self.meaning(mention))) for mention in self.mentions]

    def meaning(self, mention: Mention) -> Meaning | None:
        """What a mention means in this text; None where it is no place."""
        span = (mention.first, mention.last)
        if span not in self._meanings:
            self._meanings[span] = self._meaning(mention)
        return self._meanings[span]

    def _meaning(self, mention: Mention) -> Meaning | None:
        if self.of_body(mention):
            return None
        if mention.kind == "road":
            return self.road(mention)
        if not mention.meanings:
            return self.elsewhere(mention)
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
        if beside and not self.ordinary(mention):
            return True
        before = self.words[mention.first - 1].low if mention.first else ""
        return before in TOWARD and first.capital and not abbreviation

    def known(self, mention: Mention) -> bool:
        """Whether a list has it as a name of the city or a town beside it, long or rare enough to stand alone."""
        if mention.kind or not mention.meanings or mention.in_word(self.words):
            return False
        meaning = mention.meanings[0]
        many = mention.last - mention.first > 1
        alone = meaning.context == "none" or (meaning.context == "weak" and (many or self.supported(mention, meaning)))
        body = self.words[mention.first].low in self.leads.bodies
        near = meaning.inside or (meaning.town and meaning.neighbour)
        return alone and near and meaning.level != "provinsi" and not body

    def ordinary(self, mention: Mention) -> bool:
        """Whether it is written like any word of the dictionary."""
        first = self.words[mention.first]
        return mention.last - mention.first == 1 and not first.capital and first.low in base_words()

    def doubtful(self, mention: Mention) -> bool:
        """Whether it is an ordinary word that only a list takes for a name, with no "di" before it: `senen besok`."""
        before = self.words[mention.first - 1].low if mention.first else ""
        return bool(mention.meanings) and self.ordinary(mention) and before not in TOWARD

    def untold(self, span: Span) -> Span:
        """A run of words without what befalls the place at its end: kampung dukuh gelap."""
        first, last = span
        while last - first > 1 and self.words[last - 1].low in self.leads.events:
            last -= 1
        return first, last

    def struck(self, mention: Mention) -> bool:
        """Whether a hashtag tells what happens in it: #banjirjakarta, not #AduanJogja."""
        if not mention.in_word(self.words):
            return False
        word = self.words[mention.first]
        rest = word.low[: mention.start - word.start] + word.low[mention.end - word.start :]
        return rest in self.leads.events

    def of_body(self, mention: Mention) -> bool:
        """Whether the mention is part of an institution's name: Polda Jawa Tengah, Gubernur DKI Jakarta."""
        at = mention.first
        while at and self.words[at].joined and self.leads.kinds.get(self.words[at - 1].low) == "kota":
            at -= 1
        return at > 0 and self.words[at].joined and self.words[at - 1].low in self.leads.bodies

    def lies_outside(self, mention: Mention) -> bool:
        """Whether the next place named says that this one lies in another town: `Tamansari, Bogor`."""
        after = bisect_left(self.mentions, mention.last, key=FIRST_WORD)
        if after == len(self.mentions) or not (following := self.mentions[after]).meanings:
            return False
        if not following.meanings[0].town:
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

    def elsewhere(self, mention: Mention) -> Meaning:
        """A place that no list knows or that means none of its areas here."""
        level = mention.kind if mention.kind in ("road", "landmark") else "outside"
        return Meaning(self.said(mention), level, None, None, None)

    def said(self, mention: Mention) -> str:
        """The words of a mention as written, one blank between them."""
        return " ".join(word.raw for word in self.words[mention.first : mention.last])


def _certain(mention: Mention) -> bool:
    """Whether a mention is a place beyond doubt, so that it supports its neighbours."""
    led = mention.kind in ("kelurahan", "kecamatan", "kota")
    return bool(mention.meanings) and (led or mention.meanings[0].context == "none")


def _label(mention: Mention, meaning: Meaning | None) -> str:
    """A mention in a word: kind of its lead, its level or `no`, how doubtful its name is."""
    first = mention.meanings[0] if mention.meanings else None
    doubt = f"{'/t' if first.town else ''}/{first.context}" if first else "/?"
    return f"{mention.kind or '0'}/{meaning.level if meaning else 'no'}{doubt}"
