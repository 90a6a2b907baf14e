"""A stand-in for X: recent search, timelines, lists, its ways to refuse, and batch compliance jobs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.mockserver.web import MockWeb, Request

PROBLEMS = "https://api.twitter.com/2/problems"

#: What X answers when the rate of 15 minutes, and when the paid volume of the month, is used up.
RATE = {"title": "Too Many Requests", "status": 429, "detail": "Too Many Requests", "type": "about:blank"}
CAP = {
    "title": "UsageCapExceeded",
    "detail": "Usage cap exceeded: Monthly product cap",
    "type": f"{PROBLEMS}/usage-capped",
}
SPEND = {"title": "SpendCapReached", "type": f"{PROBLEMS}/credits", "reset_date": "2026-02-01"}

Answer = tuple[int, Any, dict[str, str]]

SEARCH = "/2/tweets/search/recent"
COMMON = {"max_results", "tweet.fields", "expansions", "user.fields", "media.fields", "place.fields", "poll.fields"}
BY_ID = COMMON | {"since_id", "until_id", "start_time", "end_time"}


@dataclass(frozen=True)
class Rules:
    """Parameters an endpoint takes, and the bounds of its max_results."""

    takes: frozenset[str]
    least: int


def rules_of(path: str) -> Rules:
    """What the endpoint at a path allows."""
    if path == SEARCH:
        return Rules(frozenset(BY_ID | {"query", "next_token", "sort_order"}), 10)
    if path.startswith("/2/lists/"):
        return Rules(frozenset(COMMON | {"pagination_token"}), 1)
    return Rules(frozenset(BY_ID | {"pagination_token", "exclude"}), 5)


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
    """Answers from `tweets` at every reading endpoint; `refusals` go first: (status, body, headers), by request."""

    tweets: list[dict[str, Any]]
    refusals: Mapping[int, Answer] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    #: Smallest id that search still reaches.
    oldest: int = 0
    calls: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    #: Ids given out today; X bills each once.
    billed: set[str] = field(default_factory=set)
    #: Page tokens that were given out and are still good.
    pages: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: Request) -> None:
        parts = urlsplit(request.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.calls.append(asked)
        self.paths.append(parts.path)
        self.tokens.add(request.headers.get("Authorization", ""))
        status, body, headers = self.refusals.get(len(self.calls)) or self.answer(parts.path, asked)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.answer(raw, status=status, kind="application/json", headers=headers)

    def answer(self, path: str, asked: dict[str, str]) -> Answer:
        """A page, or what is wrong with the question."""
        rules, size = rules_of(path), int(asked.get("max_results", "10"))
        if strange := set(asked) - rules.takes:
            return wrong(f"The query parameter [{min(strange)}] is not one of {sorted(rules.takes)}")
        if not rules.least <= size <= 100:
            return wrong(f"The `max_results` query parameter value [{size}] is not between {rules.least} and 100")
        for bound in ("since_id", "until_id"):
            if 0 < int(asked.get(bound, self.oldest)) < self.oldest:
                return wrong(f"'{bound}' must be a tweet id created after the last 7 days")
        token = asked.get("pagination_token")
        if token is not None and token not in self.pages:
            return wrong(f"The `pagination_token` query parameter value [{token}] is not valid")
        return 200, self.page(asked, size), {}

    def page(self, asked: dict[str, str], size: int) -> dict[str, Any]:
        """Newest first, between since_id and until_id, at most `size`."""
        above, below = int(asked.get("since_id", 0)), int(asked.get("until_id", 10**20))
        below = min(below, self.pages.get(asked.get("pagination_token", ""), below))
        found = [t for t in self.tweets if not str(t.get("id", "")).isdecimal() or above < int(t["id"]) < below]
        found.sort(key=lambda t: int(t["id"]) if str(t.get("id", "")).isdecimal() else 10**19, reverse=True)
        shown = found[:size]
        self.billed |= {str(t.get("id")) for t in shown}
        meta: dict[str, Any] = {"result_count": len(shown)}
        if len(found) > len(shown):
            meta["next_token"] = f"b26{shown[-1].get('id')}"
            self.pages[meta["next_token"]] = int(shown[-1].get("id", 0))
        body: dict[str, Any] = {"data": shown, "meta": meta} if shown else {"meta": meta}
        return {**body, "errors": self.errors} if self.errors else body


def wrong(message: str) -> Answer:
    """X's 400."""
    return (
        400,
        {"errors": [{"message": message}], "title": "Invalid Request", "type": f"{PROBLEMS}/invalid-request"},
        {},
    )


