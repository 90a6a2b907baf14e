"""What the pages read from the store: cached for all signed-in people, keyed by nothing but the filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboard import context, dispatch
from dashboard.board import Row, rows_of
from tanggap.issues.summary import Sentence
from tanggap.issues.summary import summary as summed
from tanggap.records import CrawlRun, Issue, Link, Reading, Source, Status, User
from tanggap.schedules import JobRun, Schedule, State
from tanggap.store import (
    alarms,
    freshness,
    issues,
    job_care,
    job_runs,
    leads,
    people,
    runs,
    schedules,
    sources,
)
from tanggap.store.alarms import Alarm
from tanggap.store.freshness import Freshness
from tanggap.store.job_care import Fault
from tanggap.text import fold
from tanggap.watch import Health, survey

#: Most issues the queue looks at; beyond that people narrow it by topic, area or words.
MOST = 2_000
#: Posts of an issue that quotes are chosen from, newest first.
MEMBERS = 400


@st.cache_data(ttl=15, max_entries=64, show_spinner=False)
def board_rows(everything: bool, topic: str | None, area: str | None, words: str) -> list[Row]:
    """Rows of the open issues, or of all, that fit the filters."""
    here = context.current()
    wanted = [s for s in Status if s is not Status.MERGED and (everything or not here.workflow.is_closed(s))]
    with here.store.read() as db:
        found = issues.queue(db, status=wanted, topic=topic, area=area, words=words, limit=MOST)
        if bodies := agencies(words):
            others = issues.queue(db, status=wanted, topic=topic, area=area, limit=MOST)
            known = {issue.id for issue in found}
            found += [issue for issue in others if issue.agency in bodies and issue.id not in known]
    return rows_of(found, here.workflow, here.now())


def agencies(words: str) -> set[str]:
    """The bodies that the words of a search name."""
    wanted = fold(words).split()
    bodies = context.current().city.agencies.items()
    named = {code: fold(f"{code} {body.short} {body.name}") for code, body in bodies} if wanted else {}
    return {code for code, name in named.items() if all(word in name for word in wanted)}


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def sparklines(issue_ids: tuple[str, ...]) -> dict[str, list[int]]:
    """Posts per hour of the last 24 hours."""
    here = context.current()
    with here.store.read() as db:
        return issues.hourly(db, issue_ids, here.now())


@st.cache_data(ttl=15, max_entries=256, show_spinner=False)
def members(issue_id: str, _last: int) -> list[tuple[Link, Reading]]:
    """The newest posts of an issue with their scores."""
    with context.current().store.read() as db:
        return issues.members(db, issue_id, limit=MEMBERS)


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def summary(issue_id: str, topic: str, version: int, posts: int) -> tuple[Sentence, ...]:
    """What all posts of an issue say together; keyed by what changes with every act and every post."""
    del version
    here = context.current()
    silent = {source.id for source in crawl_state()[0] if not source.shows_text}
    with here.store.read() as db:
        told = issues.members(db, issue_id, limit=max(posts, MEMBERS))
    return summed(told, topic=topic, city=here.city, unquoted=silent)


@st.cache_data(ttl=15, max_entries=256, show_spinner=False)
def some(issue_id: str, posts: tuple[int, ...]) -> list[tuple[Link, Reading]]:
    """These posts of an issue with their scores, newest first."""
    with context.current().store.read() as db:
        return issues.members(db, issue_id, limit=len(posts), posts=posts)


@st.cache_data(ttl=60, show_spinner=False)
def crawl_state() -> tuple[list[Source], Mapping[str, CrawlRun]]:
    """The declared sources and the latest run of each."""
    with context.current().store.read() as db:
        return sources.all_sources(db), runs.latest(db)


@st.cache_data(ttl=60, show_spinner=False)
def source_health() -> tuple[list[Health], dict[str, Alarm]]:
    """How every source is, and the open alarms."""
    here = context.current()
    with here.store.read() as db:
        return survey(db, here.now()), alarms.open_ones(db)


@st.cache_data(ttl=60, show_spinner=False)
def coverage(days: int) -> leads.Coverage:
    """How much of what news searches showed in the last days our own sources brought too."""
    here = context.current()
    with here.store.read() as db:
        return leads.coverage(db, here.now() - timedelta(days=days))


@st.cache_data(ttl=60, show_spinner=False)
def staff() -> list[User]:
    """Everybody with an account."""
    with context.current().store.read() as db:
        return people.all_users(db)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The jobs as they stand: at work, set aside, counted, and the workers that live."""

    running: list[JobRun]
    faults: list[Fault]
    tally: Mapping[State, int]
    workers: list[str]
    #: When any worker was seen last.
    seen: datetime | None


@st.cache_data(ttl=1, show_spinner=False)
def work() -> Work:
    """What the workers do; the ended runs are counted over a day."""
    here = context.current()
    now = here.now()
    with here.store.read() as db:
        alive, seen = dispatch.living(db, now)
        counted = job_care.tally(db, now - timedelta(days=1))
        return Work(running=job_care.at_work(db), faults=job_care.faults(db), tally=counted, workers=alive, seen=seen)


@st.cache_data(ttl=3, show_spinner=False)
def plans(runs: int) -> list[tuple[Schedule, list[JobRun]]]:
    """Every schedule with its last runs, newest first."""
    with context.current().store.read() as db:
        return [(item, job_runs.recent(db, schedule=item.name, limit=runs)) for item in schedules.every(db)]


@st.cache_data(ttl=15, show_spinner=False)
def fresh(days: int) -> Freshness | None:
    """How long posts took to be seen."""
    here = context.current()
    with here.store.read() as db:
        return freshness.measure(db, here.now() - timedelta(days=days))


@st.cache_data(ttl=15, show_spinner=False)
def source_clocks() -> dict[str, str]:
    """Source id -> when its schedule reads it, in words."""
    with context.current().store.read() as db:
        planned = [item for item in schedules.every(db) if item.job == "crawl"]
    return {item.argument: item.clock.reading() + (" (dijeda)" if item.paused else "") for item in planned}


def source_titles() -> dict[str, str]:
    """Source id -> name for people."""
    return {source.id: source.title for source in crawl_state()[0]}


def forget_jobs() -> None:
    """Drop what is cached of schedules and runs."""
    work.clear()
    plans.clear()
    source_clocks.clear()


def full_names() -> dict[str, str]:
    """Username -> name for people."""
    return {user.name: user.full_name for user in staff()}


def issue(issue_id: str) -> Issue | None:
    """An issue as it is this moment."""
    with context.current().store.read() as db:
        return issues.get(db, issue_id)


def revision() -> int:
    """A number that grows by one with every new issue and every change of one."""
    with context.current().store.read() as db:
        return issues.revision(db)


def forget() -> None:
    """Drop what is cached, so that a person sees what they have just done."""
    board_rows.clear()
    members.clear()
    some.clear()


def forget_sources() -> None:
    """The same for sources."""
    crawl_state.clear()
    source_health.clear()
    source_clocks.clear()
