"""Comments of YouTube, against a stand-in: walking, resuming, replies, quota, and each way to be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers import Batch, crawl
from tanggap.errors import SourceError
from tanggap.records import Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tests.mockserver.api import Answer, stand_in
from tests.mockserver.web import MockWeb
from tests.mockserver.youtube_api import CHANNEL, YouTubeApi, comment, error, stamp, thread

Make = Callable[..., Source]
VIDEO = "vidUjiUji01"


class World:
    """A source of YouTube and what a store would hold of it."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self.source, self.settings = source, settings
        self.stored: dict[str, str] = {}
        self.cursor = ""

    def known(self, native_ids: Sequence[str]) -> set[str]:
        return self.stored.keys() & set(native_ids)

    def run(self, *, most: int | None = None, **kwargs: Any) -> list[Batch]:
        """A run; killed after `most` batches."""
        got: list[Batch] = []
        for batch in crawl(self.source, self.settings, cursor=self.cursor, known=self.known, **kwargs):
            got.append(batch)
            self.stored |= {post.native_id: post.text for post in batch.posts}
            self.cursor = batch.cursor or self.cursor
            if most is not None and len(got) >= most:
                break
        return got

    def refused(self) -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.run()
        return caught.value


@pytest.fixture
def world(source: Make, settings: Settings, web: MockWeb) -> World:
    place = {
        "secrets": Secrets(youtube_api_key="a-key"),
        "crawler": CrawlerSection(youtube_api=web.url("/")),
    }
    listened = source(kind=SourceKind.YOUTUBE, address=f"channel:{CHANNEL}", limit=10_000)
    return World(listened, settings.model_copy(update=place))


def serve(web: MockWeb, threads: list[Any], **kwargs: Any) -> YouTubeApi:
    api = YouTubeApi({VIDEO: threads}, **kwargs)
    stand_in(web, api)
    return api


def names(batches: list[Batch]) -> list[str]:
    return [post.native_id for batch in batches for post in batch.posts]


def numbered(numbers: range) -> list[str]:
    return [f"Ugx{n:05d}" for n in numbers]


def test_comments_of_new_videos_are_walked_to_the_end_and_the_units_counted(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(n) for n in range(250)])
    batches = world.run()
    assert names(batches) == numbered(range(249, -1, -1))
    assert api.calls[0][1]["playlistId"] == "UU" + CHANNEL[2:]
    assert [resource for resource, _ in api.calls] == ["playlistItems"] + ["commentThreads"] * 3
    assert batches[-1].remarks == ("uji: 4 of 10,000 units of the day's quota used.",)
    assert {asked["key"] for _, asked in api.calls} == {"a-key"}
    assert web.agents == {world.settings.crawler.user_agent}


def test_the_next_run_asks_one_page_and_stores_nothing_twice(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(n) for n in range(120)])
    world.run()
    api.videos[VIDEO] += [thread(n) for n in range(120, 123)]
    api.calls.clear()
    assert names(world.run()) == numbered(range(122, 119, -1))
    assert [resource for resource, _ in api.calls] == ["playlistItems", "commentThreads"]


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_a_run_killed_after_any_page_loses_and_doubles_nothing(killed_after: int, web: MockWeb, world: World) -> None:
    api = serve(web, [thread(n, replies=n % 3) for n in range(250)])
    got = world.run(most=killed_after)
    api.videos[VIDEO] += [thread(n) for n in range(250, 255)]
    got += world.run()
    got += world.run()
    wanted = [c["id"] for t in api.videos[VIDEO] for c in (t["top"], *t["replies"])]
    assert sorted(names(got)) == sorted(wanted)


def test_a_run_that_meets_its_limit_goes_on_below_it(web: MockWeb, world: World) -> None:
    serve(web, [thread(n) for n in range(50)])
    assert names(world.run(limit=20)) == numbered(range(49, 29, -1))
    assert names(world.run(limit=20)) == numbered(range(29, 9, -1))


def test_a_page_that_youtube_no_longer_knows_begins_the_walk_anew(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(n) for n in range(30)])
    world.run(limit=10)
    api.calls.clear()
    api.refusals = {2: error(400, "invalidPageToken")}
    assert names(world.run()) == numbered(range(19, -1, -1))


def test_all_replies_of_a_new_thread_are_read(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(1, replies=130), thread(2, replies=4)])
    world.run()
    assert len(world.stored) == 136
    assert [resource for resource, _ in api.calls].count("comments") == 2
    api.videos[VIDEO][1]["replies"].append(comment("Ugx00002.r9", 999, "Ugx00002"))
    assert names(world.run()) == ["Ugx00002.r9"]


def test_an_edited_comment_comes_again(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(1), thread(2)])
    world.run()
    api.videos[VIDEO][0]["top"]["snippet"] |= {"textDisplay": "sudah surut", "updatedAt": stamp(9000)}
    assert [post.text for batch in world.run() for post in batch.posts] == ["sudah surut"]


