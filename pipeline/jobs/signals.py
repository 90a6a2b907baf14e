"""The job of signals: counts the voices of the last hours, notes how much was read, says what is unusual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from pipeline.jobs.closings import reports_closed_too_soon
from pipeline.jobs.spreading import coordinated, rumours
from tanggap.city import City
from tanggap.clock import city_day, day_bounds, hour_of, stamp
from tanggap.records import Signal, SignalKind
from tanggap.settings import Settings
from tanggap.signals import coverage
from tanggap.signals.breaks import Break, Interval, find, mood_change
from tanggap.signals.bursts import LOOK, bursts_now, tempo, track
from tanggap.signals.rules import Rules
from tanggap.signals.seasons import HOUR, Seasons, hours_between
from tanggap.signals.series import REPORTING, REPORTS, Day, SeriesKey, by_day, by_hour, cover_of_days, subject
from tanggap.signals.words import break_told, burst_told
from tanggap.store import Store, issues, news, series, signals, sources
from tanggap.store.dialects import one_writer
from tanggap.store.series import Cover
from tanggap.store.signals import Kept

#: Hours that may still get posts, scores or copies, and are counted anew.
LATE = timedelta(hours=48)
#: Days that tell what a source usually brings, and runs that tell how often it is read.
USUAL, RUNS = timedelta(days=28), timedelta(days=7)
#: Days that tell how much of what comes is from new sources.
LATELY = timedelta(days=3)
#: Days that signals are kept after they are over.
KEPT = timedelta(days=180)
#: News from so long before a break until so long after stands beside it.
NEWS_BEFORE, NEWS_AFTER = timedelta(days=2), timedelta(days=2)
#: Voices from which an issue may be said to be in a burst.
ISSUE_VOICES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What one look changed."""

    opened: int
    standing: int
    ended: int
    #: Why nothing was said about trends, "" when something could be.
    withheld: str = ""


def notice(store: Store, city: City, settings: Settings) -> Noticed:
    """Refreshes series, cover and signals; doing it twice changes nothing more."""
    rules, now = Rules.load(settings.config_dir), settings.now()
    with store.write() as db:
        one_writer(db)
        count(db, rules, now)
    with store.read() as db:
        reason = withheld(db, rules, now)
        found = {SignalKind.COVERAGE: [_short(reason, now)] if reason else []}
        found[SignalKind.COORDINATION] = coordinated(db, rules, now)
        found[SignalKind.RUMOUR] = rumours(db, city, settings, now)
        found[SignalKind.CLOSING] = reports_closed_too_soon(db, city, now)
        if not reason:
            found[SignalKind.BURST] = issue_bursts(db, rules, now)
            reason = newcomers(db, rules, now)
            found[SignalKind.COVERAGE] = [_short(reason, now)] if reason else []
        if not reason:
            found[SignalKind.BURST] += series_bursts(db, city, rules, now)
            found[SignalKind.BREAK] = series_breaks(db, city, rules, now)
    with store.write() as db:
        one_writer(db)
        kept = [signals.keep(db, kind, items, now) for kind, items in found.items()]
        signals.prune(db, now - KEPT)
    return _summed(kept, reason)


def _summed(kept: Sequence[Kept], reason: str) -> Noticed:
    return Noticed(
        opened=sum(one.opened for one in kept),
        standing=sum(one.standing for one in kept),
        ended=sum(one.ended for one in kept),
        withheld=reason,
    )


def count(db: Connection, rules: Rules, now: datetime) -> None:
    """Brings voices and cover up to the present; after the first time only the hours that can still change."""
    last, end = series.newest(db), hour_of(now) + HOUR
    start = last - LATE if last else end - timedelta(days=rules.bursts.learn_days)
    series.refresh(db, start)
    usual = series.weights(db, now - USUAL, now)
    read = series.read_times(db, list(usual), start - RUNS)
    began = [times[0] for times in read.values() if times]
    first = max(start, hour_of(min(began))) if began and not last else start
    series.write_cover(db, coverage.covers(usual, read, hours_between(hour_of(first), hour_of(now)), now))


def withheld(db: Connection, rules: Rules, now: datetime) -> str:
    """Why nothing may be concluded about the last hours, "" when enough of them was read."""
    lately = series.cover(db, hour_of(now) - 3 * HOUR, now)
    titles = {source.id: source.title for source in sources.all_sources(db)}
    return coverage.reason(lately, rules.coverage.least, titles)


def newcomers(db: Connection, rules: Rules, now: datetime) -> str:
    """Why nothing may be concluded about topics, where much of what comes is from sources that were not read before."""
    young = timedelta(days=rules.bursts.least_days)
    began = {source: first for source, first in series.begun(db).items() if now - first < young}
    first, lately = series.oldest_post(db), series.weights(db, now - LATELY, now)
    share = sum(lately.get(source, 0) for source in began) / max(1, sum(lately.values()))
    if first is None or now - first < young or share <= 1 - rules.coverage.least:
        return ""
    titles = {source.id: source.title for source in sources.all_sources(db)}
    shown = ", ".join(titles.get(name, name) for name in sorted(began, key=lambda name: -lately.get(name, 0))[:3])
    return (
        f"Tren tidak disimpulkan: {shown} baru dibaca sejak {stamp(min(began.values()))}; "
        f"{round(100 * share)} % kiriman terakhir berasal dari sumber baru."
    )


