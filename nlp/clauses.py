"""A text that speaks of several bodies or places, cut into what it says of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from tanggap.city import City
from tanggap.records import Place

#: Words that begin a new clause: what follows is set against what stands before.
TURNS = "tapi|tetapi|tp|tpi|namun|sedangkan|sdgkan|sementara|padahal|pdhl|cuma|sayangnya|giliran|beda|kalo|kalau"
CUT = re.compile(rf"[.!?;\n]+(?=\s|$)|,|\b(?=(?:{TURNS})\b)", re.IGNORECASE)
#: Blanks and signs at the ends of a clause.
EDGES = " ,.;!?\n"
#: Bodies whose names are ordinary words or places.
AMBIGUOUS = frozenset({"ancol", "camat", "lurah", "bodetabek", "food station"})
#: Bodies that people call by other names than their own.
CALLED = {
    "dinas perhubungan": "Dishub",
    "dinas kesehatan": "Dinkes",
    "dinas pendidikan": "Disdik",
    "dinas sosial": "Dinsos",
    "dinas lh": "DLH",
    "dinas lingkungan hidup": "DLH",
    "lingkungan hidup": "DLH",
    "dinas sumber daya air": "Dinas SDA",
    "sda": "Dinas SDA",
    "pertamanan": "Distamhut",
    "dinas pertamanan": "Distamhut",
    "dinas bina marga": "Bina Marga",
    "satpolpp": "Satpol PP",
    "damkar": "Gulkarmat",
    "pemadam": "Gulkarmat",
    "disdukcapil": "Dukcapil",
    "pdam": "PAM Jaya",
    "pam": "PAM Jaya",
    "tj": "Transjakarta",
    "tije": "Transjakarta",
    "busway": "Transjakarta",
    "mrt": "MRTJ",
    "lrt": "LRTJ",
    "krl": "KCI",
    "pemprov": "Pemprov DKI",
    "bpjs kesehatan": "BPJS",
}


class Named(NamedTuple):
    """A body or place where the text names it; `key` is the code of the body or the name of the place."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Clauses:
    """The names of the city's bodies, ready to be looked for."""

    bodies: Mapping[str, str]
    _pattern: re.Pattern[str]
    #: Last words of the names.
    _lasts: frozenset[str]

    @classmethod
    def of(cls, city: City) -> Self:
        """The bodies of agencies.toml by short name, handle, and what people call them."""
        shorts = {agency.short.lower(): code for code, agency in city.agencies.items() if not agency.area}
        handles = {agency.handle.lower(): code for code, agency in city.agencies.items() if agency.handle}
        called = {name: shorts[short.lower()] for name, short in CALLED.items() if short.lower() in shorts}
        bodies = {name: code for name, code in {**shorts, **handles, **called}.items() if name not in AMBIGUOUS}
        lasts = frozenset(re.split(r"[\W_]+", name)[-1] for name in bodies)
        return cls(bodies, _names(bodies), lasts)

    def parts(self, text: str, heard: str, places: Sequence[Place]) -> dict[str, str]:
        """What the text says of each body, or of each place, where it names several in different clauses; else {}.

        Bodies go before places: "PLN cepat di Tebet, PAM lambat di Gambir" speaks of PLN and PAM.

        Args:
            heard: the words of the text in lower case, blanks between them; it is searched before the text is.
        """
        lasts = self._lasts.intersection(heard.split())
        if len(lasts) < 2 and (len(places) < 2 or len({place.code for place in places}) < 2):
            return {}
        found = self._pattern.finditer(text) if lasts else ()
        bodies = [Named(m.start(), m.end(), self.bodies[m.group().lower()]) for m in found]
        areas = [Named(place.start, place.end, place.name) for place in places if place.code]
        for named in (bodies, areas):
            if len({each.key for each in named}) > 1:
                said = _shared_out(text, named)
                if len(set(said.values())) > 1:
                    return said
        return {}


def _names(bodies: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as a whole word, the longest first; those of one first letter are tried together."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(bodies, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    groups = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_letter.items())
    return re.compile(rf"(?<![\w@])(?:{groups})(?!\w)", re.IGNORECASE)


def _shared_out(text: str, named: Sequence[Named]) -> dict[str, str]:
    """The clauses of each name; one without a name goes on about those before it, the first ones about the next.

    A clause that is nothing but a name counts them up: `PLN, PAM dan Dishub lambat` says the same of all three.
    """
    said: dict[str, list[str]] = {}
    keys: list[str] = []
    listed: list[str] = []
    waiting: list[str] = []
    for start, end in _clauses(text):
        clause = text[start:end].strip(EDGES)
        own = [each for each in named if start <= each.start < end]
        if own and len(clause) == own[0].end - own[0].start:
            listed.append(own[0].key)
        elif clause:
            keys = list(dict.fromkeys([*listed, *(each.key for each in own)])) if own or listed else keys
            for key in keys:
                said.setdefault(key, [*waiting]).append(clause)
            waiting = [] if keys else [*waiting, clause]
            listed = []
    return {key: ", ".join(clauses) for key, clauses in said.items()}


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where each clause begins and ends."""
    start = 0
    for match in CUT.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)
