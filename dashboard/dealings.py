"""What the parts of an issue read of its many posts: coverage and effect of the answers, cached for all people."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import context, evidence, reading, render
from dashboard.words import dotted
from tanggap.desk.answering import Answering
from tanggap.desk.coverage import Coverage, Gap
from tanggap.desk.effect import Effect
from tanggap.desk.measuring import Measuring
from tanggap.records import Issue, Post, PostKind, Reading, Source
from tanggap.text import clip

#: Characters of a post in a list.
LINE = 70


def coverage(issue: Issue) -> Coverage:
    """The coverage of the answers of an issue."""
    return _coverage(issue.id, issue.version, issue.posts)


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def _coverage(issue_id: str, version: int, posts: int) -> Coverage:
    """Keyed by what changes with every publication and every post."""
    del version, posts
    return Answering(context.current().desk).coverage(issue_id)


def effect(issue: Issue) -> Effect:
    """What followed the first answer of an issue."""
    return _effect(issue.id, issue.version)


@st.cache_data(ttl=300, max_entries=128, show_spinner=False)
def _effect(issue_id: str, version: int) -> Effect:
    """Looks at up to 500 like issues, so not at every draw."""
    del version
    here = context.current()
    return Measuring(here.store, here.city, here.now).effect(issue_id)


def gap_data(gap: Gap) -> dict[str, Any]:
    """An unanswered post as the component draws it."""
    return {"gain": percent(gap.gain), **post_data(gap.reading)}


def post_data(one: Reading) -> dict[str, Any]:
    """A post as a row: channel, reach, author, words, link."""
    return {"about": about(one.post), "text": said(one, evidence.QUOTE), "link": render.link(one.post.url)}


def threads(told: Coverage) -> dict[str, str]:
    """The posts a text may stand under, the one worth most first: `source/id` -> a line that tells which it is."""
    return {
        f"{gap.reading.post.source}/{gap.reading.post.native_id}": render.plain(
            f"{percent(gap.gain)} · {about(gap.reading.post)} · “{said(gap.reading, LINE)}”"
        )
        for gap in told.gaps
    }


def about(post: Post) -> str:
    """Channel, reach and author of a post: `X contoh · jangkauan 1.203 · akun a1b2c3`."""
    source = _source(post)
    named = post.author and post.kind is not PostKind.NEWS and (source is None or source.shows_text)
    return " · ".join(
        filter(
            None,
            (
                source.title if source else post.source,
                f"jangkauan {dotted(max(1, post.engagement.reach))}",
                f"akun {post.author[: evidence.NAME]}" if named and post.author else "",
            ),
        )
    )


def said(one: Reading, most: int) -> str:
    """What a post says; of a source whose texts may not be shown altered, our own labels."""
    source = _source(one.post)
    if source is not None and not source.shows_text:
        return evidence.labels(one.score, context.current().city.topics)
    words = " ".join(filter(None, (one.post.title, one.post.text)))
    return clip(" ".join(words.split()), most) or evidence.EXPIRED


def percent(share: float) -> str:
    """`12%`; a share that rounds to nothing is still something."""
    return f"{round(100 * share)}%" if share >= 0.005 or not share else "<1%"


def _source(post: Post) -> Source | None:
    return next((source for source in reading.crawl_state()[0] if source.id == post.source), None)
