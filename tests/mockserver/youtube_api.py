"""A stand-in for the YouTube Data API: playlist items, comment threads by time, replies, and its ways to refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.mockserver.api import Answer, answer
from tests.mockserver.web import Request

CHANNEL = "UCujiujiujiujiujiujiujiu"

#: The moment of comment number 0.
FIRST = datetime(2026, 1, 9, 0, 0, tzinfo=UTC)


def error(status: int, reason: str, message: str = "no") -> Answer:
    """A refusal in Google's form; a key it does not know is named in `details` only."""
    named = {"message": message, "domain": "youtube", "reason": "badRequest" if reason.isupper() else reason}
    told: dict[str, Any] = {"code": status, "message": message, "errors": [named]}
    if reason.isupper():
        told |= {"status": "INVALID_ARGUMENT", "details": [{"@type": "google.rpc.ErrorInfo", "reason": reason}]}
    return status, {"error": told}, {}


def stamp(seconds: int) -> str:
    """A time as the API writes it, `seconds` after FIRST."""
    return (FIRST + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def comment(name: str, at: int, parent: str = "", **fields: Any) -> dict[str, Any]:
    """A comment; the text is ours."""
    snippet = {
        "textDisplay": f"Banjir di Pondok Uji belum surut, komentar {name}",
        "authorDisplayName": "@warga",
        "authorChannelId": {"value": "UCwargawargawargawargawa"},
        "likeCount": 3,
        "publishedAt": stamp(at),
        "updatedAt": stamp(at),
        **({"parentId": parent} if parent else {}),
        **fields,
    }
    return {"kind": "youtube#comment", "id": name, "snippet": snippet}


def thread(number: int, replies: int = 0, **fields: Any) -> dict[str, Any]:
    """A comment with its replies; the API sends at most five of them along."""
    name = f"Ugx{number:05d}"
    return {
        "top": comment(name, number * 60, **fields),
        "replies": [comment(f"{name}.r{n}", number * 60 + n + 1, name) for n in range(replies)],
    }


@dataclass
class YouTubeApi:
    """Answers from `videos` (id -> threads); `refusals` go first, one per call of any list."""

    videos: dict[str, list[Any]]
    published: dict[str, str] = field(default_factory=dict)
    refusals: dict[int, Answer] = field(default_factory=dict)
    silent: dict[str, Answer] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, request: Request) -> None:
        parts = urlsplit(request.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        resource = parts.path.rpartition("/")[2]
        self.calls.append((resource, asked))
        given = self.refusals.get(len(self.calls)) or self.silent.get(asked.get("videoId", ""))
        answer(request, *(given or (200, getattr(self, resource)(asked), {})))

    def playlistItems(self, asked: dict[str, str]) -> dict[str, Any]:
        """The videos, as they stand."""
        items = [
            {"contentDetails": {"videoId": video, "videoPublishedAt": self.published.get(video, stamp(0))}}
            for video in self.videos
        ]
        return {"items": items[: int(asked["maxResults"])]}

    def commentThreads(self, asked: dict[str, str]) -> dict[str, Any]:
        """Newest first; a page token names the thread above the page, so that new ones shift nothing."""
        threads = self.videos[asked["videoId"]][::-1]
        token = asked.get("pageToken")
        if token:
            threads = threads[[t["top"]["id"] for t in threads].index(token) + 1 :]
        shown = threads[: int(asked["maxResults"])]
        page: dict[str, Any] = {"items": [self.shown(one) for one in shown]}
        if len(threads) > len(shown):
            page["nextPageToken"] = shown[-1]["top"]["id"]
        return page

    @staticmethod
    def shown(one: Any) -> Any:
        """A thread as the API gives it; a strange one as it is."""
        if not isinstance(one, dict) or "top" not in one:
            return one
        snippet = {"topLevelComment": one["top"], "totalReplyCount": len(one["replies"])}
        return {"id": "t", "snippet": snippet} | (
            {"replies": {"comments": one["replies"][:5]}} if one["replies"] else {}
        )

    def comments(self, asked: dict[str, str]) -> dict[str, Any]:
        """All replies to a comment."""
        every = (t for threads in self.videos.values() for t in threads)
        replies = next((t["replies"] for t in every if t["top"]["id"] == asked["parentId"]), [])
        begin = int(asked.get("pageToken", 0))
        end = begin + int(asked["maxResults"])
        return {"items": replies[begin:end]} | ({"nextPageToken": str(end)} if len(replies) > end else {})
