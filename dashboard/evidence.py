"""Picks what proves an issue: the farthest travelled posts with their copies folded, news first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import render
from tanggap.city import Topic
from tanggap.clock import stamp
from tanggap.desk.workflow import Workflow
from tanggap.issues.summary import Sentence
from tanggap.records import Issue, Link, PostKind, Reading, Score, Source, SourceKind
from tanggap.text import clip

LABELS = {PostKind.POST: "Unggahan", PostKind.NEWS: "Berita", PostKind.REPORT: "Laporan"}
TONES = {"negative": "negatif", "neutral": "netral", "positive": "positif"}
URGENT = {2: "perlu dijawab hari ini", 3: "mendesak"}
#: What a number of a summary counts, as its sentence says it.
UNIT = re.compile(r" (?:suara berbeda|di media sosial|lewat laporan warga|di berita|kiriman|berita|laporan|keluhan)")
#: Stands where a text was kept as long as it may be.
EXPIRED = "(teks tidak disimpan lagi)"
#: News quoted first, then posts and reports by reach.
NEWS, POSTS = 2, 5
#: Characters of an account's pseudonym that tell it apart on a page.
NAME = 6
#: Longest quote, in characters; the whole stands at the source.
QUOTE = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A post of an issue with the number of copies folded into it."""

    link: Link
    reading: Reading
    copies: int = 0


def folded(members: Sequence[tuple[Link, Reading]]) -> list[Quote]:
    """The members without copies; each original counts its own. A copy whose original is not here stands for it."""
    stored = {link.post for link, _ in members}
    root = {link.post: link.copy_of if link.copy_of in stored else link.post for link, _ in members}
    copies = Counter(root.values())
    return [
        Quote(link=link, reading=reading, copies=copies[link.post] - 1)
        for link, reading in members
        if root[link.post] == link.post
    ]


def chosen(members: Sequence[tuple[Link, Reading]]) -> list[Quote]:
    """What to read first: two news items, then the five posts and reports that travelled farthest."""
    quotes = sorted(folded(members), key=lambda quote: -(quote.reading.post.engagement.reach + 10 * quote.copies))
    news = [quote for quote in quotes if quote.reading.post.kind is PostKind.NEWS]
    rest = [quote for quote in quotes if quote.reading.post.kind is not PostKind.NEWS]
    return news[:NEWS] + rest[:POSTS]


def quote_data(
    quote: Quote, sources: Mapping[str, Source], workflow: Workflow, topics: Mapping[str, Topic]
) -> dict[str, Any]:
    """A quote as the component draws it; of a source whose texts may not be shown altered, our labels and a link."""
    post, source = quote.reading.post, sources.get(quote.reading.post.source)
    as_text = source is None or source.shows_text
    x = source is not None and source.kind is SourceKind.X
    return {
        "post": quote.link.post,
        "kind": post.kind.value,
        "label": f"{LABELS[post.kind]} {source.title if source else post.source}",
        "author": f"akun {post.author[:NAME]}" if post.author and as_text and post.kind is not PostKind.NEWS else None,
        "reach": post.engagement.reach,
        "at": stamp(post.published_at),
        "status": workflow.label(post.status) if post.status else None,
        "suggested": quote.link.suggested,
        "title": post.title if as_text else None,
        "text": (clip(post.text, QUOTE) or EXPIRED) if as_text else labels(quote.reading.score, topics),
        "ours": not (as_text and post.text),
        "copies": quote.copies,
        "link": render.link(post.url),
        "open": "Buka di X" if x else "buka sumber",
    }


def sentence_data(sentence: Sentence) -> list[dict[str, Any]]:
    """A sentence of a summary in pieces: plain words, and numbers with the name under which their posts open."""
    pieces: list[dict[str, Any]] = []
    rest = sentence.text
    for count in sentence.counts:
        before, figure, rest = rest.partition(str(count.number))
        follow = UNIT.match(rest)
        unit = follow[0] if follow else ""
        pieces += [{"words": before}, {"words": figure + unit, "opens": count.name}]
        rest = rest.removeprefix(unit)
    return [piece for piece in (*pieces, {"words": rest}) if piece["words"]]


def labels(score: Score, topics: Mapping[str, Topic]) -> str:
    """What the machine made of a post, in our own words: `Keluhan · Banjir & genangan · nada negatif · mendesak`."""
    words = [
        "Keluhan" if score.complaint else "Kiriman",
        topics[score.topic].label if score.topic and score.topic in topics else "",
        f"nada {TONES[score.sentiment]}" if score.sentiment else "",
        URGENT.get(score.urgency or 0, ""),
    ]
    return " · ".join(word for word in words if word)


def reason_data(issue: Issue) -> list[dict[str, Any]]:
    """The parts of the score, highest first."""
    reasons = sorted(issue.reasons, key=lambda reason: -reason.points)
    return [{"part": reason.part, "points": reason.points, "text": reason.text} for reason in reasons]
