"""Payload drift: whatever happens to a field, the record is a post or in quarantine, and nothing is silently zero."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from crawlers.batch import Batch, Entry, Refusal, batches
from crawlers.door import Door
from crawlers.drift import PAUSE, SAMPLE_CHARS, sample, watch
from crawlers.gather import read_file
from tanggap.errors import PayloadError, SourceError
from tanggap.records import Post, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, posts
from tanggap.store import sources as stored_sources
from tests.crawlers.conftest import NOW, make_settings
from tests.crawlers.drifting import CHANGES, FORMATS, NAME, PHONE, WAYS, Format, drifted, paths, whole_payload
from tests.mockserver.mastodon_api import status
from tests.mockserver.x_api import tweet

Make = Callable[..., Source]

#: Records of one payload; one of them drifts.
RECORDS = 4
#: Payloads cut off or sent in another encoding, per format and way.
WHOLE = 9
SEED = 20261122


def payloads(form: Format, seed: int) -> Iterator[tuple[str, bytes, int]]:
    """(what was done, the payload, records that must be accounted for at least)."""
    dice = random.Random(seed)
    for path in paths(form.make(0)):
        for way in WAYS:
            records = [form.make(number) for number in range(RECORDS)]
            place = dice.randrange(RECORDS)
            records[place] = drifted(records[place], path, way, dice)
            yield f"{way} {'.'.join(path)}", form.write(records), RECORDS
    body = form.write([form.make(number) for number in range(RECORDS)])
    for _ in range(WHOLE):
        cut = whole_payload(body, "truncate", dice)
        header = form.name == "csv"
        left = len([part for part in cut.split(b"\n") if part.strip()]) - header if form.by_line else 1
        yield f"cut at {len(cut)}", cut, max(left, 0)
        yield "encoding", whole_payload(body, "encoding", dice), 1


def account(found: Iterator[Batch]) -> tuple[list[Batch], SourceError | None]:
    """What came of a payload, and the error of the whole where there was one."""
    read: list[Batch] = []
    try:
        read.extend(found)
    except SourceError as error:
        return read, error
    return read, None


def check(what: str, read: list[Batch], error: SourceError | None, present: int) -> None:
    """No record is lost without a word, and no word names a person."""
    kept = [post for batch in read for post in batch.posts]
    refused = [refusal for batch in read for refusal in batch.refusals]
    fetched = sum(batch.fetched for batch in read)
    assert fetched == len(kept) + len(refused), what
    assert error is not None or fetched >= present, what
    assert all(refusal.told and refusal.sample and len(refusal.sample) <= SAMPLE_CHARS for refusal in refused), what
    assert not [refusal for refusal in refused if "fits no reader" in refusal.told], (what, refused)
    told = repr(kept) + repr(refused) + repr(error)
    assert NAME not in told, what
    assert PHONE not in told, what


#: What was done, the batches, the error of the whole, and the records that must be accounted for.
Outcome = tuple[str, list[Batch], SourceError | None, int]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Every format, drifted in every way and read."""
    directory = tmp_path_factory.mktemp("drift")
    settings, file = make_settings(directory), directory / "payload"
    found: list[Outcome] = []
    for number, (name, form) in enumerate(FORMATS.items()):
        kind = SourceKind.COUNTER if name == "counter" else SourceKind.CSV
        where = Source(id="uji", title="Uji", kind=kind, address="")
        for what, body, present in payloads(form, SEED + number):
            file.write_bytes(body)
            read, error = account(read_file(file, form.name, where, settings))
            found.append((f"{name}, seed {SEED + number}: {what}", read, error, present))
    return found


def test_a_thousand_drifted_payloads_crash_nothing_and_hide_nothing(outcomes: list[Outcome]) -> None:
    count: Counter[str] = Counter()
    for what, read, error, present in outcomes:
        check(what, read, error, present)
        count["payloads"] += 1
        count["posts"] += sum(len(batch.posts) for batch in read)
        count["quarantine"] += sum(batch.failed for batch in read)
        count["sources stopped"] += error is not None
    print(f"\nseeds {SEED} to {SEED + len(FORMATS) - 1}: {dict(count)}")
    assert count["payloads"] >= 1000
    assert count["quarantine"] > 200


