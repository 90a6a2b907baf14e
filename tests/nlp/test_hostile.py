"""Texts made to break a reader: every one gets a score, none holds up the run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nlp.score import Scorer
from tanggap.city import load_city
from tanggap.records import Post
from tanggap.settings import packaged_config

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
WORDS = (
    "banjir di jl. Sudirman kel kebon jrk yg gk #JakartaBanjir @DKIJakarta tolong!!! rt02/03 wkwkwk kec.Gambir"
).split()
SIGNS = [
    *("\u200b", "\u202e", "\ufeff", "\x00", "\n", "\t", "\u0663", "\ufdfa", "\u2167", "e\u0301" * 9),
    *("😀", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u0430b\u0441d", "::::", "<<<"),
]


def hostile(count: int, seed: int) -> Iterator[str]:
    """Words, signs and noise glued, repeated, reversed and cut at random."""
    draw = random.Random(seed)
    for _ in range(count):
        parts = [draw.choice(draw.choice([WORDS, SIGNS])) for _ in range(draw.randrange(1, 30))]
        if draw.random() < 0.1:
            parts.append(chr(draw.randrange(1, 0xD7FF)) * draw.randrange(1, 400))
        if draw.random() < 0.05:
            parts.append(draw.choice(WORDS) * 2000)
        draw.shuffle(parts)
        text = draw.choice(["", " ", "-", "."]).join(parts)
        yield text[::-1] if draw.random() < 0.1 else text


def score_all(count: int, seed: int) -> None:
    scorer = Scorer.load(load_city(packaged_config()))
    texts = list(hostile(count, seed))
    posts = [Post(source="x", native_id="1", text=text, published_at=NOW, collected_at=NOW) for text in texts]
    scores = scorer.score(posts)
    assert len(scores) == count
    for post, score in zip(posts, scores, strict=True):
        assert score.language is None or score.relevant is not None or score.abstained
        assert all("tidak dapat dibaca" not in reason for reasons in score.reasons.values() for reason in reasons)
        assert all(post.text[place.start : place.end] == place.text for place in score.places)


def test_a_thousand_hostile_texts_are_scored() -> None:
    score_all(1_000, seed=1)


@pytest.mark.slow
def test_twenty_thousand_hostile_texts_are_scored() -> None:
    score_all(20_000, seed=2)
