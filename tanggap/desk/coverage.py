"""How much of an issue's reach has an official answer near it, and under which posts to answer next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tanggap.records import Link, Post, Reading

#: Unanswered posts that are kept, and those of them named as the next to answer.
KEPT, NEXT = 100, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An unanswered post, and the share of the issue's reach, 0-1, that one answer under it would add."""

    reading: Reading
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Share of the reach that is answered, 0-1, and the unanswered posts worth most, the best first."""

    share: float
    answered: int
    posts: int
    gaps: tuple[Gap, ...]

    @property
    def next(self) -> tuple[Post, ...]:
        """The posts to answer next."""
        return tuple(gap.reading.post for gap in self.gaps[:NEXT])


def coverage(members: Sequence[tuple[Link, Reading]], threads: Collection[str]) -> Coverage:
    """The coverage of an issue.

    A post is answered when it is one of `threads` (its address, native id or `source/id`), replies to one that is, or
    repeats one that is. A post nobody has counted yet reaches one person.
    """
    readings = {reading.post.id: reading for _, reading in members}
    posts = {key: reading.post for key, reading in readings.items()}
    reach = {key: max(1, post.engagement.reach) for key, post in posts.items()}
    total = sum(reach.values())
    near = _near(members)
    asked = {key for key, post in posts.items() if names(post) & set(threads)}
    answered = {one for key in asked for one in _reached(key, near)}
    gain = {key: sum(reach[one] for one in _reached(key, near) - answered) for key in posts if key not in answered}
    return Coverage(
        share=sum(reach[key] for key in answered) / total if total else 0.0,
        answered=len(answered),
        posts=len(posts),
        gaps=tuple(
            Gap(reading=readings[key], gain=gain[key] / total)
            for key in sorted(gain, key=lambda key: (-gain[key], -reach[key]))[:KEPT]
        ),
    )


def names(post: Post) -> set[str]:
    """What an officer may call a post by."""
    return {name for name in (post.url, post.native_id, f"{post.source}/{post.native_id}") if name}


def _near(members: Sequence[tuple[Link, Reading]]) -> tuple[dict[int | None, set[int | None]], ...]:
    """The replies to each post, and its copies."""
    keys = {(reading.post.source, reading.post.native_id): reading.post.id for _, reading in members}
    replies: dict[int | None, set[int | None]] = defaultdict(set)
    copies: dict[int | None, set[int | None]] = defaultdict(set)
    for link, reading in members:
        parent = keys.get((reading.post.source, reading.post.reply_to or ""))
        if parent is not None:
            replies[parent].add(reading.post.id)
        if link.copy_of is not None:
            copies[link.copy_of].add(reading.post.id)
    return replies, copies


def _reached(key: int | None, near: tuple[dict[int | None, set[int | None]], ...]) -> set[int | None]:
    """The posts that an answer under one of them reaches: itself, its replies, and the copies of these."""
    replies, copies = near
    direct = {key} | replies.get(key, set())
    return direct | {copy for one in direct for copy in copies.get(one, ())}
