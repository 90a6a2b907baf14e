"""Issue detection on files: posts in, memberships and issues out, without a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from nlp.data import read_rows
from nlp.evaluate import evaluate_issues, gold_post
from pipeline.office import Office
from tanggap.issues.detect import Detection, detect
from tanggap.records import Issue, Post, Reading


def detect_posts(posts: Sequence[Post], office: Office) -> tuple[Detection, list[int]]:
    """Scores and groups posts; the memberships count in the second value's order: positions in `posts`."""
    scores = office.scorer.score(posts)
    least = office.settings.issues.relevance
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
        settings=office.settings.issues,
        ranking=office.ranking,
        now=now,
        next_id=next_id,
    )
    return found, order


def group_file(posts: Sequence[Post], office: Office) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of `tanggap group`: one per post in input order, one per issue by score."""
    found, order = detect_posts(posts, office)
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
    """How well issues found in a gold file match its `issue` labels; None when it has none."""
    rows = [row for row in read_rows(gold) if "issue" in row.labels]
    if not rows:
        return None
    posts = [gold_post(row) for row in rows]
    found, order = detect_posts(posts, office)
    member = {order[m.position]: m.issue for m in found.memberships}
    ours = [member.get(i) for i in range(len(rows))]
    return {**evaluate_issues(ours, [row.labels["issue"] or None for row in rows]), "model": office.scorer.version}
