"""The job that asks X which stored posts are gone and takes those out; every step may be killed and done again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import crawlers
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings
from tanggap.store import Store, compliance, erasure
from tanggap.store.dialects import chunks
from tanggap.store.erasure import Erased

if TYPE_CHECKING:
    from crawlers.x.compliance import Compliance, Job

#: Posts taken out in one transaction.
PART = 200
WHY = "deleted, suspended or made private at X"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How far a check of one source has come."""

    source: str
    #: Ids handed to X.
    checked: int = 0
    #: False while X is still at work; call `comply` again later.
    finished: bool = True
    erased: Erased = field(default_factory=Erased)
    #: Posts that lost their position.
    unmapped: int = 0
    #: Lines of the result that could not be read.
    unread: int = 0


def comply(store: Store, source: Source, settings: Settings, *, every: timedelta | None = None) -> Sweep:
    """Goes one round: begins a job, hands X the ids, or does what a finished job found; never waits for X.

    The id of the job is kept in the store. A job that was made but not kept, because the process died in between, is
    found again at X by its name; ids that may not have arrived are sent again; a result half done is done anew, which
    changes nothing where it was done.

    Args:
        every: begin no job sooner than this after the one before; None begins one whenever none is open.

    Raises:
        SourceError: no agreement or key (`config`), X refuses or is busy with another job; `retry_at` says until when.
    """
    endpoint = crawlers.Compliance.of(source, settings)
    with store.read() as db:
        kept = compliance.current(db, source.id)
        begun = compliance.last_begun(db, source.id)
        native_ids = compliance.to_check(db, source.id)
    rested = every is None or begun is None or settings.now() - begun >= every
    if kept is None and not (native_ids and rested):
        return Sweep(source=source.id)
    job = _look(store, endpoint, kept.job) if kept else endpoint.open()
    if job.state == "created":
        _keep(store, endpoint, job)
        endpoint.upload(job, native_ids)
    if job.state in ("created", "in_progress"):
        # A job found again at X was given its ids by a process that died: what it was given is not known any more.
        checked = kept.ids if kept and kept.ids else len(native_ids)
        _keep(store, endpoint, job, checked)
        return Sweep(source=source.id, checked=checked, finished=False)
    checked = kept.ids if kept else 0
    if job.state == "complete":
        return _finish(store, endpoint, job, checked)
    with store.write() as db:
        compliance.give_up(db, source.id)
    told = f"{source.id}: the compliance job of X ended as {job.state}; the next round begins another"
    raise SourceError(f"{told}.", "network", retry_at=endpoint.now)


def _look(store: Store, endpoint: Compliance, job_id: str) -> Job:
    """The kept job as it stands; one X no longer knows is forgotten, so that the next round begins anew."""
    try:
        return endpoint.look(job_id)
    except SourceError as error:
        if error.failure == "config":
            with store.write() as db:
                compliance.give_up(db, endpoint.source.id)
        raise


def _keep(store: Store, endpoint: Compliance, job: Job, ids: int = 0) -> None:
    with store.write() as db:
        compliance.keep(db, endpoint.source.id, job.id, endpoint.now, ids)


def _finish(store: Store, endpoint: Compliance, job: Job, checked: int) -> Sweep:
    """Does what a complete job found, part by part, and lets the job go last."""
    source, found = endpoint.source, endpoint.findings(job)
    erased, unmapped = Erased(), 0
    for part in chunks(found.gone, PART):
        with store.write() as db:
            erased += erasure.erase(db, source.id, part, at=endpoint.now, why=WHY)
    with store.write() as db:
        unmapped = erasure.unmap(db, source.id, found.unmapped)
        compliance.close(db, source.id)
    return Sweep(source=source.id, checked=checked, erased=erased, unmapped=unmapped, unread=found.unread)
