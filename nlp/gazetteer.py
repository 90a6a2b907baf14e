"""Every name a place goes by, indexed so that one lookup answers what a run of words may mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from nlp.lexicon import read_table
from nlp.stem import base_words
from tanggap.city import Area, City

Context = Literal["none", "weak", "strong"]

#: Words of one name.
MOST_WORDS = 7
WORD = re.compile(r"[^\W_]+")
#: What a name without lead words means first.
RANK = {"kecamatan": 0, "kota": 0, "provinsi": 0, "kelurahan": 2, "landmark": 3, "road": 4, "outside": 5}
ROADS = frozenset({"jalan", "tol", "flyover", "underpass"})
#: A name of fewer letters is an abbreviation: it counts in capitals and beside another place only.
SHORT = 3
#: Letters of a name that is recognised without its vowels, and of the consonants that must be left.
SHORTEST_WORN, LONGEST_WORN, SHORTEST_SKELETON = 5, 24, 4
#: Vowels but the first letter, and a consonant before the same consonant.
FLESH = re.compile(r"(?<=.)[aeiou]+|([^aeiou])(?=[aeiou]*\1)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a name may stand for. `code` is None where the place is no single area of the city."""

    name: str
    level: str
    code: str | None
    lat: float | None
    lon: float | None
    #: What must stand beside the name before it counts.
    context: Context = "none"
    #: A kota, kabupaten or province.
    town: bool = False
    #: An outside place of the commuter belt: it says nothing against the city in the same text.
    neighbour: bool = False

    @property
    def inside(self) -> bool:
        """Whether it lies in the city."""
        return self.level != "outside"


@lru_cache(maxsize=1 << 14)
def skeleton(key: str) -> str:
    """The first letter and the consonants after it, doubles folded: `kebonjeruk` and `kbnjrk` are one."""
    return FLESH.sub("", key)


@dataclass(frozen=True, slots=True)
class Index:
    """Names joined without spaces to their meanings, best first."""

    meanings: Mapping[str, tuple[Meaning, ...]]
    #: Everything a name begins with.
    beginnings: frozenset[str]
    #: Skeleton -> names of areas that have it, for spellings without vowels.
    skeletons: Mapping[str, tuple[str, ...]]
    #: Everything a skeleton begins with.
    bones: frozenset[str]
    #: Short word -> written out ("kb" -> "kebon").
    abbreviations: Mapping[str, str]

    @classmethod
    def load(cls, city: City) -> Self:
        """The index of areas.csv, landmarks.csv, outside.csv and regions.csv.

        Raises:
            SettingsError: one of them is missing or broken.
        """
        directory = city.places_dir
        abbreviations = {row["short"]: row["full"] for row in read_table(directory / "abbreviations.csv")}
        gathered: dict[str, list[Meaning]] = defaultdict(list)
        for alias, meaning in (*_areas(city), *_landmarks(city), *_outside(directory)):
            for key in _keys(alias, abbreviations):
                if meaning not in gathered[key]:
                    gathered[key].append(meaning)
        meanings = {key: _ranked(city, found) for key, found in gathered.items() if len(key) > 1}
        skeletons: dict[str, list[str]] = defaultdict(list)
        for key, found in meanings.items():
            if (
                len(key) > SHORTEST_WORN
                and len(skeleton(key)) >= SHORTEST_SKELETON
                and found[0].level in ("kota", "kecamatan", "kelurahan", "provinsi")
            ):
                skeletons[skeleton(key)].append(key)
        return cls(
            meanings,
            _beginnings(meanings),
            {bones: tuple(keys) for bones, keys in skeletons.items()},
            _beginnings(skeletons),
            abbreviations,
        )

    @property
    def towns(self) -> frozenset[str]:
        """Names of the city, its kota and other towns that need nothing beside them."""
        return frozenset(key for key, found in self.meanings.items() if found[0].town and found[0].context == "none")

    def worn(self, typed: str) -> tuple[Meaning, ...]:
        """Meanings of a name typed without vowels or with a slip: `kebonjrk`, `jakrtabarat`."""
        if not SHORTEST_WORN <= len(typed) <= LONGEST_WORN:
            return ()
        for name in self.skeletons.get(skeleton(typed), ()):
            if abs(len(name) - len(typed)) <= 3 and _worn_down(typed, name):
                return self.meanings[name]
        return ()

    def bony(self, typed: str) -> bool:
        """Whether `typed`, or something longer that begins so, may be a name worn down."""
        return len(typed) <= LONGEST_WORN and skeleton(typed) in self.bones

    def plain(self, word: str) -> str:
        """A lower-case word with its abbreviation written out."""
        return self.abbreviations.get(word, word)


