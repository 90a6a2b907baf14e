"""What one crawl process is told: plain values on one line of JSON, no secret among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from tanggap.records import Source

if TYPE_CHECKING:  # what checks settings is large, and a crawl process never does
    from tanggap.settings import Settings


Task = Literal["news", "discovery", "fetch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One crawl: `news` walks a feed, sitemap or listing to its articles, `discovery` reads headlines only, `fetch`
    brings one body back.
    """

    task: Task
    address: str
    user_agent: str
    pace_s: float
    limit: int
    since: str
    allow_addresses: tuple[str, ...]
    max_page_bytes: int
    page_timeout_s: float
    crawl_timeout_s: float
    max_redirects: int
    #: Listing -> the ETag and Last-Modified it had when everything it listed was settled.
    validators: dict[str, tuple[str, str]]
    #: Process id of the parent; the child ends itself once this is no longer its parent.
    parent: int = 0

    @classmethod
    def of(
        cls,
        task: Task,
        source: Source,
        settings: Settings,
        *,
        limit: int = 1,
        since: datetime | None = None,
        validators: Mapping[str, tuple[str, str]] | None = None,
    ) -> Self:
        """The job of reading `source` within the limits of this installation."""
        limits = settings.limits
        return cls(
            task=task,
            address=source.address,
            user_agent=settings.crawler.user_agent,
            pace_s=source.pace_s,
            limit=limit,
            since=since.isoformat() if since else "",
            allow_addresses=limits.allow_addresses,
            max_page_bytes=limits.max_page_bytes,
            page_timeout_s=limits.page_timeout_s,
            crawl_timeout_s=limits.crawl_timeout_s,
            max_redirects=limits.max_redirects,
            validators=dict(validators or {}),
        )

    @classmethod
    def from_json(cls, line: str) -> Self:
        """The job of a line that `to_json` wrote."""
        values = json.loads(line)
        return cls(**{**values, "allow_addresses": tuple(values["allow_addresses"])})

    def to_json(self, parent: int) -> str:
        """One line of JSON, with the process id of who sends it."""
        return json.dumps({**asdict(self), "parent": parent})

    def allows(self, host: str, port: int) -> bool:
        """Whether the operator named this host and port as fit to be fetched although not public."""
        return f"{host}:{port}" in self.allow_addresses

    def conditions(self, listing: str) -> dict[str, str]:
        """The headers that ask for a listing only if it changed."""
        return conditions(*self.validators.get(listing, ("", "")))

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts of `allow_addresses`."""
        return frozenset(host for entry in self.allow_addresses if (host := urlsplit(f"//{entry}").hostname))


def conditions(etag: str, modified: str) -> dict[str, str]:
    """The headers that ask for an answer only if it is another than the one these validators came with."""
    told = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in told.items() if value}
