"""Runs of jobs, workers and freshness in the store, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.errors import UsageError
from tanggap.records import Post, PostKind, Score
from tanggap.schedules import JobRun, State
from tanggap.store import Store, freshness, job_runs, posts, scores, workers

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def request(store: Store, job: str = "crawl", argument: str = "a", in_s: float = 0.0) -> JobRun:
    with store.write() as db:
        return job_runs.request(db, job, argument, by="rina", at=NOW, in_s=in_s)


def begin(store: Store, run: JobRun, attempt: int = 1, let_go: Sequence[str] = ()) -> JobRun | None:
    with store.write() as db:
        return job_runs.start(db, run.id, attempt, "w-1", NOW, let_go=let_go)


def test_the_same_is_asked_once_until_it_is_over(any_store: Store) -> None:
    first = request(any_store)
    assert request(any_store).id == first.id
    assert request(any_store, argument="b").id != first.id
    begun = begin(any_store, first)
    assert begun is not None
    assert request(any_store).id == first.id
    with any_store.write() as db:
        job_runs.finish(db, begun, State.DONE, NOW, counts={"new": 3}, cost_usd=0.5, log="x" * 9_000)
    assert request(any_store).id != first.id
    with any_store.read() as db:
        over = job_runs.get(db, first.id)
    assert over is not None
    assert (over.state, over.counts, over.cost_usd, len(over.log)) == (State.DONE, {"new": 3}, 0.5, job_runs.LOG)


def test_a_job_that_follows_itself_may_be_asked_again_as_soon_as_it_runs(any_store: Store) -> None:
    first = request(any_store, "group", "")
    begin(any_store, first, let_go=["group"])
    second = request(any_store, "group", "")
    assert second.id != first.id
    assert request(any_store, "group", "").id == second.id


def test_runs_are_due_in_order_and_not_before_their_time(any_store: Store) -> None:
    late, soon = request(any_store, in_s=60), request(any_store, argument="b", in_s=5)
    later = NOW + timedelta(minutes=2)
    with any_store.write() as db:
        assert not job_runs.anything_due(db, NOW)
        assert job_runs.take_due(db, NOW, 10) == []
        assert [run.id for run in job_runs.take_due(db, later, 1)] == [soon.id]
        assert [run.id for run in job_runs.take_due(db, later, 10)] == [late.id]
        assert not job_runs.anything_due(db, later)
        job_runs.put_back(db, [late.id], later + timedelta(minutes=1))
        assert not job_runs.anything_due(db, later)
        assert job_runs.anything_due(db, later + timedelta(minutes=1))


def test_an_outdated_try_of_a_run_does_nothing(any_store: Store) -> None:
    run = begin(any_store, request(any_store))
    assert run is not None
    with any_store.write() as db:
        job_runs.again(db, run, NOW, NOW, "putus", failures=1)
    assert begin(any_store, run, 1) is None
    second = begin(any_store, run, 2)
    assert second is not None
    assert (second.failures, second.crashes, second.reason) == (1, 0, "putus")
    with any_store.write() as db:
        job_runs.finish(db, run, State.DONE, NOW)  # the first try comes back from the dead
        left = job_runs.get(db, run.id)
    assert left is not None
    assert left.state is State.RUNNING


def test_a_try_begun_while_it_runs_counts_as_a_crash_unless_it_was_given_back(any_store: Store) -> None:
    run = request(any_store)
    assert begin(any_store, run) is not None
    crashed = begin(any_store, run)
    assert crashed is not None
    assert crashed.crashes == 1
    with any_store.write() as db:
        job_runs.give_back(db, "w-1")
    returned = begin(any_store, run)
    assert returned is not None
    assert returned.crashes == 1


def test_a_cancelled_run_never_starts_and_a_running_one_is_told(any_store: Store) -> None:
    waits, runs = request(any_store), request(any_store, argument="b")
    begun = begin(any_store, runs)
    assert begun is not None
    with any_store.write() as db:
        assert job_runs.progress(db, begun, 5, 10)
        job_runs.cancel(db, waits.id, "rina", NOW)
        job_runs.cancel(db, runs.id, "rina", NOW)
        assert not job_runs.progress(db, begun, 6, 10)
        with pytest.raises(UsageError, match="no run"):
            job_runs.cancel(db, runs.id, "rina", NOW)
    assert begin(any_store, waits) is None


def test_old_runs_are_forgotten_but_not_those_set_aside(any_store: Store) -> None:
    for argument, state in (("a", State.DONE), ("b", State.SET_ASIDE)):
        run = begin(any_store, request(any_store, argument=argument))
        assert run is not None
        with any_store.write() as db:
            job_runs.finish(db, run, state, NOW)
    request(any_store, argument="c")
    with any_store.write() as db:
        assert job_runs.prune(db, NOW + timedelta(days=1)) == 1
        assert {run.argument for run in job_runs.recent(db)} == {"b", "c"}


def test_no_two_workers_share_a_slot_and_a_freed_one_is_taken_again(any_store: Store) -> None:
    with any_store.write() as db:
        first, second = workers.take(db, "balai", NOW), workers.take(db, "balai", NOW)
        assert (first.id, second.id) == ("balai-1", "balai-2")
        assert workers.beat(db, first, NOW)
        assert workers.free(db, first)
        assert not workers.free(db, first)
        third = workers.take(db, "balai", NOW)
        assert third.id == first.id
        assert third.holder != first.holder
        assert not workers.beat(db, first, NOW)  # it was given away
        assert [pulse.beats for pulse in workers.pulses(db)] == [0, 0]


def test_freshness_is_noted_once_per_post_and_measured_over_a_span(any_store: Store) -> None:
    lags = [10, 20, 30, 40, 400]
    with any_store.write() as db:
        posts.add(db, [_post(number, NOW - timedelta(seconds=lag)) for number, lag in enumerate(lags)])
        posts.add(db, [_post(99, NOW - timedelta(days=60))])
        stored = posts.unscored(db, "1", 100)
        assert freshness.record(db, NOW, timedelta(days=14)) == 0  # nobody could see them yet
        scores.add(db, [(post.id or 0, _score()) for post in stored])
        assert freshness.record(db, NOW, timedelta(days=14)) == 5
        assert freshness.record(db, NOW + timedelta(hours=1), timedelta(days=14)) == 0
        found = freshness.measure(db, NOW - timedelta(days=1))
        assert freshness.measure(db, NOW + timedelta(days=1)) is None
    assert found == freshness.Freshness(posts=5, median_s=30.0, p95_s=400.0, collect_median_s=25.0)


def _post(number: int, at: datetime) -> Post:
    return Post(
        source="s",
        native_id=str(number),
        kind=PostKind.POST,
        text=f"banjir {number}",
        published_at=at,
        collected_at=min(NOW, at + timedelta(seconds=25)),
    )


def _score() -> Score:
    return Score(
        model="1",
        relevant=True,
        relevance=1.0,
        sentiment=None,
        topic="banjir",
        complaint=True,
        urgency=1,
        terms="banjir",
    )
