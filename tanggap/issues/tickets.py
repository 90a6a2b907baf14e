"""When citizen reports were closed at their own desks, and who complains on after that: selesai semu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tanggap.records import Post, PostKind, Reading, Status

#: Voices that must complain after a closing before it is told.
VOICES = 2
#: Fields of a report in which its desk says when it was last changed.
CHANGED = ("updated_datetime", "updated_at", "closed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Reports that were closed, when the first of them was, and what is still complained about after that."""

    reports: tuple[int, ...]
    first: datetime
    after: tuple[int, ...]


def closed_at(post: Post) -> datetime | None:
    """When a report was closed at its own desk; None for an open one, and where nobody says when."""
    if post.kind is not PostKind.REPORT or post.status is not Status.RESOLVED:
        return None
    steps = [step for step in post.extra.get("follow_ups") or () if isinstance(step, Mapping)]
    told = [step.get("at") for step in steps if step.get("status") == Status.RESOLVED.value]
    told = told or [post.extra[name] for name in CHANGED if post.extra.get(name)]
    return max((moment for text in told if (moment := _moment(text))), default=None)


def still(readings: Sequence[Reading]) -> Closing | None:
    """The closed reports of one issue that two voices or more contradict by complaining on; None without them.

    An issue is one trouble at one place, so a later complaint in it speaks of what its closed reports told.
    """
    closings = {reading.post.id or 0: at for reading in readings if (at := closed_at(reading.post))}
    if not closings:
        return None
    first = min(closings.values())
    later = [
        reading.post
        for reading in readings
        if reading.post.published_at > first
        and reading.score.complaint
        and reading.post.kind is not PostKind.NEWS
        and reading.post.id not in closings
    ]
    if len({post.author or f"unsigned {post.id}" for post in later}) < VOICES:
        return None
    return Closing(reports=tuple(closings), first=first, after=tuple(post.id or 0 for post in later))


def _moment(text: object) -> datetime | None:
    """A time with its zone; None for what is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
