"""How much of an issue's reach has an official answer near it, and under which posts to answer next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tanggap.records import Link, Post, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Share of the reach that is answered, 0-1, and the unanswered posts, the widest first."""

    share: float
    answered: int
    posts: int
    next: tuple[Post, ...]


def coverage(members: Sequence[tuple[Link, Reading]], threads: Collection[str], top: int = 5) -> Coverage:
    """The coverage of an issue.

    A post is answered when it is one of `threads` (its address, native id or `source/id`), replies to one that is, or
    repeats one that is. A post nobody has counted yet reaches one person.
    """
    posts = {reading.post.id: reading.post for _, reading in members}
    answered = {key for key, post in posts.items() if names(post) & set(threads)}
    under = {(post.source, post.native_id) for key, post in posts.items() if key in answered}
    answered |= {key for key, post in posts.items() if (post.source, post.reply_to) in under}
    answered |= {link.post for link, _ in members if link.copy_of in answered}
    reach = {key: max(1, post.engagement.reach) for key, post in posts.items()}
    total = sum(reach.values())
    open_posts = sorted((key for key in posts if key not in answered), key=lambda key: -reach[key])
    return Coverage(
        share=sum(reach[key] for key in posts if key in answered) / total if total else 0.0,
        answered=sum(key in answered for key in posts),
        posts=len(posts),
        next=tuple(posts[key] for key in open_posts[:top]),
    )


def names(post: Post) -> set[str]:
    """What an officer may call a post by."""
    return {name for name in (post.url, post.native_id, f"{post.source}/{post.native_id}") if name}
