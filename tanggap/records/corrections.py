"""What a person said about a label that the machine had given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tanggap.records.base import Record

#: Labels that people correct; `agency` follows the topic by itself.
CorrectedField = Literal["relevant", "sentiment", "topic", "complaint", "urgency", "agency", "places"]
#: Of `places`, a list with the fields of each place.
Label = bool | int | str | None | list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """One label of one post, set right by a person; the newest of a field that nobody took back holds."""

    #: Given by the store.
    id: int | None = None
    post: int
    field: CorrectedField
    before: Label
    after: Label
    why: str
    by: str
    at: datetime
    #: The text it was said of; another text of the post is the machine's again.
    content_hash: str
    undone_by: str | None = None
    undone_at: datetime | None = None
