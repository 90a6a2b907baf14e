"""News searches: headlines to hold against what our own sources brought. Nothing is fetched but the search itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from crawlers.batch import Batch
from crawlers.door import Door, short_id
from crawlers.web.child import converse, fault
from crawlers.web.hosts import Hosts
from crawlers.web.job import Job
from tanggap.records import Lead, Source
from tanggap.settings import Settings


def crawl_discovery(source: Source, settings: Settings, *, hosts: Hosts, limit: int | None) -> Iterator[Batch]:
    """The headlines of a search, masked, as one batch of leads without a post.

    Raises:
        SourceError: the search cannot be had, or lists nothing.
    """
    door = Door(source, settings)
    job = Job.of("discovery", source, settings, limit=limit or source.limit)
    leads, remarks = [], []
    with closing(converse(job, hosts, lambda _: None)) as said:
        for word, told in said:
            if word == "fault":
                raise fault(source, settings, told)
            if word == "note":
                remarks.append(told["told"])
            if word == "lead":
                lead = Lead(
                    source=source.id,
                    native_id=short_id(told["native_id"]),
                    title=door.clean(told["title"]),
                    publisher=door.clean(told["publisher"]),
                    url=told["url"],
                    published_at=min(datetime.fromisoformat(told["published_at"]), door.now),
                )
                leads.append(lead)
    yield Batch(leads=tuple(leads), fetched=len(leads), remarks=tuple(remarks))
