"""Comments under the newest videos of a YouTube channel or playlist, or under one video, newest first.

Each list call costs one unit of the 10,000 that a key has per Pacific day. The walk through a video's comments comes
down from the newest to the newest of the walk before; its place is kept per video, so a killed run goes on there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crawlers.batch import Batch, Entry, Known, Refusal, batches
from crawlers.dates import read_time
from crawlers.door import Door, Item
from crawlers.drift import sample
from crawlers.fields import count, identity, mapping, told, words
from crawlers.networks.youtube_api import UNITS, AbsentError, Api
from tanggap.errors import PayloadError, RefusalKind, SourceError
from tanggap.records import Engagement, Post, PostKind, Source
from tanggap.settings import Settings

#: Entries per list call.
PAGE = 100

#: Videos older than this are left alone, and so are those beyond the newest fifty.
YOUNG, VIDEOS = timedelta(days=14), 50

ADDRESS = re.compile(r"(channel:UC|playlist:|video:)([\w-]{6,64})")
VIDEO = re.compile(r"[\w-]{6,20}")

#: Reasons why one video has no comments for us -> how the refusal is filed and told.
SILENT: dict[str, tuple[RefusalKind, str]] = {
    "commentsDisabled": ("blocked", "has its comments switched off"),
    "videoNotFound": ("gone", "is gone"),
}


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the walk down one video's comments has come; times in seconds since 1970."""

    #: The newest comment of the walk before.
    since: int = 0
    #: In the middle of a walk: the page to go on with, and its newest comment.
    page: str = ""
    newest: int = 0

    def after(self, times: list[int], page: str, floor: int) -> Walk:
        """The walk once a page is stored; it ends where the floor or the end is reached."""
        newest = max(self.newest, *times) if times else self.newest
        over = not page or not times or min(times) < max(self.since, floor)
        return Walk(max(self.since, newest)) if over else Walk(self.since, page, newest)


def crawl_youtube(
    source: Source,
    settings: Settings,
    *,
    cursor: str = "",
    known: Known,
    since: datetime | None = None,
    limit: int | None = None,
) -> Iterator[Batch]:
    """Comments and replies, one batch per page; `known` tells which of them we hold, for those come again.

    Raises:
        SourceError: `config` without key or with an unfit address, `auth`, `rate`, `network`, `layout`; `cap` with
            the hour of the new quota when the day's units are spent.
    """
    form = ADDRESS.fullmatch(source.address)
    if form is None:
        raise SourceError(f"{source.id}: write its address as channel:UC..., playlist:... or video:....", "config")
    if not settings.secrets.youtube_api_key:
        raise SourceError(f"{source.id} is not configured: set TANGGAP_YOUTUBE_API_KEY to a key of YouTube.", "config")
    run = Run(Api(source, settings), Door(source, settings), known, since, limit or source.limit)
    yield from run.batches(form[1], form[2], read_cursor(cursor))


def read_cursor(cursor: str) -> dict[str, Walk]:
    """Walk per video; an unreadable cursor begins anew."""
    try:
        kept = json.loads(cursor or "{}")
        return {str(video): Walk(int(w[0]), str(w[1]), int(w[2])) for video, w in kept.items()}
    except (ValueError, TypeError, AttributeError, LookupError):
        return {}


