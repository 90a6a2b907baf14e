"""The signals job on a real store: the story of the RT/RW duty, a burst, and a source that was down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import numpy as np
import pytest

from pipeline import jobs
from pipeline.commands.signals import show
from pipeline.jobs.signals import Noticed
from tanggap.city import City
from tanggap.clock import WIB
from tanggap.privacy import pseudonym
from tanggap.records import Issue, Link, Place, Post, PostKind, Score, Signal, SignalKind, Source, SourceKind
from tanggap.settings import Settings
from tanggap.store import Store, areas, issues, posts, runs, scores, series, signals, sources

#: The day the rule was withdrawn, and the evening a fortnight later on which people look.
WITHDRAWN = date(2026, 10, 25)
LOOK = datetime(2026, 11, 8, 12, 30, tzinfo=UTC)
TIMUR = Place(text="cakung", start=0, end=6, level="kecamatan", code="31.75.06", name="Cakung")

numbers = count(1)


def told(at: datetime, text: str, *, topic: str, mood: str, kind: str, source: str, place: bool) -> tuple[Post, Score]:
    """A stored post with its score."""
    number = next(numbers)
    post = Post(
        source=source, native_id=str(number), text=f"{text} {number}", title=text if kind == "news" else None,
        url=f"https://berita.example/{number}" if kind == "news" else None,
        kind=PostKind(kind), published_at=at, collected_at=at, author=f"a{number % 97}",
    )  # fmt: skip
    score = Score(
        model="t", relevant=True, relevance=1.0, sentiment=mood, topic=topic, complaint=True, urgency=1,  # type: ignore[arg-type]
        places=(TIMUR,) if place else (),
    )  # fmt: skip
    return post, score


def written(store: Store, items: Iterable[tuple[Post, Score]]) -> None:
    """Puts posts and scores into the store."""
    pairs = list(items)
    with store.write() as db:
        posts.add(db, [post for post, _ in pairs])
        ids = {(p.source, p.native_id): p.id or 0 for p in posts.unscored(db, "none", 100_000)}
        scores.add(db, [(ids[post.source, post.native_id], score) for post, score in pairs])


def rt_rw_story() -> Iterable[tuple[Post, Score]]:
    """56 days of reports that RT/RW heads must send: about 30 a day, 11 after the rule fell, and angry talk of it."""
    rng = np.random.default_rng(7)
    start = LOOK.astimezone(WIB).date() - timedelta(days=56)
    for number in range(56):
        day = datetime(*(start + timedelta(days=number)).timetuple()[:3], tzinfo=WIB)
        after = day.date() >= WITHDRAWN
        for _ in range(int(rng.poisson(11.4 if after else 30))):
            at = day + timedelta(hours=7 + float(rng.uniform(0, 13)))
            yield told(at, "sampah menumpuk", topic="sampah_kebersihan", mood="neutral", kind="report", source="qlue",
                       place=True)  # fmt: skip
        for _ in range(int(rng.poisson(10))):
            at = day + timedelta(hours=8 + float(rng.uniform(0, 12)))
            mood = "negative" if rng.random() < (0.7 if after else 0.3) else "neutral"
            yield told(at, "wajib lapor tiga kali sehari", topic="pelaporan_warga", mood=mood, kind="post", source="x",
                       place=False)  # fmt: skip
    at = datetime(*WITHDRAWN.timetuple()[:3], 10, tzinfo=WIB)
    yield told(at, "Gubernur cabut wajib lapor RT/RW", topic="pelaporan_warga", mood="neutral", kind="news",
               source="antara", place=False)  # fmt: skip


def looked(store: Store, city: City, settings: Settings, now: datetime) -> Noticed:
    """One look at a moment."""
    offset = (now - datetime.now(UTC)).total_seconds()
    return jobs.notice(store, city, settings.model_copy(update={"clock": settings.clock.model_copy(
        update={"offset_s": offset})}))  # fmt: skip


def found(store: Store, kind: SignalKind) -> dict[str, Signal]:
    """The open signals of a kind."""
    with store.read() as db:
        return {one.subject: one for one in signals.open_ones(db, kind)}


def test_the_rt_rw_story_is_told_with_its_day_its_size_its_mood_and_its_news(
    any_store: Store, city: City, settings: Settings
) -> None:
    written(any_store, rt_rw_story())
    first = looked(any_store, city, settings, LOOK)
    story = found(any_store, SignalKind.BREAK)["topic:laporan"]
    assert story.told.startswith("Laporan warga turun 6")
    assert "sejak 25 Okt" in story.told
    assert "sentimen terhadap aturan -0,4" in story.told
    low, high = story.evidence["volume"]["low"], story.evidence["volume"]["high"]
    assert low < -0.62 < high
    with any_store.read() as db:
        (article,) = posts.get(db, story.evidence["news"])
    assert (article.title, article.url is not None) == ("Gubernur cabut wajib lapor RT/RW", True)
    again = looked(any_store, city, settings, LOOK + timedelta(minutes=1))
    assert (again.opened, again.ended) == (0, 0)
    assert again.standing == first.opened


def flood(store: Store, now: datetime, posts_now: int) -> None:
    """Four weeks of three posts an hour about floods, and `posts_now` in each of the last two hours."""
    rng, items = np.random.default_rng(7), []
    for hour in range(28 * 24, 0, -1):
        begin = now - timedelta(hours=hour)
        many = posts_now if hour <= 2 else int(rng.poisson(3))
        minutes = rng.integers(0, 60, many)
        items.extend(
            told(begin + timedelta(minutes=int(minute)), "banjir", topic="banjir", mood="negative", kind="post",
                 source="x", place=True)
            for minute in minutes
        )  # fmt: skip
    written(store, items)


HOUR_SHARP = datetime(2026, 11, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
def crawled(store: Store) -> Store:
    """A store whose only source X has been read every half hour for four weeks, until the look."""
    read(store, HOUR_SHARP - timedelta(days=28), HOUR_SHARP + timedelta(minutes=10))
    return store


def read(store: Store, start: datetime, end: datetime) -> None:
    """X is read every half hour without a failure."""
    with store.write() as db:
        sources.sync(db, [Source(id="x", kind=SourceKind.X, title="X", address="")])
        at = start
        while at < end:
            runs.finish(db, runs.start(db, "x", at), at + timedelta(minutes=1))
            at += timedelta(minutes=30)


def test_a_topic_that_brings_far_more_than_its_hour_usually_does_is_in_a_burst(
    crawled: Store, city: City, settings: Settings
) -> None:
    flood(crawled, HOUR_SHARP, 25)
    assert looked(crawled, city, settings, HOUR_SHARP + timedelta(minutes=10)).withheld == ""
    burst = found(crawled, SignalKind.BURST)
    assert set(burst) == {"topic:banjir", "topic:banjir@31.75"}
    assert "di Jakarta Timur naik" in burst["topic:banjir@31.75"].told
    looked(crawled, city, settings, HOUR_SHARP + timedelta(hours=12))
    with crawled.read() as db:
        assert series.cover(db, HOUR_SHARP, HOUR_SHARP + timedelta(hours=13))[-1].share == 0


def test_trends_are_withheld_with_the_reason_while_a_large_source_is_down(
    store: Store, city: City, settings: Settings
) -> None:
    read(store, HOUR_SHARP - timedelta(days=28), HOUR_SHARP - timedelta(hours=6))
    flood(store, HOUR_SHARP, 0)
    noticed = looked(store, city, settings, HOUR_SHARP + timedelta(minutes=10))
    assert "X tidak terbaca" in noticed.withheld
    assert not found(store, SignalKind.BURST)
    assert found(store, SignalKind.COVERAGE)["all"].told == noticed.withheld
    read(store, HOUR_SHARP + timedelta(minutes=20), HOUR_SHARP + timedelta(hours=4))
    assert looked(store, city, settings, HOUR_SHARP + timedelta(hours=4)).withheld == ""
    assert not found(store, SignalKind.COVERAGE)


def test_the_command_prints_what_is_out_of_the_usual(
    crawled: Store, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    flood(crawled, HOUR_SHARP, 25)
    offset = (HOUR_SHARP + timedelta(minutes=10) - datetime.now(UTC)).total_seconds()
    with (settings.config_dir / "tanggap.toml").open("a") as file:
        file.write(f"\n[clock]\noffset_s = {offset}\n")
    show(as_json=True, config=settings.config_dir)
    (burst, *_) = json.loads(capsys.readouterr().out)
    assert burst["kind"] == "burst"
    assert "naik" in burst["told"]
    show(as_json=False, config=settings.config_dir)
    assert "lonjakan" in capsys.readouterr().out


def test_the_lens_counts_voices_per_place_and_channel(any_store: Store) -> None:
    at = HOUR_SHARP - timedelta(hours=3)
    written(
        any_store,
        [
            told(at, "sampah", topic="sampah_kebersihan", mood="neutral", kind=kind, source=kind, place=True)
            for kind in ("post", "post", "report", "news")
        ],
    )
    with any_store.read() as db:
        (cakung,) = areas.area_voices(db, HOUR_SHARP - timedelta(days=1), HOUR_SHARP)
    assert (cakung.area, cakung.posts, cakung.reports) == ("31.75.06", 2, 1)


def hearsay(store: Store, settings: Settings) -> str:
    """An issue in which four accounts pass a claim on and an office answers; gives its id."""
    minute = timedelta(minutes=1)
    said = [("post", "a", "katanya air PAM beracun, jangan diminum"), ("post", "b", "dari grup RT: air PAM beracun"),
            ("post", "c", "pesan berantai air PAM beracun, sebarkan"), ("post", "d", "infonya air PAM diracun"),
            ("post", pseudonym("@DKIJakarta", settings.pseudonym_key), "Kami memastikan air aman diminum")]  # fmt: skip
    items = []
    for number, (kind, account, text) in enumerate(said):
        post, score = told(HOUR_SHARP - 60 * minute + number * minute, text, topic="air_bersih", mood="negative",
                           kind=kind, source="x", place=False)  # fmt: skip
        items.append((post.evolve(author=account), score))
    written(store, items)
    at = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), HOUR_SHARP)
    issue = Issue(id="ISU-20261108-0001", title="Air PAM di Cengkareng", topic="air_bersih", accounts=5, **at)
    with store.write() as db:
        issues.add(db, issue)
        issues.link(db, [Link(post=number, issue=issue.id, similarity=1.0) for number in range(1, 6)])
    return issue.id


def test_hearsay_in_an_issue_is_a_rumour_with_its_first_posts_and_what_the_office_said(
    any_store: Store, city: City, settings: Settings
) -> None:
    issue = hearsay(any_store, settings)
    looked(any_store, city, settings, HOUR_SHARP + timedelta(minutes=10))
    rumour = found(any_store, SignalKind.RUMOUR)[f"issue:{issue}"]
    assert rumour.evidence["accounts"] == 4
    assert rumour.evidence["first"] == [1, 2, 3]
    assert rumour.evidence["clarification"] == 5
    assert "beracun" not in repr(rumour), "no word of a post outlives it in a signal"
    assert "klarifikasi 8 Nov 18.04" in rumour.told


def test_a_new_source_is_no_burst_of_its_topic(crawled: Store, city: City, settings: Settings) -> None:
    flood(crawled, HOUR_SHARP, 3)
    fresh = [
        told(HOUR_SHARP - timedelta(minutes=minute), "banjir", topic="banjir", mood="negative", kind="post",
             source="threads", place=True)
        for minute in range(1, 120)
    ]  # fmt: skip
    written(crawled, fresh)
    noticed = looked(crawled, city, settings, HOUR_SHARP + timedelta(minutes=10))
    assert "threads baru dibaca" in noticed.withheld
    assert not found(crawled, SignalKind.BURST)
