"""The jobs: crawl, score, group, brief. Each is short, idempotent, and may be killed and run again at any moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

import crawlers
from nlp.score import Scorer
from tanggap.briefs.compose import compose, window
from tanggap.city import City
from tanggap.desk.workflow import Workflow
from tanggap.errors import ConflictError, FailureClass, SettingsError, SourceError, StoreError
from tanggap.issues.detect import Detection, Membership, detect
from tanggap.issues.priority import Ranking
from tanggap.records import AuditEntry, Brief, CrawlRun, Issue, Link, Reading, Source, Status, StatusChange
from tanggap.settings import Settings
from tanggap.store import Store, audit, briefs, issues, posts, runs, scores, sources
from tanggap.store.dialects import one_writer

logger = logging.getLogger(__name__)

MACHINE = "machine"
SCORE_BATCH = 500
#: Issues whose posts a brief may quote.
BRIEFED = 60


def crawl(
    store: Store, source: Source, settings: Settings, *, since: datetime | None = None, limit: int | None = None
) -> CrawlRun:
    """Reads one source once. Posts and the position to continue from are stored together, batch by batch.

    A failing source never raises: its run carries the failure and one sentence about it.
    """
    now = settings.now
    with store.write() as db:
        cursor = runs.cursor(db, source.id)
        run = CrawlRun(id=runs.start(db, source.id, now()), source=source.id, started_at=now(), cursor=cursor)
    failure: FailureClass | None = None
    notes: list[str] = []
    try:
        for batch in crawlers.crawl(
            source, settings, cursor=cursor, known=partial(_known, store, source), since=since, limit=limit
        ):
            notes += batch.notes
            run = _take(store, run, batch)
    except SourceError as error:
        failure, notes = error.failure, [str(error)]
    except (StoreError, SettingsError):
        raise
    except Exception as error:
        logger.exception("crawl failed", extra={"action": "crawl", "source": source.id})
        failure, notes = "layout", [f"{source.title} could not be read: {type(error).__name__}."]
    with store.write() as db:
        runs.finish(db, run.id or 0, now(), failure=failure, message=" ".join(notes[:3]))
    return run.evolve(ended_at=now(), failure=failure, message=" ".join(notes[:3]))


def _known(store: Store, source: Source, native_ids: Sequence[str]) -> set[str]:
    with store.read() as db:
        return posts.known(db, source.id, native_ids)


def _take(store: Store, run: CrawlRun, batch: crawlers.Batch) -> CrawlRun:
    """Stores one batch with the cursor that follows it."""
    with store.write() as db:
        added = posts.add(db, batch.posts)
        runs.advance(
            db,
            run.id or 0,
            fetched=batch.fetched,
            new=added.new,
            duplicate=added.duplicate,
            failed=batch.failed,
            cursor=batch.cursor,
        )
    return run.evolve(
        fetched=run.fetched + batch.fetched,
        new=run.new + added.new,
        duplicate=run.duplicate + added.duplicate,
        failed=run.failed + batch.failed,
    )


def score(store: Store, scorer: Scorer, *, progress: Callable[[int], None] = lambda _: None) -> int:
    """Scores every post that this model has not seen, in batches; returns how many.

    A post whose text was changed meanwhile stays unscored and comes again with the next batch.
    """
    done = 0
    while True:
        with store.read() as db:
            batch = posts.unscored(db, scorer.version, SCORE_BATCH)
        if not batch:
            return done
        found = scorer.score(batch)
        with store.write() as db:
            now_there = {post.id: post.full_text for post in posts.get(db, [post.id or 0 for post in batch])}
            pairs = zip(batch, found, strict=True)
            scores.add(db, [(p.id or 0, result) for p, result in pairs if now_there.get(p.id) == p.full_text])
        done += len(batch)
        progress(len(batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What one grouping pass changed."""

    opened: int
    linked: int
    merged: int


