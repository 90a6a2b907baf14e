"""X tells which posts are gone: those go everywhere, no other is touched, and a kill at any step costs nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawlers.x.compliance import BUSY, Compliance
from pipeline import jobs
from pipeline.jobs import compliance as job
from pipeline.jobs.compliance import Sweep
from tanggap.errors import SourceError
from tanggap.records import Post, Source, SourceKind
from tanggap.settings import CrawlerSection, Secrets, Settings
from tanggap.store import Store, compliance, erasure, posts, sources
from tanggap.store.tables import post
from tests.crawlers.conftest import NOW, make_settings
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import ComplianceApi
from tests.whole import assert_whole

REASONS = ("deleted", "deactivated", "suspended", "protected", "bounced")


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with MockWeb() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, web: MockWeb) -> Settings:
    plain = make_settings(tmp_path, web)
    return plain.model_copy(
        update={"secrets": Secrets(x_bearer_token="a-token"), "crawler": CrawlerSection(x_api=web.url("/"))}
    )


@pytest.fixture
def one_store(tmp_path: Path, blank_file: Path) -> Iterator[Store]:
    """SQLite only, for what does not depend on the database."""
    store = Store.open(f"sqlite:///{shutil.copy(blank_file, tmp_path / 'one.sqlite')}")
    yield store
    store.close()


X = Source(id="x", kind=SourceKind.X, title="X", address="", query="air", agreement="X-1")


def fill(store: Store, count: int) -> None:
    """Posts 1... of the source, and one of the same number at another source and a foreign one."""
    with store.write() as db:
        sources.sync(db, [X, X.evolve(id="x-lain")])
    made = [tell("x", n) for n in range(1, count + 1)] + [tell("x-lain", 1), tell("qlue", 2)]
    with store.write() as db:
        posts.add(db, made)


def tell(source: str, number: int) -> Post:
    return Post(
        source=source, native_id=str(number), text=f"air mati {number}", published_at=NOW, collected_at=NOW,
        lat=-6.2, lon=106.8, author=f"a{number % 70}",
    )  # fmt: skip


def stored(store: Store) -> set[tuple[str, str]]:
    with store.read() as db:
        return {tuple(row) for row in db.execute(sa.select(post.c.source, post.c.native_id))}


def serve(web: MockWeb, gone: dict[str, str], **kwargs: Any) -> ComplianceApi:
    api = ComplianceApi(web, gone, **kwargs)
    api.serve()
    return api


def sweep(store: Store, source: Source, settings: Settings) -> Sweep:
    """Rounds until X has answered."""
    for _ in range(20):
        done = jobs.comply(store, source, settings)
        if done.finished:
            return done
    raise AssertionError("X never answered")


def changed(count: int, every: int) -> dict[str, str]:
    return {str(n): REASONS[n % len(REASONS)] for n in range(every, count + 1, every)}


def hold(store: Store, source: Source, settings: Settings, web: MockWeb, count: int, every: int) -> None:
    """One sweep over `count` posts of which every `every`th is gone."""
    gone = changed(count, every)
    fill(store, count)
    before = stored(store)
    api = serve(web, gone, patience=2)
    done = sweep(store, source, settings)
    assert (done.checked, done.erased.posts, done.unread) == (count, len(gone), 0)
    assert stored(store) == before - {("x", key) for key in gone}
    assert api.uploads == [[str(n) for n in range(1, count + 1)]]
    assert_whole(store)
    again = sweep(store, source, settings)
    assert (again.checked, again.erased.posts) == (count - len(gone), 0)


def test_a_thousand_ids_of_which_fifty_changed(any_store: Store, settings: Settings, web: MockWeb) -> None:
    hold(any_store, X, settings, web, 1000, 20)


@pytest.mark.slow
def test_ten_thousand_ids_of_which_five_hundred_changed(any_store: Store, settings: Settings, web: MockWeb) -> None:
    hold(any_store, X, settings, web, 10_000, 20)


def test_a_withdrawn_position_is_taken_off_and_the_post_stays(
    any_store: Store, settings: Settings, web: MockWeb
) -> None:
    fill(any_store, 5)
    serve(web, {"2": "scrub_geo", "3": "deleted", "77": "deleted"})
    done = sweep(any_store, X, settings)
    assert (done.erased.posts, done.unmapped) == (1, 1)
    with any_store.read() as db:
        placed = set(db.scalars(sa.select(post.c.native_id).where(post.c.source == "x", post.c.lat.is_not(None))))
    assert placed == {"1", "4", "5"}


def test_nothing_stored_is_nothing_to_ask(one_store: Store, settings: Settings, web: MockWeb) -> None:
    serve(web, {})
    assert jobs.comply(one_store, X, settings) == Sweep(source="x")
    assert web.asked == []


class KilledError(BaseException):
    """What a kill looks like from inside."""


def die_at(patch: pytest.MonkeyPatch, where: Any, name: str, count: int) -> None:
    """Lets the `count`th call of a function kill the process once it did its work."""
    real: Callable[..., Any] = getattr(where, name)
    seen: list[int] = []

    def dying(*args: Any, **kwargs: Any) -> Any:
        seen.append(1)
        done = real(*args, **kwargs)
        if len(seen) == count:
            raise KilledError
        return done

    patch.setattr(where, name, dying)


@pytest.mark.parametrize(
    ("where", "name", "count"),
    [
        (Compliance, "open", 1),
        (compliance, "keep", 1),
        (Compliance, "upload", 1),
        (compliance, "keep", 2),
        (Compliance, "look", 1),
        (Compliance, "findings", 1),
        (erasure, "erase", 2),
        (compliance, "close", 1),
    ],
)
def test_a_kill_at_any_step_is_made_good_by_the_next_round(
    where: Any, name: str, count: int, any_store: Store, settings: Settings, web: MockWeb,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    gone = changed(30, 3)
    fill(any_store, 30)
    api = serve(web, gone)
    monkeypatch.setattr(job, "PART", 4)
    with monkeypatch.context() as patch:
        die_at(patch, where, name, count)
        with pytest.raises(KilledError):
            sweep(any_store, X, settings)
    sweep(any_store, X, settings)
    assert {key for name, key in stored(any_store) if name == "x"} == {str(n) for n in range(1, 31)} - set(gone)
    assert len(stored(any_store)) == 22
    assert len([one for one in api.jobs.values() if one["status"] != "complete"]) == 0
    assert_whole(any_store)


def failure(store: Store, source: Source, settings: Settings) -> SourceError:
    with pytest.raises(SourceError) as caught:
        sweep(store, source, settings)
    assert "a-token" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        (("GET", "jobs"), (401, {}, {}), "auth"),
        (("POST", "jobs"), (403, {}, {}), "auth"),
        (("POST", "jobs"), (429, {}, {"x-rate-limit-reset": "1"}), "rate"),
        (("POST", "jobs"), (200, {"data": {"id": "x"}}, {}), "layout"),
        (("PUT", "upload"), (403, {"error": "signature expired"}, {}), "network"),
        (("GET", "job"), (503, {}, {}), "network"),
        (("GET", "job"), (404, {}, {}), "config"),
        (("GET", "download"), (500, {}, {}), "network"),
    ],
)
def test_a_refused_step_is_told_and_the_sweep_goes_on_later(
    step: tuple[str, str], answer: Any, expected: str, one_store: Store, settings: Settings, web: MockWeb
) -> None:
    fill(one_store, 30)
    api = serve(web, changed(30, 3))
    api.refusals[step] = answer
    assert failure(one_store, X, settings).failure == expected
    if expected == "config":
        api.jobs["1000"]["status"] = "expired"
    sweep(one_store, X, settings)
    assert len(stored(one_store)) == 22


def test_a_job_of_somebody_else_is_waited_for(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 3)
    api = serve(web, {"1": "deleted"})
    sweep_of_other = {"id": "9", "type": "tweets", "name": "arsip", "status": "in_progress"}
    api.jobs["9"] = sweep_of_other
    found = failure(one_store, X, settings)
    assert (found.failure, found.retry_at) == ("rate", NOW + BUSY)
    sweep_of_other["status"] = "complete"
    assert sweep(one_store, X, settings).erased.posts == 1


def test_a_finished_sweep_rests_until_the_next_is_due(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 3)
    api = serve(web, {"1": "deleted"})
    assert sweep(one_store, X, settings).erased.posts == 1
    assert jobs.comply(one_store, X, settings, every=timedelta(hours=12)).finished
    assert len(api.jobs) == 1
    assert not jobs.comply(one_store, X, settings, every=timedelta(0)).finished
    assert len(api.jobs) == 2


@pytest.mark.parametrize("end", ["failed", "expired"])
def test_a_job_that_failed_at_x_is_begun_anew(end: str, one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 3)
    api = serve(web, {"1": "deleted"})
    assert not jobs.comply(one_store, X, settings).finished
    api.jobs["1000"]["status"] = end
    assert failure(one_store, X, settings).failure == "network"
    assert sweep(one_store, X, settings).erased.posts == 1
    assert len(api.jobs) == 2


def test_a_result_that_broke_off_changes_nothing(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 30)
    api = serve(web, changed(30, 3))
    jobs.comply(one_store, X, settings)
    whole = web.routes["/down/1000"]

    def broken(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(b'{"id": "3", "reason": "deleted"}\n{"id": "6"')
        request.close_connection = True

    web.routes["/down/1000"] = broken
    before = stored(one_store)
    assert failure(one_store, X, settings).failure == "network"
    assert stored(one_store) == before
    web.routes["/down/1000"] = whole
    assert sweep(one_store, X, settings).erased.posts == len(api.gone)


def test_lines_that_cannot_be_read_are_counted(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 30)
    api = serve(web, changed(30, 3))
    api.spoil = lambda lines: "\n".join([*lines[:4], "{", '["x"]', "", '{"id": null}']).encode()
    done = sweep(one_store, X, settings)
    assert (done.erased.posts, done.unread) == (4, 3)


def test_a_result_of_another_shape_erases_nothing(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 5)
    api = serve(web, {"1": "deleted"})
    api.spoil = lambda _: b"<html>sorry</html>"
    before = stored(one_store)
    assert failure(one_store, X, settings).failure == "layout"
    assert stored(one_store) == before


def test_without_agreement_x_is_not_asked(one_store: Store, settings: Settings, web: MockWeb) -> None:
    fill(one_store, 5)
    assert failure(one_store, X.evolve(agreement=""), settings).failure == "config"
    assert web.asked == []