def test_a_comment_keeps_its_counters_and_loses_its_author(web: MockWeb, world: World) -> None:
    serve(web, [thread(1, replies=1)])
    reply, top = sorted((post for batch in world.run() for post in batch.posts), key=lambda post: post.reply_to is None)
    assert (top.engagement.likes, top.engagement.replies, top.extra) == (3, 1, {"video": VIDEO})
    assert (reply.reply_to, reply.url) == ("Ugx00001", f"https://www.youtube.com/watch?v={VIDEO}&lc=Ugx00001.r0")
    assert top.author
    assert top.author == reply.author
    assert "warga" not in repr(top.author)


def test_old_videos_are_left_alone(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(1)], published={VIDEO: "2025-11-01T00:00:00Z"})
    assert names(world.run()) == []
    assert len(api.calls) == 1


def test_a_single_video_and_a_playlist_are_read_too(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(1)], published={VIDEO: "2025-11-01T00:00:00Z"})
    world.source = world.source.evolve(address=f"video:{VIDEO}")
    assert names(world.run()) == ["Ugx00001"]
    world.source = world.source.evolve(address="playlist:PLujiuji")
    world.run()
    assert api.calls[-1][1]["playlistId"] == "PLujiuji"


@pytest.mark.parametrize(
    ("reason", "status", "kind"), [("commentsDisabled", 403, "blocked"), ("videoNotFound", 404, "gone")]
)
def test_a_video_without_comments_is_told_and_the_others_go_on(
    reason: str, status: int, kind: str, web: MockWeb, world: World
) -> None:
    api = serve(web, [thread(1)], silent={"vidTutup01": error(status, reason)})
    api.videos = {"vidTutup01": [], **api.videos}
    batches = world.run()
    assert names(batches) == ["Ugx00001"]
    assert [one.kind for batch in batches for one in batch.refusals] == [kind]


MIDNIGHT = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)

REFUSALS: dict[str, tuple[Answer, str]] = {
    "quotaExceeded": (error(403, "quotaExceeded"), "cap"),
    "dailyLimitExceeded": (error(403, "dailyLimitExceeded"), "cap"),
    "rateLimitExceeded": (error(403, "rateLimitExceeded"), "rate"),
    "userRateLimitExceeded": (error(403, "userRateLimitExceeded"), "rate"),
    "too many": ((429, {"error": {"code": 429}}, {"Retry-After": "60"}), "rate"),
    "API_KEY_INVALID": (error(400, "API_KEY_INVALID"), "auth"),
    "keyInvalid": (error(400, "keyInvalid"), "auth"),
    "keyExpired": (error(400, "keyExpired"), "auth"),
    "accessNotConfigured": (error(403, "accessNotConfigured"), "auth"),
    "ipRefererBlocked": (error(403, "ipRefererBlocked"), "auth"),
    "forbidden": (error(403, "forbidden"), "auth"),
    "unauthorized": (error(401, "authError"), "auth"),
    "playlistNotFound": (error(404, "playlistNotFound"), "config"),
    "bad request": (error(400, "badRequest"), "config"),
    "500": (error(500, "backendError"), "network"),
    "503": ((503, b"<html>sorry", {}), "network"),
    "no json": ((200, b"<html>hello", {}), "layout"),
    "no list": ((200, {"items": {}}, {}), "layout"),
    "other items": ((200, {"items": [{"a": 1}]}, {}), "layout"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_its_class_and_sentence(name: str, web: MockWeb, world: World) -> None:
    given, failure = REFUSALS[name]
    serve(web, [thread(1)], refusals={1: given})
    told = world.refused()
    assert told.failure == failure
    assert str(told).startswith("uji: YouTube")
    assert "a-key" not in str(told)
    assert (told.retry_at == MIDNIGHT) == (failure == "cap")


def test_pages_before_the_quota_ends_stand_and_the_walk_goes_on(web: MockWeb, world: World) -> None:
    api = serve(web, [thread(n) for n in range(150)], refusals={3: error(403, "quotaExceeded")})
    assert world.refused().failure == "cap"
    assert len(world.stored) == 100
    api.refusals = {}
    assert names(world.run()) == numbered(range(49, -1, -1))


def test_youtube_without_a_key_or_with_a_strange_address_is_not_configured(
    web: MockWeb, world: World, settings: Settings
) -> None:
    for address, used in ((f"channel:{CHANNEL}", settings), ("https://youtube.com/@x", world.settings)):
        with pytest.raises(SourceError) as caught:
            list(crawl(world.source.evolve(address=address), used, known=lambda _: set()))
        assert caught.value.failure == "config"
    assert web.asked == []


STRANGE: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    {"snippet": None},
    {"snippet": {"topLevelComment": 7}},
    {"snippet": {"topLevelComment": {"id": "a", "snippet": {"textDisplay": ["x"], "publishedAt": stamp(1)}}}},
    {"snippet": {"topLevelComment": {"id": "a", "snippet": {"textDisplay": "x", "publishedAt": 10**40}}}},
    {"snippet": {"topLevelComment": comment("b", 1), "totalReplyCount": "x"}, "replies": {"comments": [3]}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
def test_strange_comments_are_refused_with_a_sample_and_the_rest_goes_on(
    strange: Any, web: MockWeb, world: World
) -> None:
    serve(web, [*(thread(n) for n in range(10)), strange])
    refusals = [one for batch in world.run() for one in batch.refusals]
    assert set(numbered(range(10))) <= set(world.stored)
    assert [one.kind for one in refusals] == ["payload"]
    assert refusals[0].sample