def test_what_came_through_a_drift_can_be_stored(outcomes: list[Outcome], any_store: Store) -> None:
    every = [post for _, read, _, _ in outcomes for batch in read for post in batch.posts]
    distinct = list({(repr(post.extra), post.text, post.lat): post for post in every}.values())
    alone = [post.evolve(native_id=f"{number} {post.native_id}"[:500]) for number, post in enumerate(distinct)]
    with any_store.write() as db:
        stored_sources.put(db, Source(id="uji", title="Uji", kind=SourceKind.CSV, address=""))
        assert posts.add(db, alone).new == len(alone)


def bluesky(number: int) -> dict[str, Any]:
    text = f"Jalan berlubang di Pondok Uji, laporan {number}"
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-01-02T05:40:00Z", "langs": ["id"]}


def read_bluesky(record: Any, door: Door) -> Post:
    from crawlers.networks.bluesky import read_post

    return read_post(
        "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3kuji", record, 1_767_332_400_000_000, door
    )


def read_x(record: Any, door: Door) -> Post:
    from crawlers.x.posts import read_tweet

    return read_tweet(record, door)


def read_mastodon(record: Any, door: Door) -> Post:
    from crawlers.networks.mastodon import read_status

    return read_status(record, door)


def comment(number: int) -> dict[str, Any]:
    snippet = {
        "textDisplay": f"Banjir lagi, laporan {number}", "authorDisplayName": f"@{NAME}", "likeCount": 2,
        "authorChannelId": {"value": "UCuji"}, "publishedAt": "2026-01-02T05:40:00Z",
    }  # fmt: skip
    return {"id": f"Ugx{number}", "snippet": snippet, "replies": 1}


def read_youtube(record: Any, door: Door) -> Post:
    from crawlers.networks.youtube import read_comment

    return read_comment(record, "video1", door)


NETWORKS = {
    "x": (tweet, read_x),
    "mastodon": (status, read_mastodon),
    "bluesky": (bluesky, read_bluesky),
    "youtube": (comment, read_youtube),
}


@pytest.mark.parametrize("network", NETWORKS)
def test_drifted_posts_of_a_network_are_kept_or_quarantined(network: str, settings: Settings, source: Make) -> None:
    make, read = NETWORKS[network]
    door, dice = Door(source(), settings), random.Random(SEED)
    for path in paths(make(1)):
        for way in WAYS:
            record = drifted(make(1), path, way, dice)
            entry = Entry(where="post 1", read=partial(read, record, door), sample=partial(sample, record))
            (batch,) = batches([entry])
            assert len(batch.posts) + len(batch.refusals) == 1
            assert all(refusal.told for refusal in batch.refusals)
            assert NAME not in repr(batch)


def entries(pattern: str) -> Iterator[Entry]:
    """One entry per sign: `.` a good record, `x` a broken one."""

    def good(number: int) -> Post:
        return Post(source="uji", native_id=str(number), text="Air mati", published_at=NOW, collected_at=NOW)

    def bad() -> Post:
        raise PayloadError("post_id is missing")

    for number, sign in enumerate(pattern):
        read = bad if sign == "x" else partial(good, number)
        yield Entry(where=f"record {number}", read=read, cursor=str(number), sample=lambda: "{}")


def in_pages(pattern: str) -> Iterator[Batch]:
    """One batch per word of the pattern, with rising cursors."""
    for number, page in enumerate(pattern.split(), 1):
        (batch,) = batches(entries(page))
        yield Batch(posts=batch.posts, fetched=batch.fetched, refusals=batch.refusals, cursor=str(number))


@pytest.fixture
def run(source: Make) -> Callable[..., tuple[list[Batch], SourceError | None]]:
    return lambda pattern, **kw: account(watch(in_pages(pattern), source(), NOW, **kw))


def test_more_than_a_fifth_of_broken_records_opens_the_breaker_after_the_good_ones(run: Any) -> None:
    read, error = run(".......xxx ..........")
    assert error is not None
    assert (error.failure, error.retry_at) == ("drift", NOW + PAUSE)
    assert "3 of 10 records" in str(error)
    assert "record 7: post_id is missing" in str(error)
    assert sum(len(batch.posts) for batch in read) == 7
    assert timedelta(hours=1) == PAUSE


