"""Names an issue in the public's own words: the part of a sentence that most of its voices share, and where."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from tanggap.city import City
from tanggap.issues.clauses import clauses, forms_in, parts, short, shouted
from tanggap.issues.titlewords import (
    EDGES,
    HEARSAY,
    LINKS,
    NEGATIONS,
    NUMBERS,
    PALE,
    SPEAKERS,
    TIMES,
    spellings,
)
from tanggap.issues.vectors import Frequencies
from tanggap.records import PostKind, Reading
from tanggap.signals.rumours import Ear
from tanggap.text import clip, fold

LONGEST = 90
#: Posts that a name is looked for in.
LOOKED_AT = 150
#: Terms of an article that speak for its voice; the rest of a long text drowns what it is about.
HEAD = 25
ROAD = re.compile(r"^(?:jl|jln)\b\.?", re.IGNORECASE)

#: What a word must bring to be worth its place: its share of the voices times its rarity in nats.
PLACE = 0.45
#: What words cost that say nothing by themselves, and spellings that nobody else uses.
LINKING, PALENESS, CHATTY, STRANGE, SPEAKING, ALONE = 0.1, 0.25, 0.3, 0.6, 1.0, 0.6
#: Voices that agree by chance: they keep the words of one voice from looking like those of all.
DOUBT = 2.0
#: Reports and the press write plainly; shouts, questions and hearsay name nothing well; the service named does.
PLAIN: Mapping[PostKind, float] = {PostKind.REPORT: 1.3, PostKind.NEWS: 1.2, PostKind.POST: 1.0}
LOUD, ASKED, NAMED, FIRST, WHOLE, KEPT = 0.6, 0.4, 1.4, 1.2, 1.1, 1.25
#: What a word of the service's own name brings at least.
TOPICAL = 2.0
#: Share of those who say a name that must tell it as hearsay, and how many, before it is called a rumour.
DOUBTED, DOUBTERS = 0.25, 3
#: Voices below which the issue's place may be told by any place its words name.
FEW = 3


def title(readings: Sequence[Reading], *, topic: str, place: str, city: City, before: str = "") -> str:
    """What and where, in at most 90 characters: words that the voices share, else the service; the place named once.

    Args:
        readings: the originals, oldest first.
        before: the title until now, which stays while it is nearly as good as the best.
    """
    spot = spot_of(place)
    label = city.topics[topic].label if topic in city.topics else "Keluhan"
    names = Names.of(readings, place, label, city)
    best = names.best(before, spot)
    return clip(placed(best or label, spot), LONGEST)


def placed(name: str, spot: str) -> str:
    """The name with its place, unless it tells it already."""
    told = set(fold(spot).split()) - PALE
    return name if not spot or told & set(fold(name).split()) else f"{name} di {spot}"


def spot_of(place: str) -> str:
    """`Pasar Ikan Muara Baru / Modern, Penjaringan` -> `Pasar Ikan Muara Baru`."""
    first = ROAD.sub("Jalan", place.split(",")[0].split(" / ")[0].strip())
    return " ".join(word[:1].upper() + word[1:] for word in first.split())


@dataclass(slots=True)
class Names:
    """The names that an issue's posts offer, and what speaks for each word."""

    readings: Sequence[Reading]
    common: Frequencies
    ear: Ear
    #: Spelling of the street -> that of the dictionary.
    spelled: Mapping[str, str]
    topic: frozenset[str]
    #: Words of any place the posts name, and of the issue's own.
    places: frozenset[str]
    spot: frozenset[str]
    #: The words of each independent voice, and in how many each stands.
    voices: list[set[str]]
    shares: Counter[str]
    #: How words are written where nobody shouts.
    forms: Counter[str]
    worths: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Sequence[Reading], place: str, label: str, city: City) -> Names:
        """What the posts of an issue offer."""
        step = max(1, len(readings) // LOOKED_AT)
        looked = list(islice(readings, 0, None, step))
        named = " ".join([place, *(found.text for reading in looked for found in reading.score.places)])
        voices: dict[str, set[str]] = {}
        for number, reading in enumerate(looked):
            terms = reading.score.terms.split()
            said = terms[:HEAD] if reading.post.kind is PostKind.NEWS else terms
            voices.setdefault(reading.post.author or f"unsigned {number}", set()).update(said)
        return cls(
            readings=looked,
            common=Frequencies.load(city.language_dir),
            ear=ear_of(city.language_dir),
            spelled=spellings(city.language_dir),
            topic=frozenset(fold(label).split()),
            places=frozenset(fold(named).split()) - (PALE - TIMES) - LINKS,
            spot=frozenset(fold(spot_of(place)).split()) - PALE,
            voices=list(voices.values()),
            shares=Counter(term for said in voices.values() for term in said),
            forms=forms_in(looked),
        )

    def best(self, before: str, spot: str) -> str:
        """The name that most voices share the most of; "" where no two voices share any."""
        found: dict[str, float] = {}
        for weight, words in self.offered():
            if (score := weight * self.score(words)) > 0:
                name = self.written(words)
                kept = KEPT if placed(name, spot) == before else 1.0
                found[name] = max(found.get(name, 0.0), score * kept)
        if not found:
            return ""
        name = max(found, key=lambda name: (found[name], name))
        return f"Kabar {name[:1].lower() + name[1:]}" if self.doubted(name) else name

    def doubted(self, name: str) -> bool:
        """Whether those who say it pass it on as hearsay, so that no title states it as a fact."""
        core = {self.key(word) for word in fold(name).split() if self.worth(word) > 0}
        saying = [reading.post.full_text for reading in self.readings if core & set(reading.score.terms.split())]
        heard = sum(bool(self.ear.hears(text)) for text in saying)
        return heard >= max(DOUBTERS, DOUBTED * len(saying))

    def offered(self) -> Iterator[tuple[float, list[str]]]:
        """Parts of clauses that begin and end where a sentence may, with how plainly their texts are written."""
        for reading in self.readings:
            post = reading.post
            plain = PLAIN[post.kind] * (LOUD if shouted(post.text) else 1.0)
            for text in [post.title or ""] if post.kind is PostKind.NEWS else [post.text, post.title or ""]:
                for number, (clause, asked) in enumerate(clauses(text)):
                    told = [self.spelled.get(fold(word), word) for word in clause]
                    doubt = asked or HEARSAY & set(map(fold, told))
                    weight = plain * (ASKED if doubt else 1.0) * (1.0 if number else FIRST)
                    for part in parts(told, self.places):
                        yield weight * (WHOLE if part[-1] is told[-1] else 1.0), part

    def score(self, words: Sequence[str]) -> float:
        """What the words of a name bring together; 0 where fewer than two voices say them all."""
        low = [fold(word) for word in words]
        core = {self.key(word) for word in low if self.worth(word) > 0}
        few = len(self.voices) < FEW
        elsewhere = self.places & set(low) and not self.spot & set(low)
        if not core or (elsewhere and not few) or sum(core <= said for said in self.voices) < min(2, len(self.voices)):
            return 0.0
        worths = [self.worth(word) for word in set(low)]
        brought = sum(worths) - STRANGE * (len(low) - len(worths))
        if sum(worth > 0 for worth in worths) == 1:
            brought -= ALONE
        return brought * (NAMED if self.topic & set(low) else 1.0)

    def worth(self, word: str) -> float:
        """What one word brings, less its place; below 0 for a word that only takes it."""
        if word not in self.worths:
            self.worths[word] = self._worth(word)
        return self.worths[word]

    def _worth(self, word: str) -> float:
        if word in self.places:
            return 0.0
        if word in PALE or word in NUMBERS:
            return -PALENESS
        if word in self.topic and word in self.shares and word not in PALE:
            return TOPICAL
        if word in SPEAKERS:
            return -SPEAKING
        if word in EDGES:
            return -CHATTY
        if word in LINKS or word in NEGATIONS or len(word) < 2 or any(map(str.isdigit, word)):
            return -LINKING
        key = self.key(word)
        if not self.shares[key]:
            return -STRANGE
        rarity = math.log(self.common.documents / (1 + self.common.words.get(key, 0)))
        share = self.shares[key] / (len(self.voices) + DOUBT)
        return share * rarity - PLACE * (1 if key == word else 2)

    def key(self, word: str) -> str:
        """The word as voices are asked for it: without the article at its end."""
        bare = word.removesuffix("nya")
        return bare if self.shares[bare] else word

    def written(self, words: Sequence[str]) -> str:
        """A name in ordinary letters: no shouting, abbreviations and names as the public writes them."""
        text = " ".join(map(self._written, words))
        return text[:1].upper() + text[1:]

    def _written(self, word: str) -> str:
        low = word.lower()
        known = {form: self.forms[form] for form in {low, word, word.upper(), low.capitalize()} if self.forms[form]}
        usual = max(known, key=lambda form: (known[form], form)) if known else low
        if low in self.places:
            return usual if usual.isupper() else low.capitalize()
        if "/" in word or (usual == low and short(low)):
            return word.upper()
        return usual


@lru_cache(maxsize=4)
def ear_of(language_dir: Path) -> Ear:
    """How hearsay sounds, read once."""
    return Ear.load(language_dir)
