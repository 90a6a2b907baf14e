"""The jobs on a real store, a real web and the real models: idempotent, and one bad source harms nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.office import Office
from pipeline.sample import SampleDay, SampleServer, write_config
from tanggap.clock import WIB
from tanggap.desk.service import Desk
from tanggap.records import CrawlRun, Issue, Role, Source, SourceKind, Status, User
from tanggap.settings import load_settings
from tanggap.store import Store, briefs, issues, people, posts, runs, sources

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=WIB)
NIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=WIB)


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer(SampleDay.build(DAY), slow_s=0.0) as running:
        yield running


def open_office(server: SampleServer, directory: Path, moment: datetime) -> Office:
    server.now = moment
    write_config(server, directory, start=moment)
    settings = load_settings(directory, environ={"TANGGAP_KEY": "k", "TANGGAP_X_BEARER_TOKEN": "contoh"})
    Store.create(settings.store_url).close()
    return Office(settings)


def crawl(office: Office) -> list[CrawlRun]:
    chosen = [source for source in office.sources if source.enabled]
    return [jobs.crawl(office.store, source, office.settings) for source in chosen]


def understand(office: Office) -> jobs.Grouped:
    jobs.score(office.store, office.scorer)
    return jobs.group(office.store, office.city, office.settings, office.ranking)


def stored(office: Office) -> list[Issue]:
    with office.store.read() as db:
        return issues.open_issues(db)


@pytest.fixture(scope="module")
def played(server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The city at noon, crawled, scored and grouped."""
    office = open_office(server, tmp_path_factory.mktemp("kota"), NOON)
    found = crawl(office)
    assert [run.failure for run in found] == [None] * len(found), found
    understand(office)
    return office


def test_a_second_round_without_news_changes_nothing(played: Office) -> None:
    before = stored(played)
    with played.store.read() as db:
        count = posts.count(db)
    again = crawl(played)
    assert sum(run.new for run in again) == 0
    grouped = understand(played)
    assert (grouped.opened, grouped.linked, grouped.merged) == (0, 0, 0)
    with played.store.read() as db:
        assert posts.count(db) == count
    assert [issue.id for issue in stored(played)] == [issue.id for issue in before]


def test_authors_are_pseudonyms_and_identifiers_are_masked_in_the_store(played: Office) -> None:
    with played.store.read() as db:
        every = posts.get(db, range(1, posts.count(db) + 1))
    assert all(post.author is None or (post.author.startswith("a") and len(post.author) == 17) for post in every)
    assert not [post.text for post in every if "0812-0000-1234" in post.text]


def test_an_officer_s_decision_survives_the_next_round(server: SampleServer, played: Office) -> None:
    first = stored(played)[0]
    rina = User(name="rina", full_name="Rina", roles=(Role.OFFICER,))
    with played.store.write() as db:
        people.add(db, rina, "x")
    desk = Desk(played.store, played.city, played.settings.now)
    held = desk.take(first.id, rina, version=first.version)
    night = open_office(server, played.settings.config_dir, NIGHT)
    crawl(night)
    understand(night)
    with night.store.read() as db:
        later = issues.get(db, first.id)
    assert later is not None
    assert (later.holder, later.status, later.version) == ("rina", Status.IN_PROCESS, held.version)
    assert later.posts >= first.posts


def test_a_brief_is_saved_whole_and_a_second_one_is_a_new_edition(played: Office) -> None:
    now = played.settings.now()
    first = jobs.brief(played.store, played.city, DAY, now)
    second = jobs.brief(played.store, played.city, DAY, now)
    with played.store.read() as db:
        assert briefs.latest(db, DAY) == second
    assert second.edition == first.edition + 1
    assert sum(first.hourly) > 0
    assert first.items


def test_a_site_whose_robots_cannot_be_reached_is_closed_and_the_others_go_on(played: Office) -> None:
    dead = Source(id="mati", kind=SourceKind.NEWS, title="Situs Mati", address="http://127.0.0.1:1/rss")
    settings = played.settings.model_copy(
        update={"limits": played.settings.limits.model_copy(update={"allow_addresses": ("127.0.0.1:1",)})}
    )
    with played.store.write() as db:
        sources.sync(db, [*played.sources, dead])
    run = jobs.crawl(played.store, dead, settings)
    assert run.failure == "blocked"
    assert "robots.txt" in run.message
    with played.store.read() as db:
        assert runs.latest(db)["mati"].failure == "blocked"
    assert jobs.crawl(played.store, played.sources[0], played.settings).failure is None
