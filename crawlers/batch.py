"""What a crawler hands on: posts that belong into the store together with the cursor that follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tanggap import privacy
from tanggap.errors import PayloadError, RefusalKind
from tanggap.records import Lead, Post

#: Tells which of the given native ids the store holds already.
Known = Callable[[Sequence[str]], set[str]]

#: Posts per batch: large enough for one quick transaction, small enough to show progress.
BATCH = 200

#: What a reader stumbles over when a field holds something nobody has seen there before.
MISFITS = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One item that was not kept, and why."""

    kind: RefusalKind
    #: One sentence: where it stood and what was wrong.
    told: str
    #: For `payload`: the record as it came, masked and clipped, to look at in quarantine.
    sample: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Posts and the cursor to keep in the same transaction: a run killed between two batches loses nothing."""

    posts: tuple[Post, ...] = ()
    #: Where the next run begins once these posts are stored; "" for sources that start anew each time.
    cursor: str = ""
    #: Items looked at, refused ones included.
    fetched: int = 0
    refusals: tuple[Refusal, ...] = ()
    #: Sentences about the run itself rather than one of its items.
    remarks: tuple[str, ...] = ()
    #: Native ids of stored posts that their source has deleted.
    removed: tuple[str, ...] = ()
    #: Headlines of a news search, which become no posts.
    leads: tuple[Lead, ...] = ()
    #: What this batch cost at the source's price.
    cost_usd: float = 0.0

    @property
    def failed(self) -> int:
        """Items that could not be had or read; what a topic guard left out is no failure."""
        return sum(refusal.kind != "topic" for refusal in self.refusals)

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence per refused item, then the remarks."""
        return (*(refusal.told for refusal in self.refusals), *self.remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of a payload before it is read: where it stands, and the cursor once it is done."""

    where: str
    read: Callable[[], Post]
    cursor: str = ""
    #: Gives the record as it came, cleaned for quarantine; asked only when it cannot be read.
    sample: Callable[[], str] = str


def batches(entries: Iterable[Entry], *, since: datetime | None = None, limit: int | None = None) -> Iterator[Batch]:
    """The entries in batches; a broken one becomes a refusal, one older than `since` is left out."""
    source = iter(entries if limit is None else islice(entries, limit))
    while chunk := list(islice(source, BATCH)):
        read = [read_entry(entry) for entry in chunk]
        posts = tuple(item for item in read if isinstance(item, Post))
        yield Batch(
            posts=posts if since is None else tuple(post for post in posts if post.published_at >= since),
            cursor=chunk[-1].cursor,
            fetched=len(chunk),
            refusals=tuple(item for item in read if isinstance(item, Refusal)),
        )


def read_entry(entry: Entry) -> Post | Refusal:
    """The post of an entry, or why there is none; a record of whatever shape never ends the run."""
    try:
        return entry.read()
    except PayloadError as error:
        told = privacy.mask(f"{entry.where}: {error}.")
        return Refusal(kind=error.kind, told=told, sample=entry.sample() if error.kind == "payload" else "")
    except MISFITS as error:
        told = f"{entry.where}: its shape fits no reader ({type(error).__name__})."
        return Refusal(kind="payload", told=told, sample=entry.sample())
