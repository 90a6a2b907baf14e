"""Accounts, sessions and the lock after failed attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.errors import ConflictError, StoreError
from tanggap.records import Role, User
from tanggap.store import people

SARI = User(name="sari", full_name="Sari Dewi", roles=(Role.OFFICER, Role.VERIFIER), agency="AG05", must_change=True)
IDLE = timedelta(hours=8)


@pytest.fixture
def office(any_store):
    """A store with one account."""
    with any_store.write() as db:
        people.add(db, SARI, "hash-1")
    return any_store


def test_an_account_comes_back_as_it_went_in(office):
    with office.read() as db:
        assert people.get(db, "sari") == SARI
        assert people.password_hash(db, "sari") == "hash-1"
        assert people.get(db, "budi") is None
        assert people.password_hash(db, "budi") is None
        assert people.all_users(db) == [SARI]


def test_a_taken_name_is_refused(office):
    with pytest.raises(ConflictError, match="sari is taken"), office.write() as db:
        people.add(db, SARI, "hash-2")


def test_a_person_sets_the_own_password_and_stays_signed_in(office, now):
    with office.write() as db:
        people.open_session(db, "t", "sari", now())
        people.set_password(db, "sari", "hash-2", must_change=False)
        assert people.password_hash(db, "sari") == "hash-2"
        assert people.session(db, "t", now(), IDLE) == SARI.evolve(must_change=False)


def test_a_password_reset_by_somebody_else_ends_the_sessions(office, now):
    with office.write() as db:
        people.open_session(db, "t", "sari", now())
        people.set_password(db, "sari", "hash-2", must_change=True)
        assert people.session(db, "t", now(), IDLE) is None


def test_a_session_ends_when_idle_and_lives_on_when_used(office, now):
    with office.write() as db:
        people.open_session(db, "used", "sari", now())
        people.open_session(db, "idle", "sari", now())
        for hours in (7, 14, 21):
            assert people.session(db, "used", now() + timedelta(hours=hours), IDLE) == SARI
        assert people.session(db, "idle", now() + timedelta(hours=8, seconds=1), IDLE) is None
        assert people.session(db, "unknown", now(), IDLE) is None


def test_a_session_read_within_a_minute_writes_nothing(office, now):
    with office.write() as db:
        people.open_session(db, "t", "sari", now())
    with office.read() as db:
        assert people.session(db, "t", now() + timedelta(seconds=59), IDLE) == SARI
    with pytest.raises(StoreError, match="read-only"), office.read() as db:
        people.session(db, "t", now() + timedelta(seconds=60), IDLE)


def test_a_closed_session_is_nobodys(office, now):
    with office.write() as db:
        people.open_session(db, "t", "sari", now())
        people.close_session(db, "t")
        people.close_session(db, "t")
        assert people.session(db, "t", now(), IDLE) is None


def test_a_disabled_person_is_signed_out_at_once(office, now):
    with office.write() as db:
        people.open_session(db, "t", "sari", now())
        people.update(db, SARI.evolve(disabled=True))
        assert people.session(db, "t", now(), IDLE) is None
        assert people.get(db, "sari").disabled


def test_long_dead_sessions_are_cleared_away(office, now):
    with office.write() as db:
        people.open_session(db, "old", "sari", now() - timedelta(days=31))
        people.open_session(db, "new", "sari", now())
        assert people.session(db, "old", now(), timedelta(days=99)) is None


def test_the_fifth_failure_locks_for_a_minute(office, now):
    with office.write() as db:
        for _ in range(4):
            people.failed(db, "sari", now())
        assert people.locked_until(db, "sari", now()) is None
        people.failed(db, "sari", now())
        until = now() + timedelta(seconds=60)
        assert people.locked_until(db, "sari", now()) == until
        assert people.locked_until(db, "sari", until) is None
        assert people.locked_until(db, "budi", now()) is None


def test_signing_in_clears_the_failures(office, now):
    with office.write() as db:
        for _ in range(5):
            people.failed(db, "sari", now())
        people.clear_failures(db, "sari")
        assert people.locked_until(db, "sari", now()) is None


def test_failures_of_a_day_ago_are_forgotten_and_names_may_be_anything(office, now):
    with office.write() as db:
        for _ in range(5):
            people.failed(db, "x" * 10_000, now() - timedelta(hours=25))
        people.failed(db, "x" * 10_000, now())
        assert people.locked_until(db, "x" * 10_000, now()) is None