class Run:
    """One run over the videos of a source."""

    def __init__(self, api: Api, door: Door, known: Known, since: datetime | None, limit: int) -> None:
        self.api, self.door, self.known, self.since, self.left = api, door, known, since, limit

    def batches(self, form: str, name: str, walks: dict[str, Walk]) -> Iterator[Batch]:
        """One batch per page of comments; the last one tells what the run cost."""
        videos = [name] if form == "video:" else self.videos(f"UU{name}" if form == "channel:UC" else name)
        walks = {video: walks.get(video, Walk()) for video in videos}
        for video in videos:
            while self.left > 0:
                batch, walks[video] = self.page(video, walks[video])
                self.left -= len(batch.posts)
                yield replace(batch, cursor=write_cursor(walks))
                if not walks[video].page:
                    break
        yield Batch(remarks=(f"{self.door.source.id}: {self.api.units} of {UNITS:,} units of the day's quota used.",))

    def videos(self, playlist: str) -> list[str]:
        """The young ones among the first videos of a playlist; uploads come newest first."""
        try:
            page = self.api.list("playlistItems", part="contentDetails", playlistId=playlist, maxResults=VIDEOS)
        except AbsentError:
            raise SourceError(f"{self.door.source.id}: YouTube knows no such channel or playlist.", "config") from None
        found: list[str] = []
        for item in page["items"]:
            details = item.get("contentDetails") if isinstance(item, Mapping) else None
            video = str(details.get("videoId")) if isinstance(details, Mapping) else ""
            published = read_time(details.get("videoPublishedAt")) if isinstance(details, Mapping) else None
            if published and published >= self.door.now - YOUNG and VIDEO.fullmatch(video):
                found.append(video)
        if page["items"] and not any(
            isinstance(item, Mapping) and item.get("contentDetails") for item in page["items"]
        ):
            raise SourceError(f"{self.door.source.id}: YouTube's playlists have changed shape.", "layout")
        return list(dict.fromkeys(found))

    def page(self, video: str, walk: Walk) -> tuple[Batch, Walk]:
        """The batch of one page of threads and the walk after it."""
        asked = {"part": "snippet,replies", "videoId": video, "order": "time", "textFormat": "plainText"}
        size = max(1, min(PAGE, self.left))
        try:
            page = self.api.list("commentThreads", maxResults=size, pageToken=walk.page or None, **asked)
        except AbsentError as error:
            if error.reason in SILENT:
                kind, why = SILENT[error.reason]
                quiet = Refusal(kind=kind, told=f"video {video} {why}.")
                return Batch(refusals=(quiet,)), Walk(walk.since)
            return self.page(video, Walk(walk.since)) if walk.page else (Batch(), walk)
        threads = page["items"]
        times = [int(min(at, self.door.now).timestamp()) for at in map(time_of_thread, threads) if at]
        floor = int(self.since.timestamp()) if self.since else 0
        return self.read(threads, video, walk), walk.after(times, str(page.get("nextPageToken") or ""), floor)

    def read(self, threads: list[Any], video: str, walk: Walk) -> Batch:
        """Threads and their replies as one batch, without what we hold unchanged."""
        comments = [comment for thread in threads for comment in self.comments(thread)]
        have = self.known([one for one in map(id_of, comments) if one])
        entries = [
            Entry(
                where=f"comment {id_of(one) or place} of {video}",
                read=partial(read_comment, one, video, self.door),
                sample=partial(sample, one),
            )
            for place, one in enumerate(comments, 1)
            if id_of(one) not in have or changed_since(one, walk.since)
        ]
        parts = list(batches(entries, since=self.since))
        return Batch(
            posts=tuple(post for part in parts for post in part.posts),
            fetched=sum(part.fetched for part in parts),
            refusals=tuple(one for part in parts for one in part.refusals),
        )

    def comments(self, thread: Any) -> list[Any]:
        """The comment that opens a thread and its replies; those not sent along are asked for when one is new."""
        snippet = thread.get("snippet") if isinstance(thread, Mapping) else None
        if not isinstance(snippet, Mapping):
            return [thread]
        sent = thread.get("replies")
        replies = sent.get("comments") if isinstance(sent, Mapping) else None
        found = [opening(snippet)]
        found += replies if isinstance(replies, list) else []
        ids = [one for one in map(id_of, found) if one]
        if ids and count(snippet.get("totalReplyCount")) > len(found) - 1 and set(ids) - self.known(ids):
            found[1:] = self.replies(ids[0])
        return found

    def replies(self, parent: str) -> list[Any]:
        """All replies to a comment."""
        found: list[Any] = []
        token = None
        while len(found) < self.left + PAGE:
            asked = {"part": "snippet", "parentId": parent, "textFormat": "plainText", "maxResults": PAGE}
            try:
                page = self.api.list("comments", pageToken=token, **asked)
            except AbsentError:
                break
            found += page["items"]
            token = page.get("nextPageToken")
            if not token:
                break
        return found


def write_cursor(walks: Mapping[str, Walk]) -> str:
    """The walks as a cursor; a video nobody has walked yet needs no place in it."""
    kept = {video: (w.since, w.page, w.newest) for video, w in walks.items() if w != Walk()}
    return json.dumps(kept, separators=(",", ":"))


def opening(snippet: Mapping[str, Any]) -> Any:
    """The comment that opens a thread, with the number of its replies."""
    top = snippet.get("topLevelComment")
    return {**top, "replies": snippet.get("totalReplyCount")} if isinstance(top, Mapping) else top


def snippet_of(comment: Any) -> Mapping[str, Any]:
    """What a comment says; empty where it has no such part."""
    snippet = comment.get("snippet") if isinstance(comment, Mapping) else None
    return snippet if isinstance(snippet, Mapping) else {}


def time_of_thread(thread: Any) -> datetime | None:
    """When a thread was opened."""
    return read_time(snippet_of(snippet_of(thread).get("topLevelComment")).get("publishedAt"))


def id_of(comment: Any) -> str:
    """The id of a comment, "" where it has none."""
    given = comment.get("id") if isinstance(comment, Mapping) else None
    return given if isinstance(given, str) else ""


def changed_since(comment: Any, since: int) -> bool:
    """Whether a comment was edited after the newest one of the walk before."""
    snippet = snippet_of(comment)
    edited = read_time(snippet.get("updatedAt"))
    return bool(edited and edited != read_time(snippet.get("publishedAt")) and edited.timestamp() >= since)


def read_comment(comment: Any, video: str, door: Door) -> Post:
    """One comment or reply.

    Raises:
        PayloadError: it has no id, time or text.
    """
    fields = mapping(comment, "the comment")
    snippet = mapping(fields.get("snippet"), "snippet")
    native_id = identity(fields, "id")
    published = read_time(snippet.get("publishedAt"))
    if published is None:
        raise PayloadError(f"publishedAt {told(snippet.get('publishedAt'))} is no time")
    channel = snippet.get("authorChannelId")
    author = words(channel, "value") if isinstance(channel, Mapping) else ""
    return door.admit(
        Item(
            native_id=native_id,
            text=words(snippet, "textDisplay") or words(snippet, "textOriginal"),
            published_at=published,
            kind=PostKind.POST,
            url=f"https://www.youtube.com/watch?v={video}&lc={native_id}",
            author=author or words(snippet, "authorDisplayName"),
            engagement=Engagement(likes=count(snippet.get("likeCount")), replies=count(fields.get("replies"))),
            reply_to=words(snippet, "parentId") or None,
            extra={"video": video},
        )
    )
