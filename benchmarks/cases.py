"""The posts that grouping is measured on: labelled files, and the sample city."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp.data import read_rows
from pipeline.grouping import grouping_post
from pipeline.sample import SampleDay
from tanggap.records import Post, PostKind

Labels = Sequence[Hashable | None]


@dataclass(frozen=True, slots=True)
class Case:
    """Posts, the issue each truly belongs to, and whether some posts are no business of any issue."""

    name: str
    posts: Sequence[Post]
    gold: Labels
    chatter: bool


def labelled(path: Path) -> Case:
    """A labelled file in which every row counts."""
    rows = [row for row in read_rows(path) if "issue" in row.labels]
    return Case(path.stem, [grouping_post(row) for row in rows], [row.labels["issue"] or None for row in rows], False)


def sample_posts(day: SampleDay) -> list[Post]:
    """A sample day as its sources publish it, without crawling: posts, articles, reports, numbered in this order."""
    told = [
        *((post, PostKind.POST, "x", None, post.text) for post in day.posts),
        *((piece, PostKind.NEWS, piece.site, piece.title, "\n".join(piece.paragraphs)) for piece in day.articles),
        *((report, PostKind.REPORT, report.source, None, report.text) for report in day.reports),
    ]
    return [
        Post(
            source=source,
            native_id=str(number),
            kind=kind,
            title=title,
            text=text,
            published_at=item.at,
            collected_at=item.at,
            author=item.author,
        )
        for number, (item, kind, source, title, text) in enumerate(told)
    ]


def sample_city() -> Case:
    """The sample day with its true issues."""
    day = SampleDay.build(date(2026, 11, 21))
    truth = [item.issue for item in (*day.posts, *day.articles, *day.reports)]
    return Case("sample city", sample_posts(day), truth, True)
