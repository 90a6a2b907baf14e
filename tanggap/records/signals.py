"""What the monitor noticed by itself: burst, break, posting in concert, rumour, report closed too soon, gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tanggap.records.base import Record


class SignalKind(StrEnum):
    """What was noticed."""

    BURST = "burst"
    BREAK = "break"
    COORDINATION = "coordination"
    RUMOUR = "rumour"
    CLOSING = "closing"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Record):
    """One thing noticed, from when it began until it is over. Its evidence names posts by their number only."""

    kind: SignalKind
    #: `issue:ISU-...`, `topic:banjir`, `topic:banjir@31.75`, `post:17` for the first post of
    #: a rumour or a closed report, `all`.
    subject: str
    since: datetime
    #: One Indonesian sentence for screens.
    told: str
    #: Sorts signals of one kind, strongest first.
    strength: float = 0.0
    #: Why nothing is concluded from it, "" where it counts.
    withheld: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    #: Given by the store.
    id: int | None = None
    seen_at: datetime | None = None
    ended_at: datetime | None = None
