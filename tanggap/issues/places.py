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

#: An area or landmark with what holds it, smallest first: ("31.75.03.1001", "31.75.03", "31.75"). A landmark begins
#: with its name; a road is its name alone, because it runs through many areas.
Spot = tuple[str, ...]


def spots(places: Iterable[Place], city: City) -> frozenset[Spot]:
    """Where a text speaks of; the province itself says nothing about where."""
    found = set()
    for place in places:
        chain = city.lineage(place.code or "")
        if place.level in ("landmark", "road"):
            found.add((place.name, *chain))
        elif chain:
            found.add(chain)
    return frozenset(found)


def agreement(post: frozenset[Spot], issue: Counter[Spot]) -> float:
    """A term for the similarity: positive for the same spot, negative for another, 0 where either names none.

    Parent and child are neutral: who says "Jatinegara" may mean Kampung Melayu. Spots named by fewer than a fifth of
    an issue's placed posts are passing mentions and do not speak for it.
    """
    pairs = (_pair(ours, theirs) for ours in post for theirs in leading(issue))
    return max((term for term in pairs if term is not None), default=0.0)


def leading(issue: Counter[Spot]) -> frozenset[Spot]:
    """The spots that speak for an issue."""
    enough = max(issue.values(), default=0) / 5
    return frozenset(spot for spot, count in issue.items() if count >= enough)


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
