"""JSON Lines in and out: posts read line by line without ever stopping at a broken one, scores as plain mappings."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tanggap import privacy
from tanggap.clock import WIB
from tanggap.records import Engagement, Post, PostKind, Score
from tanggap.text import clip, repair

#: Longest text that is kept, in characters; the same limit as at the crawlers' door.
LONGEST = 10_000
#: Source of posts that name none.
UNNAMED = "jsonl"


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no post, and why."""

    line: int
    reason: str


def read_posts(
    lines: Iterable[str], key: bytes, now: datetime, public: frozenset[str] = frozenset()
) -> Iterator[Post | Broken]:
    """A post or a `Broken` per line, in order; blank lines are skipped.

    Only `id` and `text` are required. Text is repaired, masked and clipped; a missing time is `now` and the post
    is marked `untimed`, a time without zone is Jakarta's; the author becomes a pseudonym, or is dropped when `key`
    is empty. Masks leave the `public` phone numbers readable.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _post(json.loads(line), key, now, public)
            except (ValueError, TypeError, OverflowError, RecursionError) as error:
                yield Broken(number, _reason(error))


def score_line(post: Post, score: Score) -> dict[str, Any]:
    """The score as the exchange format has it; places count characters of `masked_text`.

    `toward` stands in it only where the post speaks of several bodies or places.
    """
    return {
        "id": post.native_id,
        "model": score.model,
        "relevant": score.relevant,
        "relevance": score.relevance,
        "sentiment": score.sentiment,
        "sentiment_probs": dict(score.sentiment_probs),
        "topic": score.topic,
        "topic_probs": dict(score.topic_probs),
        "complaint": score.complaint,
        "urgency": score.urgency,
        "urgency_probs": list(score.urgency_probs),
        "places": [asdict(place) for place in score.places],
        "agency": score.agency,
        "language": score.language,
        "masked_text": post.full_text,
        "reasons": {field: list(words) for field, words in score.reasons.items()},
        "abstained": list(score.abstained),
        **({"toward": dict(score.toward)} if score.toward else {}),
    }


def _post(row: Any, key: bytes, now: datetime, public: frozenset[str]) -> Post:
    """A post from one JSON object.

    Raises:
        ValueError: it is no object, or a field of it does not fit; says which.
    """
    if not isinstance(row, dict):
        raise ValueError("the line is no JSON object")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool) or row["id"] == "":
        raise ValueError("`id` is missing or neither text nor number")
    if not isinstance(row.get("text"), str):
        raise ValueError("`text` is missing or no text")
    handle = _text(row, "author")
    written = _time(row)
    return Post(
        source=_text(row, "source") or UNNAMED,
        native_id=repair(str(row["id"])),
        kind=_kind(row),
        title=_safe(_text(row, "title"), public) or None,
        text=_safe(row["text"], public),
        url=_text(row, "url") or None,
        published_at=written or now,
        collected_at=now,
        author=privacy.pseudonym(handle, key) if handle and key else None,
        engagement=_engagement(row),
        lat=_degrees(row, "lat", 90),
        lon=_degrees(row, "lon", 180),
        extra={} if written else {"untimed": True},
    )


def _safe(text: str, public: frozenset[str]) -> str:
    return clip(privacy.mask(repair(text), public), LONGEST)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is no text")
    return repair(value)


def _kind(row: Mapping[str, Any]) -> PostKind:
    kind = _text(row, "kind") or PostKind.POST
    if kind not in list(PostKind):
        raise ValueError(f"`kind` is {kind!r}, not one of {', '.join(PostKind)}")
    return PostKind(kind)


def _time(row: Mapping[str, Any]) -> datetime | None:
    written = _text(row, "published_at")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=WIB)).astimezone(WIB)
    except (ValueError, OverflowError):
        raise ValueError(f"`published_at` is no ISO 8601 time: {written[:40]!r}") from None


def _engagement(row: Mapping[str, Any]) -> Engagement:
    counts = row.get("engagement")
    if counts is None:
        return Engagement()
    if not isinstance(counts, dict):
        raise ValueError("`engagement` is no object")
    return Engagement(**{name: _count(counts.get(name), name) for name in ("likes", "replies", "reposts", "views")})


def _count(value: Any, name: str) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"`engagement.{name}` is no count")
    return value


def _degrees(row: Mapping[str, Any], name: str, limit: int) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"`{name}` is no number")
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError(f"`{name}` is not between -{limit} and {limit}")
    return float(value)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no valid JSON: {error.msg} at character {error.pos + 1}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
