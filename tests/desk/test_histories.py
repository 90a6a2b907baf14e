"""Random histories of issues: the clocks equal a slow reading of the whole history, minute by minute."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from tanggap.alerts.calls import Facts, Kind, standing
from tanggap.city import load_city
from tanggap.clock import WIB
from tanggap.desk.deadlines import deadlines, nearest
from tanggap.desk.guards import Move
from tanggap.desk.service import moved
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Role, Status, User
from tanggap.settings import packaged_config

CITY = load_city(packaged_config())
WORKFLOW = Workflow.load(CITY)
RULES = CITY.workflow
MINUTE = timedelta(minutes=1)
#: Monday, 2 November 2026, 00.00 WIB; the minutes of 240 days from then on.
FIRST = datetime(2026, 11, 2, tzinfo=WIB)
DOERS = [User(name=name, full_name=name, roles=(Role.OFFICER,)) for name in ("sari", "budi", "dina")]

Clock = tuple[str, datetime, datetime, datetime | None]


def office_open(minute: int) -> bool:
    """Whether the offices are open in that minute, read from workflow.toml itself."""
    local = FIRST + minute * MINUTE
    told = RULES["calendar"]
    opens, closes = (time[:5] for time in (told["opens"], told["closes"]))
    works = local.weekday() in told["days"] and local.date().isoformat() not in told["holidays"]
    return works and opens <= f"{local:%H:%M}" < closes


#: Open minutes before each minute.
OPEN_BEFORE = [0, *accumulate(office_open(minute) for minute in range(240 * 1440))]


def due(start: datetime, written: str) -> datetime:
    """`start` and a length as workflow.toml writes it, counted minute by minute."""
    if written[-1] in "mhd" and not written.endswith("wd"):
        return start + int(written[:-1]) * {"m": MINUTE, "h": 60 * MINUTE, "d": 1440 * MINUTE}[written[-1]]
    count, minutes = (int(written[:-2]), 510) if written.endswith("wd") else (int(written[:-1]), 60)
    at = int((start - FIRST) / MINUTE)
    return (FIRST + bisect_left(OPEN_BEFORE, OPEN_BEFORE[at] + count * minutes) * MINUTE).astimezone(UTC)


@dataclass
class History:
    """Everything that ever happened to an issue, oldest first."""

    states: list[tuple[datetime, Status]] = field(default_factory=list)
    holders: list[str | None] = field(default_factory=lambda: [None])
    answers: list[datetime] = field(default_factory=list)
    classes: list[Priority] = field(default_factory=list)

    def followed(self) -> timedelta:
        """How long the work had gone on before the deferrals that stand between it and the last state."""
        spent = timedelta(0)
        for (at, state), (until, after) in reversed(list(pairwise(self.states))):
            if state is Status.IN_PROCESS and after is Status.DEFERRED:
                spent += until - at
            elif state not in (Status.DEFERRED, Status.WAITING):
                break
        return spent

    def clocks(self) -> list[Clock]:
        """What the page docs/desk.md says must run, and what was met."""
        detected, (since, state) = self.states[0][0], self.states[-1]
        again = [
            at
            for (at, now), (_, before) in zip(self.states[1:], self.states, strict=False)
            if before is Status.RESOLVED
        ]
        answered = [at for at in self.answers if not again or at > again[-1]]
        owed = again[-1] if again else detected
        told: list[Clock] = []

        def run(kind: str, start: datetime, met: datetime | None = None) -> None:
            told.append((kind, start, due(start, RULES["deadlines"][kind][min(self.classes).value]), met))

        quiet = state.value in ("monitoring", "resolved", "referred", "dismissed", "merged")
        if state is Status.DETECTED:
            run("triage", detected)
        elif self.holders[-1] is None and not quiet:
            run("holder", since if state is Status.WAITING else owed)
        if state is Status.DISPOSITION:
            run("accept", since)
        if state is Status.IN_PROCESS:
            run("follow_up", since - self.followed())
        if answered:
            run("first_answer", min(owed, answered[0]), answered[0])
        elif not quiet:
            run("first_answer", owed)
        if answered and state in (Status.MONITORING, Status.RESOLVED):
            run("full_answer", owed, since)
        elif not quiet:
            run("full_answer", owed)
        return sorted(told, key=lambda clock: clock[2])


def begin(dice: random.Random) -> tuple[Issue, History]:
    at = (FIRST + dice.randrange(14 * 1440) * MINUTE).astimezone(UTC)
    priority = dice.choice(list(Priority))
    issue = Issue(
        id="ISU-20261102-0001", title="x", topic="banjir", agency="AG05", priority=priority, first_at=at, last_at=at,
        detected_at=at, status_at=at,
    )  # fmt: skip
    return issue, History(states=[(at, Status.DETECTED)], classes=[priority])


def step(issue: Issue, told: History, dice: random.Random) -> tuple[Issue, datetime]:
    """One random thing that may happen: a move, another holder, another class."""
    at = told.states[-1][0] + dice.randrange(1, dice.choice([90, 1440, 6000])) * MINUTE
    moves = WORKFLOW.moves(issue.status)
    kind = dice.choice(["move", "move", "move", "hold", "rank"])
    if kind == "rank" or not moves:
        issue = issue.evolve(priority=dice.choice(list(Priority)))
        told.classes.append(issue.priority)
        return issue, at
    if kind == "hold" and issue.status not in (Status.DETECTED, Status.WAITING):
        told.holders.append(dice.choice(DOERS).name)
        return issue.evolve(holder=told.holders[-1]), at
    to = dice.choice(moves)
    before = issue
    issue = moved(Move(issue=issue, to=to, by=dice.choice(DOERS), at=at, note="x"))
    told.states.append((at, to))
    told.holders.append(issue.holder)
    if to is Status.ANSWERED:
        told.answers.append(at)
    if before.status is Status.RESOLVED:  # a new life: at least P2, whatever it was before
        told.classes[:] = [min(before.priority, Priority.P2)]
    return issue, at


def check(issue: Issue, told: History, now: datetime) -> int:
    """Compares, and looks at what would be called out; how many clocks were compared."""
    found = deadlines(issue, WORKFLOW)
    ours = [(clock.kind, clock.start, clock.due, clock.met_at) for clock in found]
    assert sorted(ours) == sorted(told.clocks()), (issue, told)
    for clock in found:
        assert not (clock.met_at and clock.running)
        if clock.met_at:
            assert clock.left(now) == clock.left(now + timedelta(days=99))
    shown = nearest(issue, WORKFLOW, now)
    assert shown is None or shown.due == min(clock.due for clock in found if clock.running and clock.start <= now)
    minute = int((now - FIRST) / MINUTE)
    shut = OPEN_BEFORE[minute] == OPEN_BEFORE[minute + 1] and OPEN_BEFORE[max(0, minute - 1)] == OPEN_BEFORE[minute]
    if shut and min(told.classes) in (Priority.P3, Priority.P4):
        calls = standing(Facts(issues=[issue]), WORKFLOW, CITY, now)
        assert [call for call in calls if call.kind is Kind.DEADLINE] == []
    return len(found)


def play(count: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    for seed in range(count):
        dice = random.Random(seed)
        issue, told = begin(dice)
        for _ in range(dice.randrange(1, 14)):
            seen["clocks"] += check(issue, told, told.states[-1][0] + dice.randrange(0, 4000) * MINUTE)
            issue, _ = step(issue, told, dice)
            seen["steps"] += 1
        seen["histories"] += 1
        seen["reopened"] += issue.reopened
    return seen


def test_the_clocks_of_random_histories_equal_a_slow_reading_of_them() -> None:
    seen = play(300)
    assert seen["histories"] == 300
    assert seen["reopened"] > 10


@pytest.mark.slow
def test_the_clocks_of_ten_thousand_random_histories_equal_a_slow_reading_of_them() -> None:
    print(dict(play(10_000)))
