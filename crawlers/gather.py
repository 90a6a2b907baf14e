"""The two entrances of the room: crawl a declared source, or read a file of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from crawlers.batch import Batch, Entry, Known, batches
from crawlers.door import Door
from crawlers.drift import LINE_CHARS, sample, watch
from crawlers.networks.bluesky import crawl_bluesky
from crawlers.networks.mastodon import crawl_mastodon
from crawlers.networks.telegram import crawl_telegram
from crawlers.networks.youtube import crawl_youtube
from crawlers.news.crawl import Recent, crawl_news, nothing_recent
from crawlers.news.discovery import crawl_discovery
from crawlers.reports.read import crawl_reports, read_reports
from crawlers.web.hosts import Hosts, MemoryHosts
from crawlers.x.crawl import crawl_x
from tanggap.errors import PayloadError, SourceError, UsageError
from tanggap.records import Post, Source, SourceKind
from tanggap.settings import Settings

#: Formats of `tanggap import`.
FORMATS = ("qlue-a", "qlue-b", "cognicity", "open311", "csv", "jsonl")


def crawl(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    known: Known,
    since: datetime | None = None,
    limit: int | None = None,
    hosts: Hosts | None = None,
    recent: Recent = nothing_recent,
) -> Iterator[Batch]:
    """Reads `source` once, from `cursor` on, and yields what belongs into the store together.

    Args:
        cursor: that of the last stored batch, "" the first time.
        known: which of some native ids the store holds; news does not fetch those pages again.
        since: leave out what was published before.
        limit: most items to take, the source's own limit where None.
        hosts: what all crawls together remember of web hosts; None for a memory of this crawl only.
        recent: the posts of this source published since a moment; news looks at some of them again.

    Raises:
        SourceError: the source as a whole failed, or too many of its records could not be read (see drift.py);
            `failure` says how. Batches yielded before stand.
        SettingsError: there is no pseudonym key.
    """
    hosts = hosts or MemoryHosts()
    if source.kind is SourceKind.NEWS:
        return crawl_news(
            source, settings, cursor=cursor, known=known, recent=recent, hosts=hosts, since=since, limit=limit
        )
    found = batches_of(source, settings, hosts, cursor=cursor, known=known, since=since, limit=limit)
    return watch(found, source, settings.now())


def batches_of(
    source: Source,
    settings: Settings,
    hosts: Hosts,
    *,
    cursor: str,
    known: Known,
    since: datetime | None,
    limit: int | None,
) -> Iterator[Batch]:
    """The batches of a source as its kind is read."""
    if source.kind is SourceKind.DISCOVERY:
        return crawl_discovery(source, settings, hosts=hosts, limit=limit)
    if source.kind is SourceKind.X:
        return crawl_x(source, settings, cursor=cursor, known=known, since=since, limit=limit)
    if source.kind is SourceKind.MASTODON:
        return crawl_mastodon(source, settings, cursor=cursor, since=since, limit=limit)
    if source.kind is SourceKind.BLUESKY:
        return crawl_bluesky(source, settings, cursor=cursor, known=known, since=since, limit=limit)
    if source.kind is SourceKind.YOUTUBE:
        return crawl_youtube(source, settings, cursor=cursor, known=known, since=since, limit=limit)
    if source.kind is SourceKind.TELEGRAM:
        return crawl_telegram(source, settings, cursor=cursor, known=known, since=since, limit=limit)
    return crawl_reports(source, settings, cursor=cursor, since=since, limit=limit, hosts=hosts)


def read_file(path: Path, format: str, source: Source, settings: Settings) -> Iterator[Batch]:  # noqa: A002 - the contract names it
    """The posts of a file in one of FORMATS, in batches.

    Raises:
        UsageError: there is no such format.
        SourceError: the file cannot be read.
        SettingsError: there is no pseudonym key.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no format {format}; choose one of {', '.join(FORMATS)}.")
    if format == "jsonl":
        return read_lines(path, source, settings)
    kind = SourceKind(format)
    if kind is SourceKind.CSV and source.kind is SourceKind.COUNTER:
        kind = SourceKind.COUNTER
    return read_reports(path, kind, source, settings)


def read_lines(path: Path, source: Source, settings: Settings) -> Iterator[Batch]:
    """JSON Lines of the contract, all filed under `source`; a line's own source is kept in `extra`."""
    from tanggap.exchange import Broken, read_posts

    door = Door(source, settings)
    last = Latest()
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            found = read_posts(last.of(lines), settings.pseudonym_key, settings.now(), settings.public_numbers)
            yield from batches(
                Entry(where=f"line {item.line}", read=partial(refuse, item.reason), sample=partial(sample, last.line))
                if isinstance(item, Broken)
                else Entry(where=item.native_id, read=partial(door.readmit, item))
                for item in found
            )
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.", "config") from None


class Latest:
    """The line that was read last, for the sample of a broken one."""

    line = ""

    def of(self, lines: Iterable[str]) -> Iterator[str]:
        """The lines, each remembered until the next."""
        for line in lines:
            self.line = line[: LINE_CHARS + 1]
            yield line


def refuse(reason: str) -> Post:
    """
    Raises:
        PayloadError: always, with the reason the line was broken.
    """
    raise PayloadError(reason)
