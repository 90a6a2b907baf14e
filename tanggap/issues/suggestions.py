"""Says what the machine would merge or add if people had not had their hands on the issue, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tanggap.city import City
from tanggap.issues.clusters import Cluster, distance
from tanggap.issues.group import Grouper
from tanggap.issues.places import agreement
from tanggap.issues.vectors import Frequencies
from tanggap.records import Suggestion, SuggestionKind

#: Words named in a reason.
NAMED = 3


def suggestions(grouper: Grouper, posts: Sequence[int], city: City, now: datetime) -> list[Suggestion]:
    """What only people may decide after a pass: issues that look like one, and posts that look like an issue's.

    Args:
        posts: the post that came at each position.
    """
    common = Frequencies.load(city.language_dir)
    found: dict[str, Suggestion] = {}
    for lost, kept, likeness in grouper.suggested:
        one, other = (grouper[key] for key in (lost, kept))
        why = reason(one, other, likeness, common)
        if one.issue is not None and other.issue is not None:
            small, large = sorted((one, other), key=lambda cluster: (cluster.voices, cluster.key))
            told = [_suggestion(SuggestionKind.MERGE, large.issue, small.issue, (), likeness, why, now)]
        else:
            home, alone = (one, other) if one.issue is not None else (other, one)
            keys = [posts[position] for position in alone.members]
            told = [_suggestion(SuggestionKind.JOIN, home.issue, None, (key,), likeness, why, now) for key in keys]
        for item in told:
            found.setdefault(item.about, item)
    return list(found.values())


def _suggestion(
    kind: SuggestionKind,
    issue: str | None,
    other: str | None,
    posts: tuple[int, ...],
    likeness: float,
    why: str,
    now: datetime,
) -> Suggestion:
    return Suggestion(
        kind=kind,
        issue=issue or "",
        other=other,
        posts=posts,
        likeness=round(min(1.0, likeness), 3),
        reason=why,
        at=now,
    )


def reason(one: Cluster, other: Cluster, likeness: float, common: Frequencies) -> str:
    """Why two clusters look like one, in Indonesian; only words of the general vocabulary are named."""
    told = [f"kemiripan {likeness:.2f}".replace(".", ",")]
    shared = {
        common.spelled[term]: value * other.words.terms[term]
        for term, value in one.words.terms.items()
        if term in other.words.terms and term in common.spelled
    }
    if words := sorted(shared, key=lambda word: (-shared[word], word))[:NAMED]:
        told.append(f"kata bersama: {', '.join(words)}")
    near, elsewhere = agreement(one.places, other.places)
    if near > 0:
        told.append("tempat sama atau berdekatan")
    elif elsewhere > 0:
        told.append("sebagian menyebut tempat lain")
    if one.topic == other.topic:
        told.append("urusan sama")
    if (days := distance(one, other)) >= 1:
        told.append(f"selisih {days:.0f} hari")
    return "; ".join(told)
