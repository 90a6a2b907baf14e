"""The job that calls people: notes what needs them, and tells every channel what it was not told yet."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from pipeline.channels import Channel, ChannelError
from tanggap.alerts.calls import Call, Facts, standing
from tanggap.alerts.message import message, single
from tanggap.alerts.pace import HOUR, batches, may_go
from tanggap.city import City
from tanggap.clock import stamp
from tanggap.desk.workflow import Workflow
from tanggap.schedules import State
from tanggap.settings import Settings
from tanggap.store import Store, alarms, alerts, issues, job_runs, people, promises, sources
from tanggap.store.alerts import Alert

logger = logging.getLogger(__name__)

#: How far back runs set aside and new dangers are looked for.
DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: Before a channel that took no message is tried again; twice as long each time.
WAIT, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
RUNS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """What a look did: alerts noted for the first time, messages sent, and channels that took none."""

    noted: int
    sent: int
    away: tuple[str, ...]


def alert(
    store: Store, city: City, settings: Settings, channels: Sequence[Channel], jobs: Mapping[str, str]
) -> Alerted:
    """Calls people for everything that needs them and that they were not called for.

    Every alert is noted before it goes out and marked after; killed in between, the one message on its way may go out
    twice. What needs nobody any more by the time its turn comes is not sent.

    Args:
        jobs: the names of jobs for people.
    """
    now = settings.now()
    with store.read() as db:
        facts = gather(db, now, jobs)
    calls = standing(facts, Workflow.load(city), city, now)
    with store.write() as db:
        noted = alerts.note(db, [_written(call, now, settings.alerts.dashboard) for call in calls])
    sent, away = 0, []
    for channel in channels:
        try:
            sent += _serve(store, settings, channel, calls)
        except ChannelError as error:
            with store.write() as db:
                again = alerts.failed(db, channel.name, now, WAIT, LONGEST)
            logger.warning("%s It is tried again at %s WIB.", error, stamp(again))
            away.append(channel.name)
    return Alerted(noted=noted, sent=sent, away=tuple(away))


def gather(db: Connection, now: datetime, jobs: Mapping[str, str]) -> Facts:
    """What there is to call for, read in one go."""
    dangers = alerts.new_dangers(db, now - WEEK)
    living = {issue.id: issue for issue in issues.open_issues(db)}
    closed = [issue for key in dangers.keys() - living.keys() if (issue := issues.get(db, key)) is not None]
    aside = job_runs.recent(db, state=State.SET_ASIDE, limit=RUNS)
    return Facts(
        issues=[*living.values(), *closed],
        promises=promises.open_ones(db),
        dangers=dangers,
        alarms=list(alarms.open_ones(db).values()),
        runs=[run for run in aside if run.ended_at and now - run.ended_at < DAY],
        people={person.name: person.full_name for person in people.all_users(db)},
        sources={source.id: source.title for source in sources.all_sources(db)},
        jobs=jobs,
    )


def _written(call: Call, now: datetime, base: str) -> Alert:
    said = single(call, now, base)
    return Alert(
        key=call.key,
        kind=call.kind.value,
        subject=call.subject,
        priority=call.priority or "",
        at=now,
        title=said.title,
        body=said.body,
    )


def _serve(store: Store, settings: Settings, channel: Channel, calls: Sequence[Call]) -> int:
    """Sends one channel what it may have now; returns how many messages."""
    now, rules = settings.now(), settings.alerts
    with store.read() as db:
        away = alerts.away_until(db, channel.name)
        new = alerts.unsent(db, [call.key for call in calls], channel.name)
        sent = alerts.messages(db, channel.name, now - HOUR)
    if away is not None and now < away < now + 2 * LONGEST:
        return 0
    waiting = [call for call in calls if call.key in new and may_go(call, now, rules.quiet_from, rules.quiet_to)]
    ready = batches(waiting, sent, now, rules.messages_per_hour)
    for batch in ready:
        channel.send(message(batch, now, rules.dashboard))
        with store.write() as db:
            alerts.mark(db, [call.key for call in batch], channel.name, settings.now())
    return len(ready)
