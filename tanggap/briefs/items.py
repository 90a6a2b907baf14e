"""The issues of a brief: which are shown, why, whose they are, and the one quote that speaks for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tanggap.city import City
from tanggap.clock import clock_time
from tanggap.desk.deadlines import deadlines
from tanggap.desk.workflow import Workflow
from tanggap.issues.summary import Sentence
from tanggap.records import BriefItem, Issue, PostKind, Priority, Reading, Source
from tanggap.text import clip

#: Issues shown: five, and up to eight while the sixth to eighth are urgent or late.
USUAL, MOST = 5, 8
#: Reasons per issue, and characters of its quote.
REASONS, QUOTE = 3, 180
#: A quote shorter than this seldom says what is wrong.
TELLING = 25
KINDS = {PostKind.POST: "Unggahan", PostKind.NEWS: "Berita", PostKind.REPORT: "Laporan warga"}


def item(
    issue: Issue,
    members: Sequence[Reading],
    sources: Mapping[str, Source],
    city: City,
    workflow: Workflow,
    summary: Sequence[Sentence] = (),
) -> BriefItem:
    """The issue as the brief shows it; of its summary only the numbers, each of which opens its posts."""
    due = next((clock.due for clock in deadlines(issue, workflow) if clock.kind == "first_answer"), None)
    reasons = sorted(issue.reasons, key=lambda reason: -reason.points)
    quote, quote_source, quote_post = best_quote(members, sources)
    return BriefItem(
        issue=issue.id,
        title=issue.title,
        place=issue.place or (city.area_label(issue.areas[0]) if issue.areas else ""),
        topic=issue.topic,
        priority=issue.priority,
        score=issue.score,
        status=issue.status,
        why=tuple(reason.text for reason in reasons[:REASONS]),
        agency=city.agency_label(issue.agency) if issue.agency else "belum ada unit",
        holder=issue.holder,
        due_at=due,
        posts=issue.posts,
        accounts=issue.accounts,
        news=issue.news,
        quote=quote,
        quote_source=quote_source,
        quote_post=quote_post,
        since=issue.first_at,
        counts=tuple((count.name, count.number) for sentence in summary for count in sentence.counts),
    )


def best_quote(members: Sequence[Reading], sources: Mapping[str, Source]) -> tuple[str, str, int | None]:
    """One masked text that speaks for the issue, with kind, source and time, and the id of its post.

    People before the press, complaints before the rest, the most urgent first; never an author, and nothing of a
    source whose texts may not be shown altered. Two empty strings and None where nothing may be quoted.
    """
    quotable = [reading for reading in members if reading.post.text and _shown(reading, sources)]
    if not quotable:
        return "", "", None
    post = max(quotable, key=_speaks).post
    source = sources[post.source].title if post.source in sources else post.source
    words = post.title if post.kind is PostKind.NEWS and post.title else post.text
    told = f"{KINDS[post.kind]} · {source} · {clock_time(post.published_at)}"
    return clip(" ".join(words.split()), QUOTE), told, post.id


def _shown(reading: Reading, sources: Mapping[str, Source]) -> bool:
    source = sources.get(reading.post.source)
    return source is None or source.shows_text


def _speaks(reading: Reading) -> tuple[bool, bool, int, bool, int, datetime]:
    post, score = reading.post, reading.score
    return (
        post.kind is not PostKind.NEWS,
        score.sentiment == "negative",
        score.urgency or 0,
        TELLING <= len(post.text) <= QUOTE,
        post.engagement.reach,
        post.published_at,
    )


def late(found: BriefItem, now: datetime) -> bool:
    """Whether its first answer is overdue."""
    return found.due_at is not None and found.due_at < now


def shown(found: Sequence[BriefItem], now: datetime) -> tuple[BriefItem, ...]:
    """The first five, and of the next three those that are critical, high or late."""
    pressing = (Priority.P1, Priority.P2)
    more = [entry for entry in found[USUAL:MOST] if entry.priority in pressing or late(entry, now)]
    return (*found[:USUAL], *more)