def _short(reason: str, now: datetime) -> Signal:
    return Signal(kind=SignalKind.COVERAGE, subject="all", since=now, told=reason)


def missing_hours(covers: Sequence[Cover], hours: Sequence[datetime], least: float) -> np.ndarray:
    """Which hours were read too little to count; hours that nobody noted count."""
    short = {one.hour for one in covers if one.share < least}
    return np.array([hour in short for hour in hours], dtype=bool)


def series_bursts(db: Connection, city: City, rules: Rules, now: datetime) -> list[Signal]:
    """The topics, and topics in a kota, that bring far more than the hour of the week does."""
    end, first = hour_of(now), series.oldest_post(db)
    if first is None or end - first < timedelta(days=rules.bursts.least_days):
        return []
    hours = hours_between(max(hour_of(first), end - timedelta(days=rules.bursts.learn_days)), end)
    keys, table = by_hour(series.counts(db, hours[0], end), hours)
    if not keys:
        return []
    down = missing_hours(series.cover(db, hours[0], end), hours, rules.coverage.least)
    found = track(table, hours, down, Seasons.of(city, rules), rules.bursts)
    return [
        Signal(
            kind=SignalKind.BURST,
            subject=subject(keys[burst.series]),
            since=burst.since,
            strength=burst.evidence,
            told=burst_told(burst, keys[burst.series], city),
            evidence={"voices": burst.posts, "usual": round(burst.expected, 1), "times": round(burst.times, 2)},
        )
        for burst in bursts_now(found, table, hours, rules.bursts)
    ]


def issue_bursts(db: Connection, rules: Rules, now: datetime) -> list[Signal]:
    """The open issues that grow faster than they did."""
    alive = [issue.id for issue in issues.open_issues(db) if issue.accounts >= ISSUE_VOICES]
    spoken = series.issue_times(db, alive, now - LOOK * HOUR)
    found = []
    for key, times in spoken.items():
        evidence = tempo(times, now, rules.bursts.times)
        lately = [moment for moment in times if now - moment <= 3 * HOUR]
        if evidence >= rules.bursts.threshold(1.0) and len(lately) >= rules.bursts.least_posts:
            told = f"{len(lately)} suara baru dalam 3 jam terakhir, naik di luar kebiasaan isu ini."
            found.append(
                Signal(
                    kind=SignalKind.BURST,
                    subject=f"issue:{key}",
                    since=min(lately),
                    strength=evidence,
                    told=told,
                    evidence={"voices": len(lately)},
                )
            )
    return found


def series_breaks(db: Connection, city: City, rules: Rules, now: datetime) -> list[Signal]:
    """The topics, topics in a kota, and citizen reports in all, that broke with their past."""
    end, _ = day_bounds(city_day(now))
    start = end - timedelta(days=2 * rules.breaks.window_days)
    days = [city_day(start) + timedelta(days=number) for number in range(2 * rules.breaks.window_days)]
    first = series.oldest_post(db)
    if first is None:
        return []
    covered = cover_of_days(series.cover(db, start, end))
    lines = by_day(series.counts(db, start, end), days, covered, rules.coverage.least)
    seasons = Seasons.of(city, rules)
    found = []
    for key, line in lines.items():
        known = [day for day in line if day.day > city_day(first)]
        change = find(known, seasons, rules.breaks)
        if change and end - day_bounds(change.day)[0] <= timedelta(days=rules.breaks.window_days):
            mood = _mood(change, lines, key, rules)
            found.append(_break(db, change, key, city, mood))
    return found


def _mood(change: Break, lines: Mapping[SeriesKey, Sequence[Day]], key: SeriesKey, rules: Rules) -> Interval | None:
    """The change of mood to tell beside a break; reports have none, so it is that of what is said about reporting."""
    if key[0] != REPORTS:
        return change.mood
    talk = [day for day in lines.get((REPORTING, key[1]), ()) if day.read]
    mood = mood_change([d for d in talk if d.day < change.day], [d for d in talk if d.day >= change.day])
    return mood if abs(mood.value) >= rules.breaks.least_mood and mood.low * mood.high > 0 else None


def _break(db: Connection, change: Break, key: SeriesKey, city: City, mood: Interval | None) -> Signal:
    since, _ = day_bounds(change.day)
    topic = REPORTING if key[0] == REPORTS else key[0]
    beside = news.about(db, topic, since - NEWS_BEFORE, since + NEWS_AFTER)
    return Signal(
        kind=SignalKind.BREAK,
        subject=subject(key),
        since=since,
        strength=change.strength,
        told=break_told(change, key, city, mood),
        withheld=change.withheld,
        evidence={
            "usual": round(change.usual, 1),
            "now": round(change.now, 1),
            "days_before": change.before,
            "days_after": change.after,
            "volume": asdict(change.volume) if change.volume else None,
            "mood": asdict(mood) if mood else None,
            "news": [article.id for article in beside],
        },
    )
