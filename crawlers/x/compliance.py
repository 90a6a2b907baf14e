"""Asks X which of our stored posts are gone: a batch compliance job, step by step, each step safe to repeat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import requests

from crawlers.web.session import Session
from crawlers.x.client import PAUSE, ask, connect
from tanggap.errors import SourceError
from tanggap.records import Source
from tanggap.settings import Settings

#: Most bytes of one result; 64 MB tell of some 400,000 posts.
MOST_BYTES = 64_000_000
#: The position of the post was withdrawn; the post itself stays.
GEO = "scrub_geo"
#: A job of somebody else with our key is looked at again after this.
BUSY = timedelta(minutes=15)

State = Literal["created", "in_progress", "complete", "failed", "expired"]
STATES = ("created", "in_progress", "complete", "failed", "expired")


@dataclass(frozen=True, slots=True)
class Job:
    """A compliance job as X tells of it; the two addresses are signed and need no key."""

    id: str
    name: str
    state: State
    upload_url: str
    download_url: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a finished job found."""

    #: Posts to erase: deleted, or of an account that was deleted, suspended or made private.
    gone: tuple[str, ...] = ()
    #: Posts whose position was withdrawn.
    unmapped: tuple[str, ...] = ()
    #: Lines that could not be read.
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Compliance:
    """The compliance endpoints, as one source of X asks them."""

    source: Source
    settings: Settings
    client: Any = field(repr=False)

    @classmethod
    def of(cls, source: Source, settings: Settings) -> Compliance:
        """
        Raises:
            SourceError: the source names no agreement, or there is no key; failure `config`.
        """
        return cls(source, settings, connect(source, settings))

    @property
    def name(self) -> str:
        """What our job is called at X, so that one whose id was lost is found again."""
        return f"tanggap-{self.source.id}"[:64]

    def open(self) -> Job:
        """A new job, or ours that is still open at X: X works on one at a time.

        Raises:
            SourceError: `rate` while X works on another's job; else as for every question.
        """
        listed = self.ask(partial(self.client.get_compliance_jobs, "tweets")).get("data")
        alive = [read_job(one, self.source) for one in listed if isinstance(one, Mapping)] if listed else []
        alive = [job for job in alive if job.state in ("created", "in_progress")]
        if ours := next((job for job in alive if job.name == self.name), None):
            return ours
        if alive:
            told = f"{self.source.id}: X is at work on another compliance job of this key"
            raise SourceError(f"{told}.", "rate", retry_at=self.now + BUSY)
        made = self.ask(partial(self.client.create_compliance_job, "tweets", name=self.name))
        return read_job(made.get("data"), self.source)

    def look(self, job_id: str) -> Job:
        """The job as it stands."""
        return read_job(self.ask(partial(self.client.get_compliance_job, job_id)).get("data"), self.source)

    def upload(self, job: Job, native_ids: Iterable[str]) -> None:
        """Hands the ids over, one per line; done again it does the same."""
        text = {"Content-Type": "text/plain"}
        self.fetch("PUT", job.upload_url, data="\n".join(native_ids).encode(), headers=text)

    def findings(self, job: Job) -> Findings:
        """The result of a complete job, read to its end before anything is done about it.

        Raises:
            SourceError: it broke off (`network`), or no line of it can be read (`layout`).
        """
        lines = self.fetch("GET", job.download_url).decode("utf-8", "replace").splitlines()
        read = [read_line(line) for line in lines if line.strip()]
        found = [line for line in read if line is not None]
        if read and not found:
            raise SourceError(f"{self.source.id}: no line of the compliance result can be read.", "layout")
        return Findings(
            gone=tuple(key for key, reason in found if reason != GEO),
            unmapped=tuple(key for key, reason in found if reason == GEO),
            unread=len(read) - len(found),
        )

    @property
    def now(self) -> datetime:
        """The present."""
        return self.settings.now()

    def ask(self, call: Any) -> Mapping[str, Any]:
        """The answer of X itself."""
        return ask(self.source, self.now, call)

    def fetch(self, method: str, url: str, **kwargs: Any) -> bytes:
        """What a signed address answers; our key does not go there.

        Raises:
            SourceError: it cannot be reached, refuses, or is no public address.
        """
        limits = self.settings.limits.model_copy(update={"max_page_bytes": MOST_BYTES})
        with Session(self.settings.model_copy(update={"limits": limits})) as session:
            try:
                response = session.request(method, url, **kwargs)
            except requests.RequestException as error:
                told = f"{self.source.id}: the store of X's compliance jobs cannot be reached ({type(error).__name__})"
                raise SourceError(f"{told}.", "network", retry_at=self.now + PAUSE) from None
        if response.status_code >= 400:
            # Signed addresses live for minutes (upload) or a week (result); the next round sees what became of the job.
            told = f"{self.source.id}: the address of X's compliance job refuses ({response.status_code})"
            raise SourceError(f"{told}.", "network", retry_at=self.now + PAUSE)
        return response.content


def read_job(told: Any, source: Source) -> Job:
    """A job as X writes it.

    Raises:
        SourceError: it has another shape; failure `layout`.
    """
    job = told if isinstance(told, Mapping) else {}
    if not str(job.get("id", "")).isdecimal() or job.get("status") not in STATES:
        raise SourceError(f"{source.id}: X's compliance job has changed shape.", "layout")
    addresses = str(job.get("upload_url") or ""), str(job.get("download_url") or "")
    return Job(str(job["id"]), str(job.get("name") or ""), job["status"], *addresses)


def read_line(line: str) -> tuple[str, str] | None:
    """(id, reason) of one line of a result; None where it cannot be read."""
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, Mapping) or not str(told.get("id", "")).isdecimal():
        return None
    return str(told["id"]), str(told.get("reason") or told.get("action") or "")
