"""Issue detection on files: posts in, memberships and issues out, without a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nlp.data import Row, read_rows
from nlp.evaluate import evaluate_issues, gold_post
from pipeline.office import Office
from tanggap.clock import WIB
from tanggap.issues.detect import Detection, detect
from tanggap.records import Issue, Post, PostKind, Reading, Score

#: How labelled files write dates beside ISO 8601: month first with a time of day, day first with a short year.
WRITTEN = ("%m/%d/%Y %H:%M", "%d/%m/%y", "%m/%d/%Y")


def detect_posts(
    posts: Sequence[Post], scores: Sequence[Score], office: Office, *, everything: bool = False
) -> tuple[Detection, list[int]]:
    """Groups scored posts; the memberships count in the second value's order: positions in `posts`.

    With `everything` no post is left out as no business of the city, and no group as too small to show.
    """
    settings = office.settings.issues
    if everything:
        settings = settings.model_copy(update={"relevance": 0.0, "min_voices": 1})
    least = settings.relevance
    about_city = (i for i, score in enumerate(scores) if (score.relevance or 0) >= least)
    order = sorted(about_city, key=lambda i: (posts[i].published_at, i))
    readings = [Reading(post=posts[i], score=scores[i]) for i in order]
    counts: Counter[date] = Counter()

    def next_id(day: date) -> str:
        counts[day] += 1
        return f"ISU-{day:%Y%m%d}-{counts[day]:04d}"

    now = max((post.published_at for post in posts), default=office.settings.now())
    found = detect(
        readings,
        [None] * len(readings),
        {},
        city=office.city,
        settings=settings,
        ranking=office.ranking,
        now=now,
        next_id=next_id,
    )
    return found, order


def group_file(posts: Sequence[Post], office: Office) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of `tanggap group`: one per post in input order, one per issue by score."""
    found, order = detect_posts(posts, office.scorer.score(posts), office)
    member = {order[m.position]: m for m in found.memberships}
    lines = [
        {
            "id": post.native_id,
            "issue": member[i].issue if i in member else None,
            "similarity": member[i].similarity if i in member else None,
        }
        for i, post in enumerate(posts)
    ]
    return lines, [issue_line(issue) for issue in sorted(found.issues, key=lambda issue: -issue.score)]


def issue_line(issue: Issue) -> dict[str, Any]:
    """An issue as contracts.md writes it."""
    return {
        "issue": issue.id,
        "title": issue.title,
        "topic": issue.topic,
        "areas": list(issue.areas),
        "agency": issue.agency,
        "first_at": issue.first_at.isoformat(),
        "last_at": issue.last_at.isoformat(),
        "posts": issue.posts,
        "accounts": issue.accounts,
        "news": issue.news,
        "priority": issue.priority.value,
        "score": issue.score,
        "reasons": [{"part": r.part, "points": r.points, "text": r.text} for r in issue.reasons],
    }


def evaluate_groups(gold: Path, office: Office) -> dict[str, Any] | None:
    """How well a gold file is grouped against its `issue` labels; None when it has none.

    Every row is judged: which posts are the city's business and which groups are large enough to show are other
    questions.
    """
    rows = [row for row in read_rows(gold) if "issue" in row.labels]
    if not rows:
        return None
    posts = [grouping_post(row) for row in rows]
    found, order = detect_posts(posts, office.scorer.score(posts), office, everything=True)
    member = {order[m.position]: m.issue for m in found.memberships}
    ours = [member.get(i) for i in range(len(rows))]
    return {**evaluate_issues(ours, [row.labels["issue"] or None for row in rows]), "model": office.scorer.version}


def grouping_post(row: Row) -> Post:
    """A gold row as a post with its kind and time; the first line of an article is its headline."""
    post = gold_post(row)
    if row.labels.get("kind") in list(PostKind):
        post = post.evolve(kind=PostKind(row.labels["kind"]))
    headline, line_break, text = post.text.partition("\n")
    if post.kind is PostKind.NEWS and line_break:
        post = post.evolve(title=headline, text=text)
    moment = written_time(str(row.labels.get("published_at") or row.labels.get("date") or ""))
    return post.evolve(published_at=moment) if moment else post.evolve(extra={"untimed": True})


def written_time(text: str) -> datetime | None:
    """The time that a labelled file writes, Jakarta's where it names no zone; None where it names no time."""
    text = text.strip()
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=WIB)
    for pattern in WRITTEN:
        with suppress(ValueError):
            return datetime.strptime(f"{text} +0700", f"{pattern} %z")
    return None
