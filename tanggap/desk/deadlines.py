"""The clocks of an issue: what is due when, which of it comes first, and how much time is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tanggap.desk.calendar import WorkingCalendar
from tanggap.desk.workflow import Timer, Workflow
from tanggap.records import Issue, Record, Status

#: States in which every unmet clock stands still: the work is done, handed outside, or not ours.
STOPPED = frozenset({Status.MONITORING, Status.RESOLVED, Status.REFERRED, Status.DISMISSED, Status.MERGED})
#: States in which nothing more is owed to the public.
SETTLED = frozenset({Status.MONITORING, Status.RESOLVED})
#: Shares of a clock at which people are warned, in percent.
WARNINGS = (50, 80, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Record):
    """One clock of an issue: from `start` to `due`, and when it was met, if it was."""

    kind: Timer
    label: str
    start: datetime
    due: datetime
    met_at: datetime | None = None
    #: The opening hours it runs in; None for the wall clock.
    calendar: WorkingCalendar | None = field(default=None, repr=False, compare=False)

    @property
    def running(self) -> bool:
        """Whether it still waits to be met."""
        return self.met_at is None

    def left(self, now: datetime) -> timedelta:
        """Time until it is due; negative once it is late. A met clock stands where it was met."""
        return self.due - (self.met_at or now)

    def late(self, now: datetime) -> bool:
        """Whether it was missed, or is being missed now."""
        return self.left(now) < timedelta(0)

    def warning(self, now: datetime) -> int:
        """The highest of 50, 80 and 100 percent that has passed by now; 0 before all of them."""
        used = self.used(now)
        return max((mark for mark in WARNINGS if used >= mark), default=0)

    def used(self, now: datetime) -> float:
        """How many percent of its time have passed, counted in the hours it runs in; over 100 once it is late."""
        end = self.met_at or now
        if self.calendar is None or end >= self.due:
            return 100 * (end - self.start) / (self.due - self.start)
        passed, whole = (self.calendar.working_time_between(self.start, at) for at in (end, self.due))
        return 100 * passed / whole


def deadlines(issue: Issue, workflow: Workflow) -> tuple[Deadline, ...]:
    """The clocks that run for an issue, and the answers that met theirs; soonest first.

    They run by the most urgent class the issue has had, so that none is gone or later when its score falls.
    What an issue does not remember (when it was triaged, who held it before) has no clock once it is done. A
    reopened issue owes a new answer from then on, whatever moves follow. A deferred one owes its answer, no
    follow-up; that clock goes on where it stood once the work does.
    """
    clocks = [*_desk_clocks(issue, workflow), *_answer_clocks(issue, workflow)]
    return tuple(sorted(clocks, key=lambda clock: clock.due))


def nearest(issue: Issue, workflow: Workflow, now: datetime) -> Deadline | None:
    """The running clock that is due first, the one screens show; None where nothing is owed.

    A clock that starts after `now` is not running yet; among late ones it is the one that has been late longest.
    """
    return next((c for c in deadlines(issue, workflow) if c.running and c.start <= now), None)


def owes_answer(issue: Issue) -> bool:
    """Whether the public still waits for an answer."""
    return issue.answered_at is None and issue.status not in STOPPED


def _clock(kind: Timer, start: datetime, issue: Issue, workflow: Workflow, met_at: datetime | None = None) -> Deadline:
    timer = workflow.deadlines[kind]
    length = timer.length(issue.highest)
    due = workflow.calendar.after(start, length)
    calendar = workflow.calendar if length.working else None
    return Deadline(kind=kind, label=timer.label, start=start, due=due, met_at=met_at, calendar=calendar)


def _desk_clocks(issue: Issue, workflow: Workflow) -> list[Deadline]:
    """Triage, naming a holder, accepting a disposition, following up: each runs in its own states only."""
    clocks: list[Deadline] = []
    if issue.status is Status.DETECTED:
        clocks.append(_clock("triage", issue.detected_at, issue, workflow))
    elif issue.holder is None and issue.status not in STOPPED:
        start = issue.status_at if issue.status is Status.WAITING else _owed_since(issue)
        clocks.append(_clock("holder", start, issue, workflow))
    if issue.status is Status.DISPOSITION:
        clocks.append(_clock("accept", issue.status_at, issue, workflow))
    if issue.status is Status.IN_PROCESS:
        begun = issue.status_at - timedelta(seconds=issue.followed_s)
        clocks.append(_clock("follow_up", begun, issue, workflow))
    return clocks


def _owed_since(issue: Issue) -> datetime:
    """When the city began to owe something: when it heard of the issue, or when it was opened again."""
    return issue.reopened_at or issue.detected_at


def _answer_clocks(issue: Issue, workflow: Workflow) -> list[Deadline]:
    """First and full answer; a met first answer stays listed, with the time it was given."""
    start = _owed_since(issue)
    clocks: list[Deadline] = []
    if issue.answered_at is not None or owes_answer(issue):
        begin = min(start, issue.answered_at) if issue.answered_at else start
        clocks.append(_clock("first_answer", begin, issue, workflow, issue.answered_at))
    if issue.status in SETTLED and issue.answered_at is not None:
        clocks.append(_clock("full_answer", start, issue, workflow, issue.status_at))
    elif issue.status not in STOPPED:
        clocks.append(_clock("full_answer", start, issue, workflow))
    return clocks
