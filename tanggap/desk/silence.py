"""How long the public waited for an answer, split by who was waited for: blind, desk and agency time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.records import AuditEntry, Issue

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The three parts of the silence; they add up to the whole of it."""

    #: First public post until we saw it.
    blind: timedelta
    #: Seen until somebody held it.
    desk: timedelta
    #: Held until the public answer, or until now.
    agency: timedelta
    answered: bool

    @property
    def total(self) -> timedelta:
        """From the first public post to the answer."""
        return self.blind + self.desk + self.agency


def silence(issue: Issue, trail: Sequence[AuditEntry], now: datetime) -> Silence:
    """The silence around an issue, up to its answer or to now.

    Who held it first is read from the trail, oldest entry first; of a reopened issue, first since the reopening, and
    the parts count from then: the old silence ended with the old answer. An answer before anybody held it
    ends desk time.
    """
    since = reopened_at(trail) if issue.reopened else None
    start = since or issue.first_at
    seen = since or max(issue.detected_at, issue.first_at)
    end = max(seen, issue.answered_at or now)
    held = [entry.at for entry in trail if entry.after.get("holder") and entry.at >= seen]
    taken = min(held[0], end) if held else end
    return Silence(blind=seen - start, desk=taken - seen, agency=end - taken, answered=issue.answered_at is not None)


def reopened_at(trail: Sequence[AuditEntry]) -> datetime | None:
    """When an issue was last opened again; None if never."""
    times = [entry.at for entry in trail if entry.after.get("reopened")]
    return times[-1] if times else None
