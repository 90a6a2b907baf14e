"""Tries a source without storing anything: what it would bring, what was refused, what a day of it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

import crawlers
from crawlers import Refusal
from crawlers.networks.youtube import VIDEOS
from crawlers.networks.youtube_api import UNITS
from pipeline.jobs.crawling import within_budget
from tanggap.clock import WIB
from tanggap.cron import Cron
from tanggap.errors import SourceError
from tanggap.records import Lead, Post, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, spending, waits
from tanggap.text import clip

WEB = ("http://", "https://", "ws://", "wss://")
#: Read from a network by a name instead of an address.
NETWORKS = frozenset({SourceKind.X, SourceKind.YOUTUBE, SourceKind.TELEGRAM})

#: Units of a YouTube key that one run takes at most: a page of the newest videos, and one of comments under each.
YOUTUBE_RUN = 1 + VIDEOS

#: Fewest items that a network gives at once, and how far a try looks back where a first run would go through months.
LEAST = {SourceKind.X: 10}
BACK = {SourceKind.OPEN311: timedelta(days=7)}

TITLE, TEXT = 100, 160


@dataclass(slots=True)
class Trial:
    """What came of one try."""

    source: Source
    posts: list[Post] = field(default_factory=list)
    #: Headlines of a news search.
    leads: list[Lead] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    fetched: int = 0
    cost_usd: float = 0.0
    fault: SourceError | None = None

    @property
    def works(self) -> bool:
        """It brought at least one thing that may be kept."""
        return self.fault is None and bool(self.posts or self.leads)

    @property
    def live(self) -> bool:
        """It was read from where it really is, not from a file."""
        return self.source.kind in NETWORKS or self.source.address.startswith(WEB)


def attempt(source: Source, settings: Settings, limit: int, *, store: Store, since: datetime | None = None) -> Trial:
    """Reads a few items of a source as a crawl would, with the waits, budget and manners of all crawls of this store.

    Nothing is stored but the bill: what the items cost counts towards the day's budget.
    """
    trial, now = Trial(source), settings.now()
    if since is None and source.kind in BACK:
        since = now - BACK[source.kind]
    try:
        wanted = allowed(source, store, max(limit, LEAST.get(source.kind, 1)), now)
        for batch in crawlers.crawl(
            source,
            settings,
            known=lambda _: set(),
            since=since,
            limit=wanted,
            hosts=crawlers.StoredHosts(store),
        ):
            trial.posts += batch.posts
            trial.leads += batch.leads
            trial.refusals += batch.refusals
            trial.remarks += batch.remarks
            trial.fetched += batch.fetched
            trial.cost_usd += batch.cost_usd
    except SourceError as error:
        trial.fault = error
    if trial.cost_usd:
        with store.write() as db:
            spending.add(db, source.id, now, items=trial.fetched, usd=trial.cost_usd)
    return trial


def allowed(source: Source, store: Store, limit: int, now: datetime) -> int | None:
    """How many items may be asked for now.

    Raises:
        SourceError: the source was told to wait, or its budget of the day is spent.
    """
    with store.read() as db:
        wait, left = waits.until(db, source.id), spending.left(db, source, now)
    if wait is not None and wait.until > now:
        raise SourceError(wait.why, wait.failure, retry_at=wait.until)
    return within_budget(source, limit, left, now)


def report(trial: Trial, now: datetime) -> Iterator[str]:
    """The outcome, line by line, the verdict last."""
    source = trial.source
    yield line(f"{source.id} · {source.title} ({source.kind}) {source.address or source.query}")
    for post in trial.posts:
        yield from describe(post)
    for lead in trial.leads:
        yield line(
            f"  {lead.published_at.astimezone(WIB):%Y-%m-%d %H:%M} WIB  {clip(lead.title, TITLE)} ({lead.publisher})"
        )
    kept = f"{len(trial.leads)} headlines, no post," if trial.leads else len(trial.posts)
    yield f"Would store {kept} of {trial.fetched} looked at."
    if trial.refusals:
        kinds = Counter(refusal.kind for refusal in trial.refusals)
        yield f"Refused {len(trial.refusals)}: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        yield from (line(f"  {refusal.kind}: {refusal.told}") for refusal in trial.refusals[:5])
    yield from (line(f"Note: {remark}") for remark in trial.remarks[:5])
    yield f"Cost: {cost(trial, now)}"
    yield f"Pace: {pace(source, now)}"
    yield line(f"Verdict: {verdict(trial)}")


def describe(post: Post) -> Iterator[str]:
    """One post as it would be stored."""
    text = " ".join(post.text.split())
    yield line(f"  {post.published_at.astimezone(WIB):%Y-%m-%d %H:%M} WIB  {clip(post.title or text, TITLE)}")
    if post.title:
        yield line(f"      {clip(text, TEXT)}")
    facts = [f"author {post.author}" if post.author else "no author"]
    if post.lat is not None and post.lon is not None:
        facts.append(f"place {post.lat:.5f}, {post.lon:.5f}")
    if post.status is not None:
        facts.append(f"status {post.status}")
    facts += [post.url] if post.url else []
    yield line("      " + " · ".join(facts))


def cost(trial: Trial, now: datetime) -> str:
    """What the try cost, and what a day will."""
    source = trial.source
    if source.kind is SourceKind.YOUTUBE:
        units = round(YOUTUBE_RUN * runs_per_day(source, now))
        return f"no money; at most about {units:,} of the {UNITS:,} units a YouTube key has per day."
    if not source.price_usd:
        paid = source.kind is SourceKind.X
        return "unknown: write what one post costs into `price_usd`." if paid else "none."
    a_day = source.price_usd * source.expected_per_day
    allowed = [f"{source.budget_items} items"] if source.budget_items else []
    allowed += [f"${source.budget_usd:.2f}"] if source.budget_usd else []
    limit = f"the budget of a day is {' and '.join(allowed)}" if allowed else "there is no budget for a day"
    spent = f"${trial.cost_usd:.3f} for this try; about ${a_day:.2f} a day at {source.expected_per_day} posts"
    return f"{spent}, {limit}."


def runs_per_day(source: Source, now: datetime) -> float:
    """How often its schedule fires in a day, over the next week."""
    if not source.schedule:
        return 0.0
    week = now + timedelta(days=7)
    return sum(1 for _ in takewhile(lambda slot: slot < week, Cron(source.schedule).slots(now))) / 7


def pace(source: Source, now: datetime) -> str:
    """How gently it is read, and how often."""
    often = f"{runs_per_day(source, now):.0f} runs a day ({source.schedule})" if source.schedule else "no schedule"
    return f"{source.pace_s:g} s between two requests to its host; at most {source.limit} items a run; {often}."


def verdict(trial: Trial) -> str:
    """One sentence on whether the source may be switched on."""
    if trial.fault is not None:
        wait = trial.fault.retry_at
        until = f" It may be asked again from {wait.astimezone(WIB):%d %b %H.%M} WIB." if wait else ""
        return f"fails ({trial.fault.failure}): {trial.fault}{until}"
    if trial.works:
        return "works."
    return "answers, but brought nothing that would be stored; look at the address, the query and what was refused."


def line(text: str) -> str:
    """`text` without anything that moves a cursor or breaks the line."""
    return "".join(char if char.isprintable() else " " for char in text)
