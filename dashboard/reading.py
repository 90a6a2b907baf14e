"""What the pages read from the store: cached for all signed-in people, keyed by nothing but the filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from dashboard import context
from dashboard.board import Row, rows_of
from tanggap.records import CrawlRun, Issue, Link, Reading, Source, Status, StatusChange, User
from tanggap.store import alarms, issues, leads, people, runs, sources
from tanggap.store.alarms import Alarm
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
    return rows_of(found, here.workflow, here.now())


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


def full_names() -> dict[str, str]:
    """Username -> name for people."""
    return {user.name: user.full_name for user in staff()}


def issue(issue_id: str) -> tuple[Issue | None, list[StatusChange]]:
    """An issue as it is this moment, with its moves."""
    with context.current().store.read() as db:
        found = issues.get(db, issue_id)
        return found, issues.history(db, found.id) if found else []


def revision() -> int:
    """A number that grows by one with every new issue and every change of one."""
    with context.current().store.read() as db:
        return issues.revision(db)


def forget() -> None:
    """Drop what is cached, so that a person sees what they have just done."""
    board_rows.clear()
    members.clear()


def forget_sources() -> None:
    """The same for sources."""
    crawl_state.clear()
    source_health.clear()
