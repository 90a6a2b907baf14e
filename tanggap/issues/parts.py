"""Finds parts of an issue that would not become one with the rest of it today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tanggap.city import City
from tanggap.issues.clusters import Cluster, alike, distance
from tanggap.issues.group import Grouper, voices
from tanggap.issues.index import Told
from tanggap.issues.places import agreement
from tanggap.issues.vectors import Frequencies
from tanggap.records import Reading
from tanggap.settings import IssuesSection

#: How far below the threshold of merging two parts must be alike for the machine to take them apart by itself.
SURE = 0.02
#: Words named in a reason.
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Posts that look like an issue of their own, by their place among the readings."""

    members: tuple[int, ...]
    #: To the largest part, which stays what the issue is.
    likeness: float
    #: Why, in Indonesian.
    reason: str


def parts(
    readings: Sequence[Reading],
    city: City,
    settings: IssuesSection,
    *,
    sure: bool,
    told: Callable[[Reading], Told] | None = None,
) -> list[Part]:
    """All parts but the largest, of two equals the older, that enough independent voices speak for; largest first.

    Args:
        readings: of one issue, oldest first, copies too.
        sure: whether only parts count that are clearly below the threshold of merging.
        told: makes a text ready with the weights of a whole window; without it words weigh as in general.
    """
    grouper = Grouper(city, join=settings.join, consolidate=settings.consolidate - (SURE if sure else 0.0))
    for reading in readings:
        grouper.place((told or grouper.told)(reading), reading.post.published_at)
    grouper.consolidate()
    main, *others = sorted(grouper.values(), key=lambda cluster: (-cluster.voices, cluster.members[0]))
    common = Frequencies.load(city.language_dir)
    found = []
    for other, likeness in zip(others, alike(main, others).tolist(), strict=True):
        copies = {at for at, place in enumerate(other.members) if grouper.decision(place).copy_of is not None}
        if voices([readings[place] for place in other.members], copies) >= settings.min_voices:
            why = reason(main, other, likeness, common)
            found.append(Part(members=tuple(other.members), likeness=round(max(0.0, likeness), 3), reason=why))
    return found


def reason(main: Cluster, other: Cluster, likeness: float, common: Frequencies) -> str:
    """Why two parts look like two issues, in Indonesian; only words of the general vocabulary are named."""
    told = [f"kemiripan kedua bagian hanya {max(0.0, likeness):.2f}".replace(".", ",")]
    own = {
        common.spelled[term]: value / other.voices - main.words.terms.get(term, 0.0) / main.voices
        for term, value in other.words.terms.items()
        if term in common.spelled
    }
    if words := [word for word in sorted(own, key=lambda word: (-own[word], word)) if own[word] > 0][:NAMED]:
        told.append(f"kata khas bagian ini: {', '.join(words)}")
    if agreement(main.places, other.places)[1] > 0:
        told.append("sebagian menyebut tempat lain")
    if main.topic != other.topic:
        told.append("urusan lain")
    if (days := distance(main, other)) >= 1:
        told.append(f"selisih {days:.0f} hari")
    return "; ".join(told)
