"""The job that takes a file in: batch by batch, so that a killed import is repeated and changes nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import crawlers
from tanggap.errors import SourceError
from tanggap.records import CrawlRun, Source
from tanggap.settings import Settings
from tanggap.store import Store, posts, quarantine, runs


def take_file(
    store: Store, source: Source, settings: Settings, path: Path, form: str, *, tell: Callable[[str], None]
) -> CrawlRun:
    """Stores the posts of a file under `source`, in one transaction per batch, and gives the run that says so.

    Posts known with the same text are duplicates whose state and details are brought up to date. What cannot be read
    goes to quarantine and is told. The position of the source's own crawls and its budget stay as they are.

    Raises:
        SourceError: the file as a whole cannot be read; what was stored before stays.
    """
    now = settings.now
    with store.write() as db:
        run = CrawlRun(source=source.id, started_at=now(), id=runs.start(db, source.id, now()))
    try:
        for batch in crawlers.read_file(path, form, source, settings):
            run = take_batch(store, run, batch, settings)
            for note in batch.notes:
                tell(note)
    except SourceError as error:
        with store.write() as db:
            runs.finish(db, run.id or 0, now(), failure=error.failure, message=str(error))
        raise
    with store.write() as db:
        runs.finish(db, run.id or 0, now(), message=f"{path.name}")
    return run


def take_batch(store: Store, run: CrawlRun, batch: crawlers.Batch, settings: Settings) -> CrawlRun:
    """Stores one batch with what could not be read of it."""
    broken = [(refusal.told, refusal.sample) for refusal in batch.refusals if refusal.kind == "payload"]
    with store.write() as db:
        added = posts.add(db, batch.posts)
        run = run.evolve(
            fetched=run.fetched + batch.fetched,
            new=run.new + added.new,
            duplicate=run.duplicate + added.duplicate,
            changed=run.changed + added.changed,
            failed=run.failed + batch.failed,
            refused=dict(Counter(run.refused) + Counter(refusal.kind for refusal in batch.refusals)),
        )
        runs.advance(db, run)
        quarantine.add(db, run, settings.now(), broken)
    return run
