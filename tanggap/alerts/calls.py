"""What needs a person at one moment: issues, clocks, promises, new dangers, sources in trouble, jobs set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.desk.deadlines import Deadline, deadlines, nearest
from tanggap.desk.pledges import soon
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Record, Status
from tanggap.records.desk import Commitment
from tanggap.schedules import JobRun
from tanggap.store.alarms import Alarm

#: Classes that call at any hour; the others wait for the offices to open.
URGENT = frozenset({Priority.P1, Priority.P2})
#: States of an issue that nobody has answered yet.
UNANSWERED = frozenset({Status.DETECTED, Status.WAITING, Status.COORDINATION, Status.DISPOSITION, Status.IN_PROCESS})
WARNED = {50: "Separuh waktu terpakai", 80: "Tenggat dekat", 100: "Lewat tenggat"}


class Kind(StrEnum):
    """What an alert is about."""

    ISSUE = "issue"
    DEADLINE = "deadline"
    DANGER = "danger"
    PROMISE = "promise"
    SOURCE = "source"
    JOB = "job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Record):
    """One thing that needs a person, as long as it does."""

    #: The same thing has the same key at every look, so that it is told once.
    key: str
    kind: Kind
    #: Id of the issue, source or run.
    subject: str
    #: What happened, in a few words; and what it is about.
    what: str
    title: str
    #: One sentence more, "" where none is needed.
    told: str = ""
    place: str = ""
    #: Who holds it, in words; "" where holding means nothing.
    holder: str = ""
    priority: Priority | None = None
    clock: str = ""
    due_at: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Whether it goes out at any hour."""
        return self.kind is Kind.DANGER or self.priority in URGENT

    @property
    def rank(self) -> tuple[bool, str, float]:
        """Sorts the most urgent first: dangers, then by class, then by what is due soonest."""
        due = self.due_at.timestamp() if self.due_at else float("inf")
        return self.kind is not Kind.DANGER, self.priority or "P9", due


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known at one moment."""

    #: Issues that are not closed, and closed ones with new dangers.
    issues: Sequence[Issue] = ()
    #: Open promises, each with its issue.
    promises: Sequence[tuple[Commitment, Issue]] = ()
    #: Posts that tell of danger since the issue was answered or closed, by issue.
    dangers: Mapping[str, int] = field(default_factory=dict)
    alarms: Sequence[Alarm] = ()
    #: Runs set aside lately, newest first.
    runs: Sequence[JobRun] = ()
    #: For people: names of accounts, sources and jobs.
    people: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)


def standing(facts: Facts, workflow: Workflow, city: City, now: datetime) -> list[Call]:
    """Everything that needs a person now, the most urgent first. What is done, answered or well again is not in it."""
    calls = [call for issue in facts.issues for call in _of_issue(issue, facts, workflow, city, now)]
    calls += [call for promise, issue in facts.promises for call in _of_promise(promise, issue, workflow, city, now)]
    calls += [_of_alarm(alarm, facts) for alarm in facts.alarms]
    calls += [_of_run(run, facts) for run in facts.runs]
    once: dict[str, Call] = {}
    for call in sorted(calls, key=lambda call: call.rank):
        once.setdefault(call.key, call)
    return list(once.values())


def _of_issue(issue: Issue, facts: Facts, workflow: Workflow, city: City, now: datetime) -> Iterator[Call]:
    about = Call(
        key="",
        kind=Kind.ISSUE,
        subject=issue.id,
        what="",
        title=issue.title,
        place=issue.place,
        holder=_holder(issue, facts, city),
        priority=issue.highest,
    )
    if issue.highest in URGENT and issue.status in UNANSWERED:
        clock = nearest(issue, workflow, now)
        what = f"Isu {issue.highest} {'dibuka kembali' if issue.reopened else 'menunggu'}"
        key = f"issue:{issue.id}:{issue.highest}:{issue.reopened}"
        yield about.evolve(key=key, what=what, **_due(clock))
    for clock in deadlines(issue, workflow):
        level = clock.warning(now) if clock.running and clock.start <= now else 0
        if level and (issue.highest in URGENT or workflow.calendar.is_open(now)):
            key = f"deadline:{issue.id}:{clock.kind}:{clock.start.isoformat()}:{issue.highest}:{level}"
            yield about.evolve(key=key, kind=Kind.DEADLINE, what=WARNED[level], **_due(clock))
    if posts := facts.dangers.get(issue.id, 0):
        label = workflow.label(issue.status)
        yield about.evolve(
            key=f"danger:{issue.id}:{issue.status_at.isoformat()}",
            kind=Kind.DANGER,
            what=f"Bahaya baru pada isu yang sudah {label}",
            told=f"{posts} kiriman menyebut bahaya bagi warga sejak isu ini {label}.",
        )


def _of_promise(promise: Commitment, issue: Issue, workflow: Workflow, city: City, now: datetime) -> Iterator[Call]:
    """Calls when a promise is due soon, and once more when it is broken."""
    if promise.due is None or promise.due > soon(now, workflow.calendar):
        return
    if issue.highest not in URGENT and not workflow.calendar.is_open(now):
        return
    broken = promise.broken(now)
    yield Call(
        key=f"promise:{promise.id}:{promise.due.isoformat()}:{'broken' if broken else 'soon'}",
        kind=Kind.PROMISE,
        subject=issue.id,
        what="Janji dilanggar" if broken else "Janji segera jatuh tempo",
        title=issue.title,
        told=f"“{promise.text}”",
        place=issue.place,
        holder=city.agency_label(promise.owner),
        priority=issue.highest,
        clock="janji",
        due_at=promise.due,
    )


def _due(clock: Deadline | None) -> dict[str, object]:
    return {"clock": clock.label, "due_at": clock.due} if clock else {}


def _holder(issue: Issue, facts: Facts, city: City) -> str:
    """`Sari Dewi, Dinas SDA`; `belum ada PIC, Dinas SDA`."""
    person = facts.people.get(issue.holder, issue.holder) if issue.holder else "belum ada PIC"
    return f"{person}, {city.agency_label(issue.agency)}" if issue.agency else person


def _of_alarm(alarm: Alarm, facts: Facts) -> Call:
    return Call(
        key=f"source:{alarm.source}:{alarm.id}:{alarm.state}",
        kind=Kind.SOURCE,
        subject=alarm.source,
        what="Sumber bermasalah",
        title=facts.sources.get(alarm.source, alarm.source),
        told=alarm.message,
    )


def _of_run(run: JobRun, facts: Facts) -> Call:
    """One job that fails again and again calls once a day."""
    return Call(
        key=f"job:{run.job}:{run.argument}:{city_day(run.ended_at or run.asked_at)}",
        kind=Kind.JOB,
        subject=run.id,
        what="Tugas disisihkan",
        title=f"{facts.jobs.get(run.job, run.job)} {run.argument}".strip(),
        told=run.reason,
    )
