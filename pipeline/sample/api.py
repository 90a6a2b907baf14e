"""The API host of the sample city: X recent search as tweepy calls it, Qlue reports, and two exported files."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.sample.compliance import ComplianceDesk
from pipeline.sample.day import SampleDay
from pipeline.sample.published import COUNTER, JAKI, QLUE, Published, Report
from tanggap.clock import WIB, Clock

#: X allows an application this many recent searches in a quarter of an hour.
SEARCHES = 450
WINDOW_S = 900
#: Bounds of max_results.
PAGE = (10, 100)
#: One report in this many holds its `detail` beside `profile`, as some dumps do.
DETAIL_BESIDE = 10

JAKI_COLUMNS = (
    "Nomor Tiket",
    "Waktu Lapor",
    "Kategori",
    "Isi Laporan",
    "Kelurahan",
    "Lintang",
    "Bujur",
    "Status Laporan",
)
COUNTER_COLUMNS = ("no_resi", "tanggal", "kelurahan", "nama_pelapor", "perihal", "pengaduan", "petugas")
JAKI_STATUS = {"wait": "Menunggu", "process": "Proses", "complete": "Selesai"}


@dataclass(slots=True)
class SearchWindow:
    """X's rate limit; a test that wants a 429 sets `remaining` to 0."""

    remaining: int = SEARCHES
    reset: float = field(default_factory=lambda: time.time() + WINDOW_S)

    def take(self) -> bool:
        """Uses up one search; False when none is left until `reset`."""
        if time.time() >= self.reset:
            self.remaining, self.reset = SEARCHES, time.time() + WINDOW_S
        if self.remaining == 0:
            return False
        self.remaining -= 1
        return True

    @property
    def headers(self) -> dict[str, str]:
        """The limit as X's answers state it."""
        return {
            "x-rate-limit-limit": str(SEARCHES),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(int(self.reset)),
        }


def search_handler(posts: Sequence[Published], now: Clock, window: SearchWindow) -> Callable[[Request], Response]:
    """GET /2/tweets/search/recent: newest first; every query finds all posts, for the city speaks of nothing else."""

    def search(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token.strip():
            return problem(401, "Unauthorized", window)
        if not window.take():
            return problem(429, "Too Many Requests", window)
        asked = request.query_params
        size = asked.get("max_results", str(PAGE[0]))
        if not asked.get("query") or not size.isdigit() or not PAGE[0] <= int(size) <= PAGE[1]:
            return problem(400, "Invalid Request", window)
        found = matching(posts, now(), asked)
        page, rest = found[: int(size)], found[int(size) :]
        fields = {name for name in asked.get("tweet.fields", "").split(",") if name}
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].native_id, "oldest_id": page[-1].native_id}
        if rest:
            meta["next_token"] = f"b26{int(page[-1].native_id):x}"
        data = {"data": [tweet(post, fields) for post in page]} if page else {}
        return JSONResponse({**data, "meta": meta}, headers=window.headers)

    return search


def matching(posts: Sequence[Published], now: datetime, asked: Mapping[str, str]) -> list[Published]:
    """Published posts newer than `since_id` (else from `start_time` on) and older than `until_id` or the token."""
    since = int(asked.get("since_id", "0"))
    start = datetime.fromisoformat(asked["start_time"]) if "start_time" in asked and not since else None
    before = int(asked.get("until_id", posts[-1].native_id + "0" if posts else "0"))
    if "next_token" in asked:
        before = int(asked["next_token"].removeprefix("b26"), 16)
    return [
        post
        for post in reversed(posts)
        if post.at <= now
        and int(post.native_id) > since
        and (start is None or post.at >= start)
        and int(post.native_id) < before
    ]


def tweet(post: Published, fields: set[str]) -> dict[str, Any]:
    """A post as X writes it; id and text always, the rest when it was asked for."""
    reference = {"retweet": "retweeted", "quote_with_comment": "quoted"}.get(post.rule or "")
    extras: dict[str, Any] = {
        "author_id": str(1_000_000_000 + crc32(post.author.encode())),
        "created_at": f"{post.at:%Y-%m-%dT%H:%M:%S}.000Z",
        "lang": "in",
        "public_metrics": {
            "retweet_count": post.reposts,
            "reply_count": post.replies,
            "like_count": post.likes,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": post.views,
        },
    }
    if reference:
        extras["referenced_tweets"] = [{"type": reference, "id": post.variant_of}]
    return {
        "id": post.native_id,
        "text": post.text,
        "edit_history_tweet_ids": [post.native_id],
        **{name: value for name, value in extras.items() if name in fields},
    }


