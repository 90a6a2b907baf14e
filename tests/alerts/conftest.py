"""The city's rules, and issues to be called for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tanggap.city import City, load_city
from tanggap.clock import WIB
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue, Priority, Status
from tanggap.settings import packaged_config

#: Monday 23 November 2026, 09.00 in Jakarta.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WIB).astimezone(UTC)


@pytest.fixture(scope="session")
def rules() -> tuple[Workflow, City]:
    city = load_city(packaged_config())
    return Workflow.load(city), city


@pytest.fixture(scope="session")
def make_issue() -> Callable[..., Issue]:
    """A P1 flood issue detected at 09.00 on Monday, with changes."""

    def make(**changes: object) -> Issue:
        facts: dict[str, object] = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), MONDAY)
        facts |= {"id": "ISU-20261123-0001", "title": "Banjir di Kampung Melayu", "topic": "banjir"}
        facts |= {"priority": Priority.P1, "status": Status.DETECTED, "place": "Kampung Melayu", "agency": "AG05"}
        facts["first_at"] = MONDAY - timedelta(minutes=20)
        return Issue(**{**facts, **changes})

    return make
