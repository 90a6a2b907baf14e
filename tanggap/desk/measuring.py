"""Measures of the desk, read from the store: silence, effect of answers, bodies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.effect import YOUNGEST, Effect, Like, Voice, effect, side_of
from tanggap.desk.silence import Silence, silence
from tanggap.desk.units import Case, UnitLine, compare
from tanggap.errors import RuleError
from tanggap.records import AuditEntry, Issue, Status
from tanggap.store import Store, audit, issues, voices

#: How far back like issues are looked for.
PEERS_SINCE = timedelta(days=180)


class Measuring:
    """The measures of one city on one store."""

    def __init__(self, store: Store, city: City, now: Clock) -> None:
        self.store = store
        self.city = city
        self.now = now

    def silence(self, issue_id: str) -> Silence:
        """How long the public waited, and for whom."""
        with self.store.read() as db:
            return silence(_issue(db, issue_id), _trail(db, issue_id), self.now())

    def effect(self, issue_id: str) -> Effect:
        """What followed the answer.

        Raises:
            RuleError: there is no answer yet.
        """
        with self.store.read() as db:
            issue = _issue(db, issue_id)
            if issue.answered_at is None:
                raise RuleError(f"{issue.id} belum dijawab; efeknya belum bisa dinilai.")
            answered, side = issue.answered_at, side_of(issue.answered_at, self.now())
            age, ripe = answered - issue.first_at, self.now() - (answered - issue.first_at) - side
            like = voices.unanswered(db, issue.topic, self.now() - PEERS_SINCE, ripe) if side >= YOUNGEST else []
            cuts = [(name, first + age - side, first + age, first + age + side) for name, first in like]
            halves = voices.halves(db, [cut for cut in cuts if cut[0] != issue.id])
            own = voices.between(db, issue.id, answered - side, answered + side)
        peers = [Like(issue=name, before=before, after=after) for name, (before, after) in halves.items()]
        return effect([Voice(at=at, negative=negative) for at, negative in own], answered, peers, side)

    def units(self, since: datetime) -> tuple[UnitLine, ...]:
        """Bodies side by side on issues whose state changed since a moment."""
        with self.store.read() as db:
            found = [issue for issue in issues.queue(db, since=since, limit=100_000) if issue.agency]
            trails = audit.trails(db, [issue.id for issue in found])
        now = self.now()
        return compare([_case(issue, trails.get(issue.id, []), now) for issue in found], self.city)


def _case(issue: Issue, trail: Sequence[AuditEntry], now: datetime) -> Case:
    held = issue.holder is not None or any(entry.after.get("holder") for entry in trail)
    return Case(
        agency=issue.agency or "",
        issue=issue.id,
        title=issue.title,
        desk=silence(issue, trail, now).desk if held else None,
        closed=issue.status is Status.RESOLVED,
        reopened=issue.reopened > 0,
    )


def _issue(db: Connection, issue_id: str) -> Issue:
    found = issues.get(db, issue_id)
    if found is None:
        raise RuleError(f"Isu {issue_id} tidak ada.")
    return found


def _trail(db: Connection, issue_id: str) -> list[AuditEntry]:
    return audit.entries(db, issue_id, limit=10_000)[::-1]
