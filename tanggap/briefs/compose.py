"""Composes the daily brief from issues, readings and crawl runs; pure, and every sentence rests on a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from tanggap.briefs.changes import changes
from tanggap.briefs.effect import answers
from tanggap.briefs.health import Health, source_health
from tanggap.briefs.items import item, late, shown
from tanggap.briefs.promises import promised
from tanggap.briefs.words import listed, number, time_left
from tanggap.city import City
from tanggap.clock import day_bounds, hour_of
from tanggap.desk.deadlines import owes_answer
from tanggap.desk.workflow import Workflow
from tanggap.issues.summary import Sentence
from tanggap.records import (
    Brief,
    BriefItem,
    CrawlRun,
    Issue,
    PostKind,
    Priority,
    Reading,
    Source,
    Status,
)
from tanggap.records.desk import Commitment
from tanggap.store.alarms import Alarm

HOURS = 24


def window(day: date, made_at: datetime) -> tuple[datetime, datetime]:
    """The 24 Jakarta hours a brief covers: the whole day, or the last 24 hours while the day still runs."""
    start, end = day_bounds(day)
    if made_at < end:
        end = max(start, hour_of(made_at)) + timedelta(hours=1)
    return end - timedelta(hours=HOURS), end


def compose(
    day: date,
    *,
    issues: Sequence[Issue],
    members: Mapping[str, Sequence[Reading]],
    readings: Sequence[Reading],
    runs: Mapping[str, CrawlRun],
    sources: Sequence[Source],
    before: Brief | None,
    city: City,
    workflow: Workflow,
    made_at: datetime,
    alarms: Mapping[str, Alarm] | None = None,
    promises: Sequence[tuple[Commitment, Issue]] = (),
    summaries: Mapping[str, Sequence[Sentence]] = MappingProxyType({}),
) -> Brief:
    """The brief of a city day.

    Args:
        issues: the open ones, and those answered or closed since the brief before.
        members: readings per issue, for quotes and the effect of answers; issues may be missing.
        readings: relevant readings that cover `window(day, made_at)`; those outside it are left out.
        runs: the last crawl run per source id.
        before: the last brief made, of this day or an earlier one.
        alarms: the open alarm per source id.
        promises: the open ones with their issues, the soonest first.
        summaries: what the posts of an issue say together, for its numbers; issues may be missing.
    """
    start, end = window(day, made_at)
    inside = [reading for reading in readings if start <= reading.post.published_at < end]
    known = {source.id: source for source in sources}
    waiting = sorted((issue for issue in issues if owes_answer(issue)), key=lambda i: (-i.score, i.detected_at))
    items = [
        item(issue, members.get(issue.id, ()), known, city, workflow, summaries.get(issue.id, ())) for issue in waiting
    ]
    health = source_health(sources, runs, inside, made_at, alarms or {})
    totals = count(issues, items, inside, health, start, made_at)
    hourly, hourly_negative = curve(inside, start)
    return Brief(
        day=day,
        edition=before.edition + 1 if before and before.day == day else 1,
        made_at=made_at,
        lead=lead(items, totals, health, made_at),
        items=shown(items, made_at),
        hourly=hourly,
        hourly_negative=hourly_negative,
        totals=totals,
        changes=changes(before, issues, totals, health),
        answers=answers(issues, members, start, made_at),
        promises=promised(promises, city, workflow.calendar, made_at),
        sources=tuple((source.title, source.state, source.posts) for source in health),
    )


def curve(readings: Sequence[Reading], start: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Posts in each of the 24 hours from `start`, and how many of them were negative."""
    hours, negative = [0] * HOURS, [0] * HOURS
    for reading in readings:
        hour = (reading.post.published_at - start) // timedelta(hours=1)
        hours[hour] += 1
        negative[hour] += reading.score.sentiment == "negative"
    return tuple(hours), tuple(negative)


def count(
    issues: Sequence[Issue],
    waiting: Sequence[BriefItem],
    readings: Sequence[Reading],
    health: Sequence[Health],
    start: datetime,
    now: datetime,
) -> dict[str, int]:
    """The totals of a brief; `waiting` are all issues that owe an answer, shown or not."""
    tone = Counter(reading.score.sentiment for reading in readings)
    kinds = Counter(reading.post.kind for reading in readings)
    return {
        "posts": len(readings),
        "negative": tone["negative"],
        "neutral": tone["neutral"],
        "positive": tone["positive"],
        "news": kinds[PostKind.NEWS],
        "reports": kinds[PostKind.REPORT],
        "waiting": len(waiting),
        "late": sum(late(entry, now) for entry in waiting),
        "critical": sum(entry.priority is Priority.P1 for entry in waiting),
        "unheld": sum(entry.holder is None for entry in waiting),
        "answered": sum(bool(i.answered_at and start <= i.answered_at <= now) for i in issues),
        "resolved": sum(i.status is Status.RESOLVED and start <= i.status_at <= now for i in issues),
        "sources": len(health),
        "sources_checked": sum(source.checked for source in health),
        "sources_failed": sum(source.failed for source in health),
    }


def lead(waiting: Sequence[BriefItem], totals: Mapping[str, int], health: Sequence[Health], now: datetime) -> str:
    """The one sentence on top: how much waits, how much of it is late, and the heaviest issue with its numbers."""
    if not waiting:
        return f"Tidak ada isu yang perlu dijawab; {_checked(totals, health)}."
    top = waiting[0]
    overdue = f", {number(totals['late'])} di antaranya lewat batas jawaban pertama" if totals["late"] else ""
    deadline = f"; jawaban pertama {time_left(top.due_at, now)}" if top.due_at else ""
    return (
        f"{number(len(waiting))} isu perlu dijawab{overdue}; terberat “{top.title}” (skor {top.score}): "
        f"{number(top.posts)} unggahan dari {number(top.accounts)} suara{deadline}."
    )


def _checked(totals: Mapping[str, int], health: Sequence[Health]) -> str:
    if not totals["sources_checked"]:
        return "belum ada sumber yang diperiksa"
    failed = [source.title for source in health if source.failed]
    tail = f", {number(len(failed))} gagal ({listed(failed)})" if failed else ""
    return f"{number(totals['sources_checked'])} sumber diperiksa{tail}"