def test_the_cursor_is_withheld_from_the_first_broken_record_on(run: Any) -> None:
    read, error = run(".......... .........x .......xxx xxxxx.....")
    assert error is not None
    assert [batch.cursor for batch in read] == ["1", "", "", ""]


def test_a_run_that_was_sound_enough_gives_the_cursor_back_at_its_end(run: Any) -> None:
    read, error = run(".......... .........x ..........")
    assert error is None
    assert [batch.cursor for batch in read] == ["1", "", "", "3"]


def test_a_run_of_good_records_is_passed_on_as_it_is(run: Any) -> None:
    read, error = run(".......... ..........")
    assert (error, [batch.cursor for batch in read]) == (None, ["1", "2"])


@pytest.mark.parametrize(
    ("pattern", "failure"), [(".....x", None), ("..xx.....", None), ("xx", None), ("xxx", "layout")]
)
def test_few_records_are_no_drift_but_none_readable_is_another_layout(
    pattern: str, failure: str | None, run: Any
) -> None:
    _, error = run(pattern)
    assert (error.failure if error else None) == failure


def test_an_import_bears_any_share_of_broken_records(run: Any) -> None:
    read, error = run(".xxxxxxxxx xxxxxxxxxx", share=1.0)
    assert error is None
    assert sum(batch.failed for batch in read) == 19


def test_what_a_topic_guard_leaves_out_is_no_drift(source: Make) -> None:
    left_out = tuple(Refusal(kind="topic", told="it speaks of x") for _ in range(50))
    batch = Batch(fetched=50, refusals=left_out, cursor="9")
    assert list(watch(iter_of(batch), source(), NOW)) == [batch]


def iter_of(*found: Batch) -> Iterator[Batch]:
    yield from found


def test_a_run_that_another_error_ends_keeps_what_it_has(source: Make) -> None:
    def broken_off() -> Iterator[Batch]:
        yield from in_pages(".......... .........x")
        raise SourceError("uji: asks for a pause.", "rate")

    read, error = account(watch(broken_off(), source(), NOW))
    assert error is not None
    assert error.failure == "rate"
    assert [batch.cursor for batch in read] == ["1", "", "2"]


def test_a_sample_shows_the_record_without_persons() -> None:
    record = {
        "post_id": 7, "post_desc": f"hubungi {PHONE} atau @{NAME}",
        "profile": {"fullName": "Budi Uji", "name_kel": "Uji"},
        "pelapor": ["Siti"], "no_hp": 81234567890, "nested": [{"user": {"id": 3}}], "service_name": "Lampu",
    }  # fmt: skip
    told = json.loads(sample(record))
    assert told == {
        "post_id": 7, "post_desc": "hubungi [telepon] atau @…", "profile": {"name_kel": "Uji"}, "nested": [{}],
        "service_name": "Lampu",
    }  # fmt: skip


DEEP: Any = []
for _ in range(5000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "record",
    [
        DEEP,
        {"a": "x" * 1_000_000},
        {str(n): n for n in range(10_000)},
        {1: {2: object()}},
        {"a": float("nan")},
        "\ud800\x00",
        10**5000,
        None,
    ],
    ids=["deep", "long", "wide", "odd", "nan", "surrogate", "number", "nothing"],
)
def test_a_sample_of_anything_is_short_and_can_be_stored(record: Any) -> None:
    told = sample(record)
    assert 0 < len(told) <= SAMPLE_CHARS or record == "\ud800\x00"
    told.encode()


def test_raw_text_that_cannot_be_taken_apart_shows_no_person_either() -> None:
    told = sample(f'{{"author": "{NAME}", "text": "Air mati", "username": "{NAME}')
    assert "Air mati" in told
    assert NAME not in told
    assert NAME not in sample(f"<request><account>{NAME}</account><description>Air mati")


def test_every_way_of_drifting_is_tried() -> None:
    assert set(CHANGES) | {"drop", "rename"} == set(WAYS)
