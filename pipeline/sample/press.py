"""The articles of the day, from articles.jsonl."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.sample.published import METRO, SUARA, Article
from tanggap.clock import WIB, day_bounds


def at(day: date, hours: float) -> datetime:
    """The instant `hours` after Jakarta midnight of `day`, in UTC, to the second."""
    return day_bounds(day)[0] + timedelta(seconds=round(hours * 3600))


def articles_of(day: date, lines: Sequence[Mapping[str, Any]]) -> tuple[Article, ...]:
    """The articles by time of publication."""
    articles = [
        Article(
            id=line["id"],
            site=line["site"],
            issue=line["issue"],
            at=at(day, line["at_h"]),
            title=line["title"],
            author=line["author"],
            paragraphs=tuple(line["paragraphs"]),
            pages=line.get("pages", 1),
            slow=line.get("slow", False),
        )
        for line in lines
    ]
    return tuple(sorted(articles, key=lambda article: (article.at, article.id)))


def slug(title: str) -> str:
    """`Banjir di Jakarta!` -> `banjir-di-jakarta`."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def path_of(article: Article) -> str:
    """Where the article stands on its site; every site has its own habit."""
    local = article.at.astimezone(WIB)
    if article.site == METRO:
        return f"/read/{local:%Y%m%d}{article.id.rpartition('-')[2]}/{slug(article.title)}"
    if article.site == SUARA:
        return f"/{local:%Y/%m/%d}/{slug(article.title)}"
    return f"/berita/{slug(article.title)}"


def page_of(article: Article, number: int) -> tuple[str, ...]:
    """The paragraphs of page `number`, counted from 1; paragraphs are shared out evenly, never split."""
    total = len(article.paragraphs)
    first, last = ((number - 1) * total) // article.pages, (number * total) // article.pages
    return article.paragraphs[first:last]
