"""No storm, and nothing urgent kept back for long."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.alerts.calls import Kind
from tanggap.alerts.pace import HOUR, batches, may_go, quiet
from tanggap.clock import WIB
from tests.alerts.conftest import MONDAY
from tests.alerts.test_message import call

MINUTE = timedelta(minutes=1)


def play(waves: list[int], most: int) -> tuple[list[tuple[datetime, int]], list[int]]:
    """Lets so many new calls come at each minute; gives the messages with their sizes, and waits in minutes."""
    sent: list[tuple[datetime, int]] = []
    waiting: list[datetime] = []
    waits: list[int] = []
    for minute, wave in enumerate([*waves, *[0] * 60]):
        now = MONDAY + minute * MINUTE
        waiting += [now] * wave
        moments = [at for at, _ in sent if at > now - HOUR]
        for number, batch in enumerate(batches([call(n) for n in range(len(waiting))], moments, now, most)):
            sent.append((now + timedelta(seconds=number), len(batch)))
            waits += [round((now - at) / MINUTE) for at in waiting[: len(batch)]]
            del waiting[: len(batch)]
    assert not waiting
    return sent, waits


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), max_size=120), st.integers(2, 20))
def test_no_hour_sees_more_than_its_messages_and_no_call_is_lost_or_late(waves: list[int], most: int) -> None:
    sent, waits = play(waves, most)
    assert len(waits) == sum(waves)
    for at, _ in sent:
        assert sum(at - HOUR < other <= at for other, _ in sent) <= most
    assert max(waits, default=0) <= 60 // (most // 2) + 1


def test_a_few_calls_are_told_one_by_one_and_a_flood_as_a_summary() -> None:
    assert [len(batch) for batch in batches([call(n) for n in range(3)], [], MONDAY, 12)] == [1, 1, 1]
    assert [len(batch) for batch in batches([call(n) for n in range(4)], [], MONDAY, 12)] == [4]
    assert batches([], [], MONDAY, 12) == []
    assert batches([call()], [MONDAY - 30 * MINUTE], MONDAY, 1) == []


@pytest.mark.parametrize(("hour", "goes"), [(20, True), (21, False), (2, False), (6, True)])
def test_trouble_of_sources_waits_for_the_morning_and_danger_does_not(hour: int, goes: bool) -> None:
    now = datetime(2026, 11, 23, hour, 30, tzinfo=WIB)
    source = call(kind=Kind.SOURCE, priority=None)
    assert may_go(source, now, time(21), time(6)) is goes
    assert may_go(call(kind=Kind.DANGER, priority=None), now, time(21), time(6))
    assert may_go(call(), now, time(21), time(6))
    assert not quiet(now, time(6), time(6))
