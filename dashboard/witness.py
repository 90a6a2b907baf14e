"""A stored post as it stands beside what the machine noticed or proposes: who brought it, when, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from dashboard import render
from dashboard.evidence import EXPIRED, LABELS, labels
from tanggap.city import City
from tanggap.clock import stamp
from tanggap.records import Post, Source
from tanggap.store import posts, scores, sources
from tanggap.text import clip

#: Longest quote, in characters.
QUOTE: Final = 220


def quotes(
    db: Connection, numbers: Iterable[int], city: City, part: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """The posts of these numbers as the components draw them, in this order; erased ones are left out.

    Args:
        part: where the words begin and end in the text that are quoted below its title.
    """
    asked = list(numbers)
    found = {post.id: post for post in posts.get(db, asked)}
    declared = {source.id: source for source in sources.all_sources(db)} if found else {}
    return [_quote(db, found[number], declared, city, part) for number in asked if number in found]


def _quote(
    db: Connection, post: Post, declared: dict[str, Source], city: City, part: Sequence[int] | None
) -> dict[str, Any]:
    """One post; of a source whose texts may not be shown altered, our own labels and a link."""
    source = declared.get(post.source)
    as_text = source is None or source.shows_text
    score = None if as_text else scores.of(db, post.id or 0)
    words = clip(" ".join((post.title or post.text).split()), QUOTE) or EXPIRED
    return {
        "label": f"{LABELS[post.kind]} {source.title if source else post.source}",
        "at": stamp(post.published_at),
        "text": words if as_text else labels(score, city.topics) if score else "buka di sumbernya",
        "said": clip(post.full_text[part[0] : part[1]], QUOTE) if part and as_text else "",
        "ours": not as_text,
        "link": render.link(post.url),
    }
