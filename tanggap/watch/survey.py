"""The health of every source at one moment, read from the store in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.clock import hour_of
from tanggap.cron import Cron
from tanggap.records import Source
from tanggap.store import rollups, runs, schedules, sources, spending, waits
from tanggap.watch.expectation import HISTORY, HOUR, hours
from tanggap.watch.health import LOOK, Facts, Health, expectation, judge

#: The job of a schedule that reads a source, and the one id it is told.
CRAWL = "crawl"
DAY, WEEK = 24 * HOUR, 168 * HOUR


def survey(db: Connection, now: datetime) -> list[Health]:
    """Every source, by id; call it inside one read of the store."""
    counts = posts_by_hour(db, now)
    clocks = planned(db)
    return [look(db, source, counts[source.id], clocks.get(source.id), now) for source in sources.all_sources(db)]


def posts_by_hour(db: Connection, now: datetime) -> dict[str, dict[datetime, int]]:
    """Posts per source and hour of publishing, from 28 days before the last week until now."""
    found: dict[str, dict[datetime, int]] = defaultdict(dict)
    for count in rollups.hourly(db, hour_of(now - HISTORY - WEEK), now, by="source"):
        found[count.source][count.hour] = count.posts
    return found


def planned(db: Connection) -> dict[str, Cron]:
    """When each source is crawled by a schedule that is not paused."""
    return {item.argument: item.clock for item in schedules.every(db) if item.job == CRAWL and not item.paused}


def look(db: Connection, source: Source, counts: Mapping[datetime, int], clock: Cron | None, now: datetime) -> Health:
    """One source."""
    wait = waits.until(db, source.id)
    lately = runs.recent(db, LOOK, source=source.id)
    facts = Facts(source=source, runs=lately, wait=wait, counts=counts, clock=clock, now=now)
    usual, end = expectation(facts), hour_of(now) + HOUR
    items, usd = spending.spent(db, source.id, now)
    free = max(now, wait.until) if wait else now
    return Health(
        source=source,
        verdict=judge(facts),
        last_run=lately[0] if lately else None,
        last_success=runs.last_success(db, source.id),
        next_at=next_time(source, clock, free, now),
        hours=tuple(counts.get(hour, 0) for hour in hours(end - DAY, end)),
        usual=tuple(usual.at(hour) for hour in hours(end - DAY, end)),
        week=sum(count for hour, count in counts.items() if hour >= end - WEEK),
        usual_week=usual.between(end - WEEK, end),
        items_today=items,
        usd_today=usd,
        learned=usual.learned,
    )


def next_time(source: Source, clock: Cron | None, free: datetime, now: datetime) -> datetime | None:
    """When the source is asked next: its first slot once it may be asked, or the end of its wait."""
    if not source.enabled:
        return None
    slot = next(clock.slots(free - timedelta(seconds=1)), None) if clock else None
    return slot or (free if free > now else None)
