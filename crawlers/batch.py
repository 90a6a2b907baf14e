"""What a crawler hands on: posts that belong into the store together with the cursor that follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tanggap.errors import PayloadError
from tanggap.records import Post

#: Tells which of the given native ids the store holds already.
Known = Callable[[Sequence[str]], set[str]]

#: Posts per batch: large enough for one quick transaction, small enough to show progress.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Posts and the cursor to keep in the same transaction: a run killed between two batches loses nothing."""

    posts: tuple[Post, ...] = ()
    #: Where the next run begins once these posts are stored; "" for sources that start anew each time.
    cursor: str = ""
    #: Items looked at, broken ones included.
    fetched: int = 0
    failed: int = 0
    #: One sentence per refused or broken item.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of a payload before it is read: where it stands, and the cursor once it is done."""

    where: str
    read: Callable[[], Post]
    cursor: str = ""


def batches(entries: Iterable[Entry], *, since: datetime | None = None, limit: int | None = None) -> Iterator[Batch]:
    """The entries in batches; one that PayloadError refuses becomes a note, an older one than `since` is left out."""
    source = iter(entries if limit is None else islice(entries, limit))
    while chunk := list(islice(source, BATCH)):
        posts: list[Post] = []
        notes: list[str] = []
        for entry in chunk:
            try:
                posts.append(entry.read())
            except PayloadError as error:
                notes.append(f"{entry.where}: {error}.")
        fresh = tuple(post for post in posts if since is None or post.published_at >= since)
        yield Batch(posts=fresh, cursor=chunk[-1].cursor, fetched=len(chunk), failed=len(notes), notes=tuple(notes))
