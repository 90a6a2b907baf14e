"""How a web host is to be treated: whose turn it is, its pauses and failures, and its robots.txt, as pure rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tanggap.errors import FailureClass

#: Longest pause a crawl sits out; a host that wants more is left to a later run.
PATIENCE_S = 60.0

#: Failures in a row after which a host is left alone, how long, and how long one probe afterwards has to succeed.
STRIKES = 5
CLOSED = timedelta(hours=1)
PROBE = timedelta(seconds=60)

#: Why a host rests that told us to.
PAUSED = "its host asked for a pause"

#: RFC 9309, 2.4: rules are good for a day at most. A host that could not tell its rules is soon asked again.
RULES_KEPT = timedelta(hours=24)
SILENCE_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """How one host is to be treated."""

    #: When the next request may go.
    next_at: datetime
    #: Failures in a row.
    strikes: int = 0
    closed_until: datetime | None = None
    #: Why it rests, as the end of a sentence.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The answer to a crawl that wants to ask a host for something."""

    granted: bool
    #: When to ask again for a turn that was not granted.
    at: datetime
    #: Why there is none in this run, "" if waiting helps.
    why: str = ""
    failure: FailureClass = "rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The robots.txt of an origin as it answered; status 0 stands for an origin that could not be reached."""

    status: int
    body: str
    at: datetime

    @staticmethod
    def tell(status: int) -> bool:
        """Whether an origin told its rules, or that it has none; else it is closed to us (RFC 9309, 2.3.1)."""
        return 200 <= status < 300 or (400 <= status < 500 and status != 429)

    def fresh(self, at: datetime) -> bool:
        """Whether they still hold."""
        return at < self.at + (RULES_KEPT if self.tell(self.status) else SILENCE_KEPT)


def give_turn(state: Host, at: datetime, pace_s: float, hold_s: float) -> tuple[Host, Turn]:
    """Lets one request go, if the host is free, and none after it until its outcome is heard, or `hold_s` are over.

    That way two requests arrive at the host a pace apart whatever befalls them on their way. A host without pace (one
    of the operator's own) is never held. A closed host lets one probe go after its rest.
    """
    if state.closed_until is not None:
        if at < state.closed_until:
            return state, Turn(granted=False, at=state.closed_until, why=state.why, failure="network")
        state = replace(state, closed_until=at + PROBE)
    if at < state.next_at:
        long = (state.next_at - at).total_seconds() > PATIENCE_S
        return state, Turn(granted=False, at=state.next_at, why=PAUSED if long and state.why == PAUSED else "")
    held = at + timedelta(seconds=pace_s + hold_s) if pace_s else state.next_at
    why = "" if state.why == PAUSED else state.why
    return replace(state, next_at=held, why=why), Turn(granted=True, at=at)


def take_outcome(state: Host, at: datetime, pace_s: float, *, failed: bool, pause_s: float = 0.0) -> Host:
    """What an answer teaches: the pace counts from it, a pause is kept, failures in a row close the host."""
    free = at + timedelta(seconds=max(pace_s, pause_s))
    if pause_s:
        return replace(state, next_at=max(free, state.next_at), why=PAUSED)
    if pace_s and state.why != PAUSED:
        state = replace(state, next_at=free)
    if not failed:
        return replace(state, strikes=0, closed_until=None, why=PAUSED if state.why == PAUSED else "")
    strikes = state.strikes + 1
    if strikes < STRIKES:
        return replace(state, strikes=strikes)
    why = f"its host failed {strikes} times in a row and is left alone for an hour"
    return replace(state, strikes=strikes, closed_until=at + CLOSED, why=why)
