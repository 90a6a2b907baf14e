"""Writes the sample day as a recording, as `tanggap replay` plays it, with its truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.sample.day import SampleDay
from pipeline.sample.published import X


def record(sample: SampleDay, folder: Path) -> None:
    """Writes posts.jsonl and issues.jsonl into `folder`, which must exist."""
    _write(folder / "posts.jsonl", sorted(lines(sample), key=lambda line: str(line["published_at"])))
    _write(folder / "issues.jsonl", ({"issue": one.slug, "urgency": one.urgency} for one in sample.issues.values()))


def lines(sample: SampleDay) -> Iterator[dict[str, Any]]:
    """Every post, article and report as a line of the exchange format with its true issue."""
    for post in sample.posts:
        counts = {"likes": post.likes, "replies": post.replies, "reposts": post.reposts, "views": post.views}
        yield {"id": post.native_id, "source": X, "kind": "post", "text": post.text, "author": post.author,
               "published_at": post.at.isoformat(), "engagement": counts, "issue": post.issue}  # fmt: skip
    for article in sample.articles:
        yield {"id": article.id, "source": article.site, "kind": "news", "title": article.title,
               "text": "\n".join(article.paragraphs), "published_at": article.at.isoformat(),
               "issue": article.issue}  # fmt: skip
    for report in sample.reports:
        yield {"id": report.native_id, "source": report.source, "kind": "report", "text": report.text,
               "author": report.author, "published_at": report.at.isoformat(), "lat": report.lat or None,
               "lon": report.lon or None, "issue": report.issue}  # fmt: skip


def _write(path: Path, rows: Any) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
