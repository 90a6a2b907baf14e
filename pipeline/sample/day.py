"""Turns the hand-written texts into one published day: who says what, when, and which true issue it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pipeline.sample import corpus
from pipeline.sample.press import articles_of
from pipeline.sample.published import Article, Published, Report, TrueIssue, X
from pipeline.sample.reports import reports_of
from pipeline.sample.timeline import posts_of


@dataclass(frozen=True, slots=True)
class SampleDay:
    """Everything the sample city publishes on one Jakarta day; each tuple is ordered by time."""

    day: date
    issues: Mapping[str, TrueIssue]
    posts: tuple[Published, ...]
    articles: tuple[Article, ...]
    reports: tuple[Report, ...]

    @classmethod
    def build(cls, day: date, seed: int = 7) -> SampleDay:
        """The day, the same for the same `day` and `seed`."""
        issues = corpus.true_issues()
        return cls(
            day=day,
            issues=MappingProxyType(issues),
            posts=posts_of(day, issues, corpus.lines("posts*.jsonl"), seed),
            articles=articles_of(day, corpus.lines("articles.jsonl")),
            reports=reports_of(day, issues, corpus.lines("reports.jsonl") + corpus.lines("counter.jsonl"), seed),
        )

    @property
    def truth(self) -> Mapping[tuple[str, str], str | None]:
        """(source, native id) -> slug of the issue or None; articles go by their own id, see `SampleServer.truth`."""
        return {
            **{(X, post.native_id): post.issue for post in self.posts},
            **{(article.site, article.id): article.issue for article in self.articles},
            **{(report.source, report.native_id): report.issue for report in self.reports},
        }