@dataclass
class ComplianceApi:
    """Batch compliance: one job at a time; `gone` maps ids to what happened to them."""

    web: MockWeb
    gone: Mapping[str, str]
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploads: list[list[str]] = field(default_factory=list)
    #: How often a job is looked at before it is complete.
    patience: int = 1
    looks: int = 0
    refusals: dict[tuple[str, str], Answer] = field(default_factory=dict)
    #: Turns the result lines into what is sent.
    spoil: Callable[[list[str]], bytes] = lambda lines: "\n".join(lines).encode()

    def serve(self) -> None:
        """Takes its routes of the web; jobs have theirs once they exist."""
        self.web.routes["/2/compliance/jobs"] = self.collection

    def collection(self, request: Request) -> None:
        """POST makes a job, GET lists them."""
        if self.refused(request, "jobs"):
            return
        if request.command == "GET":
            send(request, 200, {"data": list(self.jobs.values())} if self.jobs else {"meta": {}})
        elif any(job["status"] in ("created", "in_progress") for job in self.jobs.values()):
            send(request, 429, {"title": "Too Many Requests", "detail": "one concurrent job per type"})
        else:
            send(request, 200, {"data": self.open(request)})

    def open(self, request: Request) -> dict[str, Any]:
        """A new job."""
        told = json.loads(body_of(request))
        key = str(1000 + len(self.jobs))
        job = {
            "id": key, "type": told["type"], "name": told.get("name", ""), "status": "created",
            "upload_url": self.web.url(f"/up/{key}"), "download_url": self.web.url(f"/down/{key}"),
        }  # fmt: skip
        self.jobs[key] = job
        self.web.routes |= {
            f"/2/compliance/jobs/{key}": lambda r: self.look(r, job),
            f"/up/{key}": lambda r: self.take(r, job),
            f"/down/{key}": lambda r: self.give(r, job),
        }
        return job

    def look(self, request: Request, job: dict[str, Any]) -> None:
        """The state of a job; it is complete after `patience` looks."""
        if self.refused(request, "job"):
            return
        if job["status"] == "in_progress":
            self.looks += 1
            job["status"] = "complete" if self.looks >= self.patience else "in_progress"
        send(request, 200, {"data": job})

    def take(self, request: Request, job: dict[str, Any]) -> None:
        """The ids to check."""
        assert "Authorization" not in request.headers
        if self.refused(request, "upload"):
            return
        self.uploads.append(body_of(request).decode().split())
        job["status"], self.looks = "in_progress", 0
        send(request, 200, {})

    def give(self, request: Request, job: dict[str, Any]) -> None:
        """One JSON object per line for every id that something happened to."""
        if self.refused(request, "download"):
            return
        lines = [
            json.dumps({"id": key, "action": "delete", "created_at": "2026-01-02T05:40:00.000Z", "reason": reason})
            for key, reason in self.gone.items()
            if key in set(self.uploads[-1])
        ]
        request.answer(self.spoil(lines), kind="application/json")

    def refused(self, request: Request, what: str) -> bool:
        """Answers with the refusal set for this, if there is one."""
        found = self.refusals.pop((request.command, what), None)
        if found:
            body_of(request)
            send(request, found[0], found[1], found[2])
        return found is not None


def body_of(request: Request) -> bytes:
    """What was sent along."""
    return request.rfile.read(int(request.headers.get("Content-Length") or 0))


def send(request: Request, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
    """A JSON answer."""
    request.answer(json.dumps(body).encode(), status=status, kind="application/json", headers=headers)
