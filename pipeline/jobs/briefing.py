"""The job that writes the daily brief."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from tanggap.briefs.compose import compose, window
from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.issues.summary import summary
from tanggap.records import Brief, Issue, Status
from tanggap.store import Store, alarms, briefs, issues, promises, runs, scores, sources

#: Issues whose posts a brief may quote.
BRIEFED = 60
#: Newest posts of each that may be quoted and that tell the effect of an answer.
QUOTABLE = 100


def brief(store: Store, city: City, day: date, made_at: datetime) -> Brief:
    """Composes and saves the brief of one Jakarta day, compared with the day before; each more is a new edition."""
    with store.read() as db:
        earlier = [made for made in briefs.days(db) if made < day]
        before = briefs.latest(db, max(earlier)) if earlier else None
        told = _worth_telling(db, before)
        found = {one.id: issues.members(db, one.id, limit=max(QUOTABLE, one.posts)) for one in told[:BRIEFED]}
        made = compose(
            day,
            issues=told,
            members={name: [reading for _, reading in rows[:QUOTABLE]] for name, rows in found.items()},
            readings=scores.readings(db, *window(day, made_at)),
            runs=runs.latest(db),
            sources=sources.all_sources(db),
            before=before,
            city=city,
            workflow=Workflow.load(city),
            made_at=made_at,
            alarms=alarms.open_ones(db),
            promises=promises.open_ones(db),
            summaries={one.id: summary(found[one.id], topic=one.topic, city=city) for one in told[:BRIEFED]},
        )
    with store.write() as db:
        same_day = briefs.latest(db, day)
        made = made.evolve(edition=same_day.edition + 1 if same_day else 1)
        briefs.save(db, made)
    return made


def _worth_telling(db: Connection, before: Brief | None) -> list[Issue]:
    """Open issues, answered ones first, and those resolved since the brief before."""
    current = issues.open_issues(db)
    closed = issues.queue(db, status=[Status.RESOLVED], since=before.made_at if before else None)
    return sorted(current, key=lambda issue: issue.answered_at is None) + closed