def _worn_down(typed: str, name: str) -> bool:
    """Whether `typed` is `name` without some of its vowels, or with other ones in two places at most."""
    letters = iter(name)
    if all(letter in letters for letter in typed):
        return True
    return len(typed) == len(name) and sum(one != other for one, other in zip(typed, name, strict=True)) <= 2


def _beginnings(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name[:size] for name in names for size in range(1, len(name) + 1))


def _keys(alias: str, abbreviations: Mapping[str, str]) -> set[str]:
    """An alias as it is looked up: joined as written, and joined with its short words written out."""
    words = [word.lower() for word in WORD.findall(alias)]
    return {"".join(words), "".join(abbreviations.get(word, word) for word in words)}


def _ranked(city: City, found: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Meanings best first; several kelurahan of one name are preceded by the area that holds them all."""
    ordered = sorted(found, key=lambda meaning: RANK[meaning.level])
    twins = [meaning for meaning in ordered if meaning.level == "kelurahan" and meaning.code]
    if len(twins) < 2 or ordered[0].level == "kecamatan":
        return tuple(ordered)
    lines = [city.lineage(meaning.code or "") for meaning in twins]
    shared = next((code for code in lines[0] if all(code in line for line in lines)), None)
    return (_area(city.areas[shared], "none"), *ordered) if shared else tuple(ordered)


def _area(area: Area, context: Context) -> Meaning:
    level = "kota" if area.level == "kabupaten" else area.level
    return Meaning(area.name, level, area.code, area.lat, area.lon, context, town=level in ("kota", "provinsi"))


def _areas(city: City) -> Iterator[tuple[str, Meaning]]:
    """Names and aliases of the city's own areas."""
    for row in read_table(city.places_dir / "areas.csv"):
        context: Context = "none" if row["level"] in ("kota", "kabupaten", "provinsi") else row["needs_context"]  # type: ignore[assignment]
        meaning = _area(city.areas[row["code"]], context)
        for alias in (row["name"], *filter(None, row["aliases"].split("|"))):
            yield alias, meaning


def _landmarks(city: City) -> Iterator[tuple[str, Meaning]]:
    """Stations, markets, roads, rivers: at the point of the area they stand in; those on several areas at none."""
    for row in read_table(city.places_dir / "landmarks.csv"):
        level = "road" if row["type"] in ROADS else "landmark" if row["kecamatan"] else "outside"
        spread = row["extent"] == "line" and row["also"]
        code = None if spread or not row["kecamatan"] else row["kecamatan"]
        point = city.areas.get(row["kelurahan"] if level == "landmark" and row["kelurahan"] else code or "")
        name = re.sub(r"\s*\(.*?\)", "", row["name"])
        for alias in {name, name.replace("Transjakarta ", ""), *filter(None, row["aliases"].split("|"))}:
            ordinary = " " not in alias and alias.lower() in base_words() and row["type"] != "kawasan"
            short = len(alias) <= SHORT
            yield (
                re.sub(r"\s*\(.*?\)", "", alias),
                Meaning(
                    name,
                    level,
                    code,
                    point.lat if point else None,
                    point.lon if point else None,
                    "strong" if ordinary or short else "none",
                    neighbour=level == "outside",
                ),
            )


def _outside(directory: Path) -> Iterator[tuple[str, Meaning]]:
    """The commuter belt and the rest of the country: names that must not be taken for the city's."""
    for row in read_table(directory / "outside.csv"):
        for alias in re.sub(r"\(.*?\)", "", row["name"]).split("/"):
            name = re.sub(r"^(?:Kabupaten|Kota)\s+", "", alias.strip())
            ordinary = row["level"] == "kecamatan" and " " not in name and name.lower() in base_words()
            town = row["level"] != "kecamatan"
            yield (
                name,
                Meaning(name, "outside", None, None, None, "strong" if ordinary else "none", town, neighbour=True),
            )
    for row in read_table(directory / "regions.csv"):
        context: Context = row["needs_context"]  # type: ignore[assignment]
        for alias in (row["name"], *filter(None, row["aliases"].split("|"))):
            needed: Context = context if alias == row["name"] else "none"
            yield alias, Meaning(row["name"], "outside", None, None, None, needed, row["level"] != "kecamatan")