def group(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    """Finds issues among the relevant posts of the window and writes what changed, in one transaction.

    Whoever changes an issue meanwhile wins: the pass is done again on what he left.

    Raises:
        ConflictError: it happened three times in a row.
    """
    for _ in range(2):
        try:
            return _group_once(store, city, settings, ranking)
        except ConflictError:
            logger.info("issues changed during a pass", extra={"action": "group"})
    return _group_once(store, city, settings, ranking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a grouping pass started from: links of the window, and the living issue behind each link."""

    links: Mapping[int, Link]
    issues: Mapping[str, Issue]

    @classmethod
    def read(cls, db: Connection, start: datetime) -> Snapshot:
        """The links of posts since `start` and of older posts of open issues."""
        older = [link for link, _ in issues.open_members(db, start)]
        links = {link.post: link for link in [*older, *issues.links(db, start)]}
        alive = {name: issues.get(db, name) for name in {link.issue for link in links.values()}}
        return cls(links=links, issues={name: issue for name, issue in alive.items() if issue is not None})

    def issue_of(self, reading: Reading) -> str | None:
        """The living issue a reading belongs to."""
        link = self.links.get(reading.post.id or 0)
        return self.issues[link.issue].id if link and link.issue in self.issues else None


def _group_once(store: Store, city: City, settings: Settings, ranking: Ranking) -> Grouped:
    now = settings.now()
    start = now - timedelta(days=settings.issues.window_days)
    with store.read() as db:
        before = Snapshot.read(db, start)
        readings = [reading for _, reading in issues.open_members(db, start)]
        readings += scores.readings(db, start, now + timedelta(days=1), relevance=settings.issues.relevance)
    found = detect(
        readings,
        [before.issue_of(reading) for reading in readings],
        {issue.id: issue for issue in before.issues.values()},
        city=city,
        settings=settings.issues,
        ranking=ranking,
        now=now,
        next_id=partial(_next_id, store),
    )
    with store.write() as db:
        one_writer(db)
        if Snapshot.read(db, start) != before:
            raise ConflictError("Issues were changed during the grouping pass; run it again.")
        return _apply(db, found, readings, before, now)


def _next_id(store: Store, day: date) -> str:
    with store.write() as db:
        return issues.next_id(db, day)


def _apply(db: Connection, found: Detection, readings: Sequence[Reading], before: Snapshot, now: datetime) -> Grouped:
    existing = {issue.id: issue for issue in before.issues.values()}
    fresh = [issue for issue in found.issues if issue.id not in existing]
    joined = [_link(member, readings) for member in found.memberships]
    changed = [link for link in joined if link.post not in before.links or before.links[link.post].issue != link.issue]
    for issue in fresh:
        _open(db, issue, now)
    for issue in found.issues:
        if issue.id in existing:
            issues.refresh(db, issue)
    issues.link(db, changed)
    for loser, survivor in found.merged.items():
        _merge(db, existing[loser], survivor, now)
    return Grouped(opened=len(fresh), linked=len(changed), merged=len(found.merged))


def _link(member: Membership, readings: Sequence[Reading]) -> Link:
    post = readings[member.position].post.id
    original = None if member.copy_of is None else readings[member.copy_of].post.id
    return Link(
        post=post or 0,
        issue=member.issue,
        similarity=member.similarity,
        copy_of=original,
        suggested=member.suggested,
    )


def _open(db: Connection, issue: Issue, now: datetime) -> None:
    issues.add(db, issue)
    issues.add_change(db, StatusChange(issue=issue.id, at=now, by=MACHINE, before=None, after=Status.DETECTED))
    what = {"title": issue.title, "priority": issue.priority.value, "posts": issue.posts}
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.open", subject=issue.id, after=what))


def _merge(db: Connection, loser: Issue, survivor: str, now: datetime) -> None:
    """Lets an issue live on in another."""
    issues.update(db, loser.evolve(status=Status.MERGED, status_at=now, merged_into=survivor))
    change = StatusChange(issue=loser.id, at=now, by=MACHINE, before=loser.status, after=Status.MERGED, note=survivor)
    issues.add_change(db, change)
    audit.add(db, AuditEntry(at=now, by=MACHINE, action="issue.merge", subject=loser.id, after={"into": survivor}))


def brief(store: Store, city: City, day: date, made_at: datetime) -> Brief:
    """Composes and saves the brief of one Jakarta day, compared with the day before; each more is a new edition."""
    with store.read() as db:
        earlier = [made for made in briefs.days(db) if made < day]
        before = briefs.latest(db, max(earlier)) if earlier else None
        told = _worth_telling(db, before)
        made = compose(
            day,
            issues=told,
            members={issue.id: [reading for _, reading in issues.members(db, issue.id)] for issue in told[:BRIEFED]},
            readings=scores.readings(db, *window(day, made_at)),
            runs=runs.latest(db),
            sources=sources.all_sources(db),
            before=before,
            city=city,
            workflow=Workflow.load(city),
            made_at=made_at,
        )
    with store.write() as db:
        same_day = briefs.latest(db, day)
        made = made.evolve(edition=same_day.edition + 1 if same_day else 1)
        briefs.save(db, made)
    return made


def _worth_telling(db: Connection, before: Brief | None) -> list[Issue]:
    """Open issues, answered ones first, and those resolved since the brief before."""
    current = issues.open_issues(db)
    closed = issues.queue(db, status=[Status.RESOLVED], since=before.made_at if before else None)
    return sorted(current, key=lambda issue: issue.answered_at is None) + closed
