"""What the desk keeps of an issue besides its state: hand-overs, answers, promises, evidence, disputes, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tanggap.records.base import Record

#: How an issue was passed on: to a unit below, to a unit beside, across to another body, out of the city's own bodies.
Way = Literal["down", "sideways", "across", "out"]
ResponseKind = Literal["holding", "answer", "clarification", "apology", "referral"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Record):
    """One hand-over of an issue to a body, and what became of it."""

    id: int | None = None
    issue: str
    #: The body it came from; None when nobody had it.
    origin: str | None
    target: str
    way: Way
    #: Whom an outside body answers through, and the number it gave.
    contact: str = ""
    reference: str = ""
    at: datetime
    by: str
    note: str = ""
    #: `withdrawn` when it was sent on before the body had decided.
    state: Literal["sent", "accepted", "returned", "withdrawn"] = "sent"
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Record):
    """One version of one text to the public."""

    id: int | None = None
    issue: str
    #: First, second, third response of the issue; each has versions from 1.
    number: int
    version: int = 1
    kind: ResponseKind
    text: str
    #: `replaced` is a version that a newer one took the place of.
    state: Literal["draft", "submitted", "approved", "published", "replaced"] = "draft"
    at: datetime
    by: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str = ""
    url: str | None = None
    published_at: datetime | None = None
    #: Addresses or native ids of the posts under which it stands.
    threads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Record):
    """Something an official voice said would be done."""

    id: int | None = None
    issue: str
    text: str
    #: `response 3`, `post 17`, or `person`.
    source: str
    #: Until when, and the body that owes it; both are named by the time it is confirmed.
    due: datetime | None = None
    owner: str | None = None
    state: Literal["suggested", "open", "kept", "withdrawn"] = "suggested"
    at: datetime
    by: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str = ""

    def broken(self, now: datetime) -> bool:
        """Whether its day has passed without it being kept."""
        return self.state == "open" and self.due is not None and self.due < now


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """What shows that the work was done; a doubt about it is a question, never a verdict."""

    id: int | None = None
    issue: str
    at: datetime
    by: str
    note: str
    #: SHA-256 of the file and difference hash of the picture, both in hex; "" without a photo.
    sha256: str = ""
    dhash: str = ""
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    #: What is to be checked, in words; "" when nothing is.
    doubt: str = ""
    #: Who looked at the doubt, and what they found.
    cleared_by: str | None = None
    cleared_note: str = ""

    @property
    def open_doubt(self) -> bool:
        """Whether somebody still has to look."""
        return bool(self.doubt) and self.cleared_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Record):
    """A public post that says a closed issue is not solved."""

    id: int | None = None
    issue: str
    post: int
    at: datetime
    reason: str
    state: Literal["suggested", "accepted", "dismissed"] = "suggested"
    decided_at: datetime | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Record):
    """What a citizen takes home from a counter."""

    #: LOKET-YYYYMMDD-nnnn-c, the last digit checks the others.
    number: str
    #: Source and native id of the report it stands for.
    source: str
    native_id: str
    #: Where it was taken.
    desk: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Record):
    """An address that is told of changes of state."""

    id: int | None = None
    url: str
    secret: str
    #: States it wants to hear of; empty means all.
    states: tuple[str, ...] = ()
    enabled: bool = True
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Record):
    """One message to one webhook; it is sent until it arrives or is given up."""

    id: int | None = None
    hook: int
    #: Unique per message; the receiver may see it twice and must act once.
    event: str
    body: str
    attempts: int = 0
    next_at: datetime
    state: Literal["waiting", "delivered", "given_up"] = "waiting"
    done_at: datetime | None = None
    error: str = ""
