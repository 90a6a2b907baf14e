"""A stand-in for a Mastodon instance: tag timelines with min_id, single statuses, and its ways to refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.mockserver.api import Answer, answer
from tests.mockserver.web import Request

TIMELINE = re.compile(r"/api/v1/timelines/tag/(?P<tag>[^/]+)")
STATUS = re.compile(r"/api/v1/statuses/(?P<id>[^/]+)")

#: The first of the snowflake ids below, of 8 January 2026; the API gives them as text.
BASE = 115_858_000_000_000_000


def status(number: int, *tags: str, **fields: Any) -> dict[str, Any]:
    """A status as the API gives it; the text is ours."""
    marks = "".join(
        f' <a href="https://sosial.example/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        for tag in tags
    )
    return {
        "id": str(BASE + number),
        "created_at": "2026-01-09T05:40:00.000Z",
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "id",
        "uri": f"https://sosial.example/users/warga{number}/statuses/{number}",
        "url": f"https://sosial.example/@warga{number}/{number}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "content": f"<p>Genangan di Pondok Uji belum surut, laporan nomor {number}</p><p>{marks}</p>",
        "reblog": None,
        "account": {"id": "9", "acct": f"warga{number}@lain.example", "noindex": False, "note": "<p>warga biasa</p>"},
        "tags": [{"name": tag, "url": f"https://sosial.example/tags/{tag}"} for tag in tags],
        **fields,
    }


@dataclass
class MastodonApi:
    """Answers from `statuses`; `refusals` go first, one per call of a timeline."""

    statuses: list[Any]
    refusals: dict[int, Answer] = field(default_factory=dict)
    #: Who may read tags: public, authenticated or disabled.
    access: str = "public"
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> None:
        path = urlsplit(request.path)
        asked = {key: values[0] for key, values in parse_qs(path.query).items()}
        self.tokens.add(request.headers.get("Authorization", ""))
        if path.path.rstrip("/") == "/api/v2/instance":
            feeds = {"local": self.access, "remote": self.access}
            self.reply(request, 200, {"configuration": {"timelines_access": {"hashtag_feeds": feeds}}})
        elif found := TIMELINE.fullmatch(path.path):
            self.timeline(request, unquote(found["tag"]), asked)
        elif found := STATUS.fullmatch(path.path):
            self.looked_at.append(found["id"])
            one = next((s for s in self.statuses if s.get("id") == found["id"]), None)
            self.reply(request, 200 if one else 404, one or {"error": "Record not found"})
        else:
            self.reply(request, 404, {"error": "Not found"})

    def timeline(self, request: Request, tag: str, asked: dict[str, str]) -> None:
        """The statuses right above min_id, newest first, at most `limit` and never more than 40."""
        self.calls.append((tag, asked))
        if len(self.calls) in self.refusals:
            self.reply(request, *self.refusals[len(self.calls)])
            return
        above, size = int(asked.get("min_id", 0)), min(40, int(asked.get("limit", 20)))
        tagged = [s for s in self.statuses if self.stands_under(s, tag)]
        first = next((n for n, s in enumerate(tagged) if self.number(s) > above), len(tagged))
        page = tagged[first : first + size][::-1]
        link = {}
        if page and isinstance(page[0], dict):
            base = f"http://{request.headers['Host']}/api/v1/timelines/tag/{tag}"
            link["Link"] = f'<{base}?min_id={page[0].get("id")}>; rel="prev"'
        self.reply(request, 200, page, link)

    @staticmethod
    def stands_under(one: Any, tag: str) -> bool:
        """Whether a status carries a tag."""
        return not isinstance(one, dict) or any(t.get("name") == tag for t in one.get("tags") or [])

    @staticmethod
    def number(one: Any) -> int:
        """The id of a status as a number; 0 for a strange one, which goes along with its neighbours."""
        told = str(one.get("id", "")) if isinstance(one, dict) else ""
        return int(told) if told.isdecimal() and len(told) < 20 else 0

    def reply(self, request: Request, code: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """An answer with the headers every instance sends."""
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}
        answer(request, code, body, limits | (headers or {}))
