"""How well a post's places agree with an issue's: the same spot draws together, another spot keeps apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tanggap.city import City
from tanggap.records import Place, Reading

SAME_SPOT = 0.1
SAME_DISTRICT = 0.08
#: Even the same words about two districts are two complaints.
ELSEWHERE = -0.8

LEVELS = {"kota": 1, "kecamatan": 2, "kelurahan": 3}


def codes(places: Iterable[Place], city: City) -> frozenset[str]:
    """Codes of kota and smaller named in a text; the province itself says nothing about where."""
    return frozenset(place.code for place in places if place.code and place.code in city.areas and place.code != "31")


def agreement(post: frozenset[str], issue: Counter[str], city: City) -> float:
    """A term for the similarity: positive for the same spot, negative for another, 0 where either names none.

    Parent and child are neutral: who says "Jatinegara" may mean Kampung Melayu. Areas named by fewer than a fifth of
    an issue's placed posts are passing mentions and do not speak for it.
    """
    if not post or not issue:
        return 0.0
    enough = max(issue.values()) / 5
    where = {code for code, count in issue.items() if count >= enough}
    best = ELSEWHERE
    for code in post:
        chain = city.lineage(code)
        for other in where:
            best = max(best, _pair(chain, city.lineage(other)))
    return best


def _pair(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Agreement of two lineages, smallest area first."""
    if left == right:
        return SAME_SPOT if len(left) == 3 else SAME_DISTRICT if len(left) == 2 else 0.0
    if left[0] in right or right[0] in left:
        return SAME_DISTRICT / 2 if min(len(left), len(right)) == 2 else 0.0
    shared_district = len(left) == len(right) == 3 and left[1] == right[1]
    return 0.0 if shared_district else ELSEWHERE


def label(readings: Iterable[Reading], city: City) -> tuple[tuple[str, ...], str]:
    """Area codes of an issue, most named first, and its place in words: the smallest area half of them share."""
    named: Counter[str] = Counter()
    spots: Counter[str] = Counter()
    for reading in readings:
        chain = {step for code in codes(reading.score.places, city) for step in city.lineage(code)}
        named.update(chain)
        spots.update(
            {
                place.name
                for place in reading.score.places
                if place.level in ("landmark", "road") and place.code in city.areas
            }
        )
    if not named:
        return (), ""
    most = max(named.values())
    shared = [code for code, count in named.items() if count >= most / 2]
    shared.sort(key=lambda code: (-len(city.lineage(code)), -named[code]))
    ordered = tuple(shared[:1]) + tuple(code for code, _ in named.most_common(6) if code != shared[0])
    spot = spots.most_common(1)
    if spot and spot[0][1] * 2 >= most:
        return ordered, f"{spot[0][0]}, {city.areas[shared[0]].name}"
    return ordered, city.area_label(shared[0])
