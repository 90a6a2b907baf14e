"""A stand-in for recent search of X: pages, since_id, until_id, and its ways to refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.mockserver.web import Request

#: What X answers when the rate of 15 minutes, and when the paid volume of the month, is used up.
RATE = {"title": "Too Many Requests", "status": 429, "detail": "Too Many Requests", "type": "about:blank"}
CAP = {
    "title": "UsageCapExceeded",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": "https://api.twitter.com/2/problems/usage-capped",
}


def tweet(number: int, **fields: Any) -> dict[str, Any]:
    """A post as the API gives it; the text is ours."""
    return {
        "id": str(number),
        "text": f"Air PAM mati lagi di Pondok Uji, laporan nomor {number}",
        "created_at": "2026-01-02T05:40:00.000Z",
        "author_id": "4711",
        "lang": "in",
        "public_metrics": {
            "like_count": 3,
            "reply_count": 1,
            "retweet_count": 2,
            "quote_count": 1,
            "impression_count": 90,
        },
        **fields,
    }


@dataclass
class XApi:
    """Answers from `tweets`; `refusals` go first: (status, body, headers), one per request."""

    tweets: list[dict[str, Any]]
    refusals: dict[int, tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    oldest: int = 0
    calls: list[dict[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> None:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(request.path).query).items()}
        self.calls.append(asked)
        self.tokens.add(request.headers.get("Authorization", ""))
        if len(self.calls) in self.refusals:
            status, body, headers = self.refusals[len(self.calls)]
            request.answer(json.dumps(body).encode(), status=status, kind="application/json", headers=headers)
        elif 0 < int(asked.get("since_id", self.oldest)) < self.oldest:
            told = {"errors": [{"message": "'since_id' must be a tweet id created after the last 7 days"}]}
            request.answer(json.dumps(told).encode(), status=400, kind="application/json")
        else:
            request.answer(json.dumps(self.page(asked)).encode(), kind="application/json")

    def page(self, asked: dict[str, str]) -> dict[str, Any]:
        """Newest first, between since_id and until_id, at most max_results."""
        above, below = int(asked.get("since_id", 0)), int(asked.get("until_id", 10**20))
        found = [t for t in self.tweets if not str(t.get("id", "")).isdecimal() or above < int(t["id"]) < below]
        found.sort(key=lambda t: int(t["id"]) if str(t.get("id", "")).isdecimal() else 10**19, reverse=True)
        shown = found[: int(asked["max_results"])]
        meta: dict[str, Any] = {"result_count": len(shown)}
        if len(found) > len(shown):
            meta["next_token"] = "more"
        return (
            {"data": shown, "meta": meta, **({"errors": self.errors} if self.errors else {})}
            if shown
            else {"meta": meta}
        )
