"""JSON Lines at the door: what is required, what is repaired and masked, and that no line stops the next."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.exchange import Broken, read_posts, score_line
from tanggap.records import Place, Post, PostKind, Score

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
FULL = {
    "id": "x-1", "kind": "report", "title": None, "text": "banjir di kampung melayu", "source": "x", "author": "budi",
    "published_at": "2026-01-02T05:40:00+07:00", "url": "https://x.com/1", "lat": -6.2, "lon": 106.8,
    "engagement": {"likes": 3, "replies": 1, "reposts": 9, "views": 800},
}  # fmt: skip


def read(*rows: object, key: bytes = b"key") -> list[Post | Broken]:
    return list(read_posts([row if isinstance(row, str) else json.dumps(row) for row in rows], key, NOW))


def one(row: object, key: bytes = b"key") -> Post:
    (found,) = read(row, key=key)
    assert isinstance(found, Post), found
    return found


def test_a_full_post_is_read_with_every_field() -> None:
    post = one(FULL)
    assert (post.native_id, post.source, post.kind) == ("x-1", "x", PostKind.REPORT)
    assert post.published_at == datetime(2026, 1, 1, 22, 40, tzinfo=UTC)
    assert (post.engagement.likes, post.engagement.views, post.lat, post.lon) == (3, 800, -6.2, 106.8)


def test_only_id_and_text_are_required() -> None:
    post = one({"id": 7, "text": "jalan rusak"})
    assert (post.native_id, post.published_at, post.collected_at, post.author) == ("7", NOW, NOW, None)


def test_a_time_without_zone_is_jakartas() -> None:
    assert one({**FULL, "published_at": "2026-01-02T05:40:00"}).published_at.hour == 22


def test_an_author_becomes_a_pseudonym_and_without_a_key_nothing() -> None:
    assert one(FULL).author == one({**FULL, "id": "x-2"}).author != "budi"
    assert one(FULL, key=b"").author is None


def test_text_is_repaired_masked_and_clipped() -> None:
    post = one({"id": "1", "text": "NIK 3175031208900001 hub 081234567890\x00\ud800", "title": "nik 3175031208900001"})
    assert "3175031208900001" not in post.full_text
    assert "081234567890" not in post.text
    assert not set("\x00\ud800") & set(post.text)
    assert len(one({"id": "1", "text": "banjir " * 20_000}).text) <= 10_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no valid JSON"),
        ("[1]", "no JSON object"),
        ('{"text": "a"}', "`id`"),
        ('{"id": "1"}', "`text`"),
        ('{"id": "1", "text": 5}', "`text`"),
        ('{"id": "1", "text": "a", "kind": "tweet"}', "`kind`"),
        ('{"id": "1", "text": "a", "published_at": "kemarin"}', "`published_at`"),
        ('{"id": "1", "text": "a", "lat": 1e999}', "`lat`"),
        ('{"id": "1", "text": "a", "lat": NaN}', "`lat`"),
        ('{"id": "1", "text": "a", "engagement": {"likes": "many"}}', "`engagement.likes`"),
        ("[" * 100_000, ""),
    ],
)
def test_a_broken_line_is_named_and_the_next_one_is_read(line: str, reason: str) -> None:
    broken, post = read(line, FULL)
    assert isinstance(broken, Broken)
    assert broken.line == 1
    assert reason in broken.reason
    assert isinstance(post, Post)


def test_blank_lines_are_skipped_but_counted() -> None:
    found = read("", "  \n", "{", FULL)
    assert [type(item) for item in found] == [Broken, Post]
    assert isinstance(found[0], Broken)
    assert found[0].line == 3


@given(
    st.lists(
        st.one_of(st.text(), st.from_type(type).map(str), st.dictionaries(st.text(), st.integers()).map(json.dumps))
    )
)
def test_no_line_whatever_raises(lines: list[str]) -> None:
    assert len(list(read_posts(lines, b"key", NOW))) <= len(lines)


def test_a_score_line_has_the_keys_of_the_contract_in_its_order() -> None:
    place = Place(
        text="kampung melayu", start=10, end=24, level="kelurahan", code="31.75.03.1008", name="Kampung Melayu"
    )
    score = Score(
        model="2026.11.1", relevant=True, relevance=0.97, sentiment="negative", topic="banjir", complaint=True,
        urgency=3, urgency_probs=(0.01, 0.03, 0.16, 0.8), places=(place,), agency="AG05", language="id",
        reasons={"urgency": ("perahu",)},
    )  # fmt: skip
    line = score_line(one(FULL), score)
    assert list(line) == [
        "id", "model", "relevant", "relevance", "sentiment", "sentiment_probs", "topic", "topic_probs", "complaint",
        "urgency", "urgency_probs", "places", "agency", "language", "masked_text", "reasons", "abstained",
    ]  # fmt: skip
    found = line["places"][0]
    assert list(found) == ["text", "start", "end", "level", "code", "name", "lat", "lon"]
    assert line["masked_text"][found["start"] : found["end"]] == "kampung melayu"
    assert json.loads(json.dumps(line)) == line