def problem(status: int, title: str, window: SearchWindow) -> Response:
    """X's form of an error."""
    body = {"title": title, "detail": title, "type": "about:blank", "status": status}
    return JSONResponse(body, status, headers=window.headers)


def local_time(moment: datetime) -> str:
    """`2026-11-21 08:15:00`: Jakarta time without a zone, as Qlue wrote it."""
    return f"{moment.astimezone(WIB):%Y-%m-%d %H:%M:%S}"


def marker(report: Report, now: datetime) -> dict[str, Any]:
    """A report in the form of Qlue's `marker_v3`, with its follow-ups inside as later dumps have them."""
    steps = progress(report, now)
    detail = {
        "status": report.status(now),
        "kd_kel": report.area.replace(".", ""),
        "name_kel": report.area_name,
        "desc": report.text,
        "image": f"https://kota-contoh.invalid/foto/{report.native_id}.jpg",
        "comment_count": len(steps),
        "suggest": {"tags": [report.category]},
        "progress": steps,
    }
    profile = {
        "username": report.author,
        "timestamp": local_time(report.at),
        "location": {"lat": report.lat, "lng": report.lon},
    }
    number = int(report.native_id)
    head = {"id": number, "type": "report"}
    if number % DETAIL_BESIDE == 0:
        return {**head, "profile": profile, "detail": detail}
    return {**head, "profile": {**profile, "detail": detail}}


def progress(report: Report, now: datetime) -> list[dict[str, str]]:
    """What the unit did about the report, oldest first, in the form of Qlue's follow-ups."""
    return [
        {
            "tl_by": step.by,
            "username": step.by.lower().replace(" ", "_"),
            "timestamp": local_time(step.at),
            "status": step.status,
            "description": step.note,
            "file": "",
        }
        for step in report.steps(now)
    ]


def jaki_row(report: Report, now: datetime) -> tuple[str, ...]:
    """A report under JAKI_COLUMNS."""
    place = (str(report.lat), str(report.lon)) if report.lat else ("", "")
    opened = f"{report.at.astimezone(WIB):%d/%m/%Y %H:%M}"
    return (
        report.native_id,
        opened,
        report.category,
        report.text,
        report.area_name,
        *place,
        JAKI_STATUS[report.status(now)],
    )


def counter_row(report: Report, _: datetime) -> tuple[str, ...]:
    """A report under COUNTER_COLUMNS."""
    clerk = f"Loket {1 + int(report.native_id[-3:]) % 3}"
    name = report.author.partition("_")[0].title()
    return (report.native_id, local_time(report.at), report.area_name, name, report.category, report.text, clerk)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> Response:
    """A CSV file as office programs write it: byte order mark, quoted where needed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(rows)
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv")


def api_app(day: SampleDay, now: Clock, window: SearchWindow) -> Starlette:
    """The web application of the API host."""

    def out(source: str) -> list[Report]:
        return [report for report in day.reports if report.source == source and report.at <= now()]

    def markers(_: Request) -> Response:
        return JSONResponse([marker(report, now()) for report in reversed(out(QLUE))])

    def follow_ups(request: Request) -> Response:
        asked = request.query_params.get("pid")
        return JSONResponse(
            [step for report in out(QLUE) if report.native_id == asked for step in progress(report, now())]
        )

    def jaki_file(_: Request) -> Response:
        return table(JAKI_COLUMNS, (jaki_row(report, now()) for report in out(JAKI)), ";")

    def counter_file(_: Request) -> Response:
        return table(COUNTER_COLUMNS, (counter_row(report, now()) for report in out(COUNTER)), ",")

    return Starlette(
        routes=[
            Route("/2/tweets/search/recent", search_handler(day.posts, now, window)),
            *ComplianceDesk().routes(),
            Route("/qlue/marker_v3", markers),
            Route("/qlue/progress", follow_ups),
            Route("/files/laporan-jaki.csv", jaki_file),
            Route("/files/loket.csv", counter_file),
        ]
    )
