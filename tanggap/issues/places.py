"""How well a post's places agree with an issue's: the same spot draws together, another spot keeps apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from tanggap.city import City
from tanggap.records import Place, Reading

#: What full agreement adds to the likeness of two clusters.
SAME_SPOT = 0.09
SAME_DISTRICT = 0.06
#: Two texts that speak of different places.
ELSEWHERE = -1.0

#: Distinct sets of places per cluster that are compared; what few of its posts name speaks for few.
COMPARED = 12

#: An area or landmark with what holds it, smallest first: ("31.75.03.1001", "31.75.03", "31.75"). A landmark begins
#: with its name; a road is its name alone, because it runs through many areas.
Spot = tuple[str, ...]

#: All that one text names; a smallest area inside another is the same place.
Spots = frozenset[Spot]


def spots(places: Iterable[Place], city: City) -> Spots:
    """Where a text speaks of; the province itself says nothing about where."""
    found = set()
    for place in places:
        chain = city.lineage(place.code or "")
        if place.level in ("landmark", "road"):
            found.add((place.name, *chain))
        elif chain:
            found.add(chain)
    return frozenset(found)


def agreement(one: Counter[Spots], other: Counter[Spots]) -> tuple[float, float]:
    """How near the places of two clusters are (0 to SAME_SPOT), and the share of their pairs of voices that differ.

    Both are means over the pairs of voices; a pair in which one names no place counts as 0 for both, so that one
    wrong hit of the gazetteer can never veto.
    """
    pairs = one.total() * other.total()
    near = apart = 0.0
    for left, ours in one.most_common(COMPARED):
        for right, theirs in other.most_common(COMPARED):
            value = term(left, right)
            near += max(value, 0.0) * ours * theirs
            apart += max(-value, 0.0) * ours * theirs
    return (near / pairs, apart / pairs) if pairs else (0.0, 0.0)


@lru_cache(maxsize=200_000)
def term(one: Spots, other: Spots) -> float:
    """Agreement of two texts, ELSEWHERE to SAME_SPOT: that of their closest places; 0 where either names none.

    Parent and child are half a district: who says "Jatinegara" may mean Kampung Melayu.
    """
    found = [value for left in one for right in other if (value := _pair(left, right)) is not None]
    if any(value > 0 for value in found):
        return max(found)
    return min(found, default=0.0)


def elsewhere(one: Spots, other: Spots) -> bool:
    """Whether two texts name places and share none, so that even the same words are two complaints."""
    return bool(one and other) and one != other and term(one, other) <= 0


def _pair(left: Spot, right: Spot) -> float | None:
    """Agreement of two spots; None for a road beside an area, which may or may not run through it."""
    if left == right:
        return SAME_DISTRICT if len(left) == 2 else SAME_SPOT if len(left) > 2 or _is_road(left) else 0.0
    if _is_road(left) or _is_road(right):
        return ELSEWHERE / 2 if _is_road(left) and _is_road(right) else None
    if left[0] in right or right[0] in left:
        return SAME_DISTRICT / 2 if min(len(left), len(right)) >= 2 else 0.0
    same_district = set(left[1:-1]) & set(right[1:-1])
    return 0.0 if same_district else ELSEWHERE


def _is_road(spot: Spot) -> bool:
    return len(spot) == 1 and not spot[0][0].isdigit()


def label(readings: Iterable[Reading], city: City) -> tuple[tuple[str, ...], str]:
    """Area codes of an issue, most named first, and its place in words: the smallest area half of them share."""
    named: Counter[str] = Counter()
    sights: Counter[Spot] = Counter()
    for reading in readings:
        found = spots(reading.score.places, city)
        named.update({step for spot in found for step in spot if step in city.areas})
        sights.update(spot for spot in found if spot[0] not in city.areas)
    codes, place = _areas(named, city)
    if sights:
        spot, count = sights.most_common(1)[0]
        if count * 2 >= max(named.values(), default=0):
            around = place.split(",")[0] if len(spot) > 1 and codes else ""
            return codes, f"{spot[0]}, {around}" if around and around != spot[0] else spot[0]
    return codes, place


def _areas(named: Counter[str], city: City) -> tuple[tuple[str, ...], str]:
    """The areas by how often they are named, the smallest that at least half of the placed posts share in front."""
    if not named:
        return (), ""
    most = max(named.values())
    shared = [code for code, count in named.items() if count * 2 >= most]
    first = max(shared, key=lambda code: (len(city.lineage(code)), named[code], code))
    return (first, *(code for code, _ in named.most_common(6) if code != first)), city.area_label(first)
