"""The job that crawls: one source, once, with everything it brought, cost and refused on its run."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import crawlers
from pipeline.jobs.coverage import match_leads
from tanggap.clock import WIB
from tanggap.errors import FailureClass, SettingsError, SourceError, StoreError
from tanggap.records import CrawlRun, Post, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, erasure, leads, news, posts, quarantine, runs, spending, waits

logger = logging.getLogger(__name__)

#: Sentences kept on a run.
TOLD = 3

#: Why posts that a network tells us are gone are erased.
UPSTREAM = "deleted at its source"


@dataclass(slots=True)
class Ending:
    """How a run ended, while it ends."""

    failure: FailureClass | None = None
    notes: list[str] = field(default_factory=list)
    retry_at: datetime | None = None


def crawl(
    store: Store, source: Source, settings: Settings, *, since: datetime | None = None, limit: int | None = None
) -> CrawlRun:
    """Reads one source once. Posts and the position to continue from are stored together, batch by batch.

    A failing source never raises: its run carries the failure and one sentence about it. A source that was asked to
    wait, or whose budget of the day is spent, is not asked at all.
    """
    now = settings.now
    with store.write() as db:
        wait = waits.until(db, source.id)
        cursor = runs.cursor(db, source.id)
        run = CrawlRun(source=source.id, started_at=now(), cursor=cursor)
        if wait is not None and wait.until > now():
            told = f"{wait.why} Waits until {wait.until.astimezone(WIB):%d %b %H.%M} WIB."
            return run.evolve(ended_at=now(), failure=wait.failure, message=told)
        left = spending.left(db, source, now())
        run = run.evolve(id=runs.start(db, source.id, now()))
    ending = Ending()
    try:
        wanted = within_budget(source, limit, left, now())
        for batch in crawlers.crawl(
            source,
            settings,
            cursor=cursor,
            known=partial(_known, store, source),
            since=since,
            limit=wanted,
            hosts=crawlers.StoredHosts(store),
            recent=partial(_recent, store, source),
        ):
            ending.notes += batch.notes
            run = _take(store, source, run, batch, now())
        if source.kind is SourceKind.DISCOVERY:
            match_leads(store, settings)
    except SourceError as error:
        ending = Ending(error.failure, [str(error)], error.retry_at)
    except (StoreError, SettingsError):
        raise
    except Exception as error:
        logger.exception("crawl failed", extra={"action": "crawl", "source": source.id})
        ending = Ending("layout", [f"{source.title} could not be read: {type(error).__name__}."])
    return _finish(store, run, ending, now())


def within_budget(source: Source, limit: int | None, left: int | None, at: datetime) -> int | None:
    """The most items this run may take; `left` is None for a source without budget.

    Raises:
        SourceError: nothing is left of the day's budget; failure `cap`.
    """
    if left is None:
        return limit
    if left <= 0:
        renewed = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        told = f"{source.id}: the budget of the day is spent; it is renewed at {renewed.astimezone(WIB):%H.%M} WIB."
        raise SourceError(told, "cap", retry_at=renewed)
    return min(limit or source.limit, left)


def _known(store: Store, source: Source, native_ids: Sequence[str]) -> set[str]:
    with store.read() as db:
        return posts.known(db, source.id, native_ids)


def _recent(store: Store, source: Source, since: datetime) -> list[Post]:
    with store.read() as db:
        return news.recent(db, since, source=source.id)


def _take(store: Store, source: Source, run: CrawlRun, batch: crawlers.Batch, at: datetime) -> CrawlRun:
    """Stores one batch with the cursor that follows it, what it cost and what could not be read."""
    broken = [(refusal.told, refusal.sample) for refusal in batch.refusals if refusal.kind == "payload"]
    with store.write() as db:
        added = posts.add(db, batch.posts)
        found = leads.add(db, batch.leads)
        removed = erasure.erase(db, source.id, batch.removed, at=at, why=UPSTREAM).posts
        run = run.evolve(
            fetched=run.fetched + batch.fetched,
            new=run.new + added.new + found,
            duplicate=run.duplicate + added.duplicate + len(batch.leads) - found,
            changed=run.changed + added.changed,
            failed=run.failed + batch.failed,
            removed=run.removed + removed,
            refused=dict(Counter(run.refused) + Counter(refusal.kind for refusal in batch.refusals)),
            cost_usd=run.cost_usd + batch.cost_usd,
            cursor=batch.cursor or run.cursor,
        )
        runs.advance(db, run)
        spending.add(db, source.id, at, items=batch.fetched, usd=batch.cost_usd)
        quarantine.add(db, run, at, broken)
    return run


def _finish(store: Store, run: CrawlRun, ending: Ending, at: datetime) -> CrawlRun:
    """Closes the run and remembers until when its source is to be left alone."""
    message = " ".join(ending.notes[:TOLD])
    run = run.evolve(ended_at=at, failure=ending.failure, message=message)
    with store.write() as db:
        runs.finish(db, run.id or 0, at, failure=ending.failure, message=message)
        if ending.failure and ending.retry_at:
            waits.put(db, run.source, ending.retry_at, ending.failure, ending.notes[0])
        else:
            waits.clear(db, run.source)
    return run
