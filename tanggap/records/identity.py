"""What happened to the identity of issues: events, what people taught the machine, and what it suggests to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tanggap.records.base import Record


class EventKind(StrEnum):
    """What can happen to an issue's identity."""

    OPENED = "opened"
    JOINED = "joined"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    TITLED = "titled"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueEvent(Record):
    """One line of the append-only log of identities."""

    #: Given by the store.
    id: int | None = None
    kind: EventKind
    #: The issue it happened to: the one that ended, was split, or that posts left.
    issue: str
    #: Where its posts went: the survivor, the new issue, or the issue they were moved to.
    other: str | None = None
    #: Stored posts that were concerned.
    posts: tuple[int, ...] = ()
    at: datetime
    #: A user name, or "machine" with its version.
    by: str
    #: Title or state before and after.
    before: str = ""
    after: str = ""
    note: str = ""
    #: The event that this one takes back.
    undoes: int | None = None


class BondKind(StrEnum):
    """What people said about two things (Wagstaff et al. 2001: constrained clustering)."""

    MUST = "must"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond(Record):
    """A person's word that a post, or all of another issue, belongs to `issue` or does not."""

    kind: BondKind
    issue: str
    other: str | None = None
    post: int | None = None
    #: The event that taught it; undoing that lifts the bond.
    event: int


class SuggestionKind(StrEnum):
    """What the machine may suggest."""

    JOIN = "join"
    MERGE = "merge"
    SPLIT = "split"
    REOPEN = "reopen"


class Decided(StrEnum):
    """What became of a suggestion; withdrawn ones the machine itself no longer holds."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(Record):
    """Perlu dicek: what the machine would do if people had not had their hands on the issue."""

    id: int | None = None
    kind: SuggestionKind
    #: The issue that posts would join or leave, that would take another in, or that would be opened again.
    issue: str
    other: str | None = None
    posts: tuple[int, ...] = ()
    likeness: float = 0.0
    #: Why, in Indonesian.
    reason: str = ""
    at: datetime
    state: Decided = Decided.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def about(self) -> str:
        """What two suggestions have in common that say the same."""
        if self.kind is SuggestionKind.MERGE:
            return "merge " + " ".join(sorted((self.issue, self.other or "")))
        return f"{self.kind.value} {self.issue} {min(self.posts, default=0)}"
