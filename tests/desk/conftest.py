"""The city's desk on a real store, with one person of each kind and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.city import City, load_city
from tanggap.clock import WIB
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Role, Status, User
from tanggap.settings import packaged_config
from tanggap.store import Store, issues, people

#: Monday 23 November 2026, 09.00 in Jakarta.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WIB).astimezone(UTC)

PEOPLE = {
    "sari": User(name="sari", full_name="Sari Dewi", roles=(Role.OFFICER,)),
    "budi": User(name="budi", full_name="Budi Santoso", roles=(Role.OFFICER, Role.VERIFIER)),
    "vera": User(name="vera", full_name="Vera Lestari", roles=(Role.VERIFIER,)),
    "dina": User(name="dina", full_name="Dina Air", roles=(Role.OFFICER,), agency="AG05"),
    "lia": User(name="lia", full_name="Lia Baca", roles=(Role.READER,)),
    "off": User(name="off", full_name="Sudah Pindah", roles=(Role.OFFICER,), disabled=True),
}


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(packaged_config())


@pytest.fixture(scope="session")
def workflow(city: City) -> Workflow:
    return Workflow.load(city)


@pytest.fixture(scope="session")
def person() -> Callable[[str], User]:
    """People by user name."""
    return PEOPLE.__getitem__


@pytest.fixture(scope="session")
def moment() -> datetime:
    """What the desk's clock says."""
    return NOW


@pytest.fixture(scope="session")
def make_issue() -> Callable[..., Issue]:
    """A P3 flood issue detected an hour ago, with changes."""

    def make(**changes: object) -> Issue:
        at = NOW - timedelta(hours=1)
        facts: dict[str, object] = {
            "id": "ISU-20261123-0001",
            "title": "Banjir di Kampung Melayu",
            "topic": "banjir",
            "priority": Priority.P3,
            "agency": "AG05",
            "first_at": at - timedelta(hours=1),
            "last_at": NOW,
            "detected_at": at,
            "status_at": at,
            "status": Status.DETECTED,
        }
        return Issue(**{**facts, **changes})

    return make


@pytest.fixture
def desk(store: Store, city: City) -> Desk:
    with store.write() as db:
        for user in PEOPLE.values():
            people.add(db, user, "no hash")
    return Desk(store, city, lambda: NOW)


@pytest.fixture
def stored(desk: Desk, make_issue: Callable[..., Issue]) -> Callable[..., Issue]:
    """An issue put into the store."""

    def put(**changes: object) -> Issue:
        issue = make_issue(**changes)
        with desk.store.write() as db:
            issues.add(db, issue)
        return issue

    return put
