"""What the public may see of an issue: released by a person, as a GeoReport v2 service request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tanggap.desk.deadlines import nearest
from tanggap.desk.guards import check_permission
from tanggap.desk.service import Desk
from tanggap.records import Issue, Status, User
from tanggap.records.desk import Response
from tanggap.store import publicity

#: Nothing more will be done about these.
CLOSED = (Status.RESOLVED, Status.REFERRED, Status.DISMISSED, Status.MERGED)
OPEN = tuple(status for status in Status if status not in CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """One public issue; the names are those of GeoReport v2, times aware UTC."""

    service_request_id: str
    status: str
    status_notes: str
    service_name: str
    service_code: str
    description: str
    #: The body that holds it; never a person.
    agency_responsible: str | None
    #: The last public answer.
    service_notice: str | None
    requested_datetime: datetime
    #: Last change of state, or a later public answer; of a closed one, when it was closed.
    updated_datetime: datetime
    #: The deadline that is due next; None where nothing is owed.
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class Opening:
    """Releases issues, and reads those that are."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def release(self, issue_id: str, by: User) -> None:
        """Shows an issue to everybody: title, place, state, body, deadline and answers, nothing of the posts."""
        with self.desk.store.write() as db:
            self._check(db, issue_id, by)
            publicity.release(db, issue_id, self.desk.now(), by.name)
            self.desk.note(db, "public.release", issue_id, by)

    def withdraw(self, issue_id: str, by: User, note: str = "") -> None:
        """Takes it back."""
        with self.desk.store.write() as db:
            self._check(db, issue_id, by)
            publicity.withdraw(db, issue_id)
            self.desk.note(db, "public.withdraw", issue_id, by, note=note)

    def by_number(self, numbers: Sequence[str]) -> list[ServiceRequest]:
        """The public issues among these numbers."""
        with self.desk.store.read() as db:
            return self._requests(db, publicity.by_number(db, numbers))

    def search(
        self,
        start: datetime,
        end: datetime,
        *,
        codes: Collection[str] = (),
        states: Collection[str] = (),
        limit: int,
        skip: int = 0,
    ) -> list[ServiceRequest]:
        """Public issues first heard of between two moments; `states` are `open` and `closed`, empty for both."""
        statuses = [
            status for name, group in (("open", OPEN), ("closed", CLOSED)) if name in states for status in group
        ]
        with self.desk.store.read() as db:
            found = publicity.search(db, start, end, topics=codes, statuses=statuses, limit=limit, skip=skip)
            return self._requests(db, found)

    def _check(self, db: Connection, issue_id: str, by: User) -> None:
        issue = self.desk.read(db, issue_id, None)
        check_permission(by, "publish", issue, self.desk.workflow, self.desk.city)

    def _requests(self, db: Connection, found: Sequence[Issue]) -> list[ServiceRequest]:
        said = publicity.last_answers(db, [issue.id for issue in found])
        return [self._request(issue, said.get(issue.id)) for issue in found]

    def _request(self, issue: Issue, said: Response | None) -> ServiceRequest:
        city, flow = self.desk.city, self.desk.workflow
        topic = city.topics.get(issue.topic)
        area = city.areas.get(issue.areas[0]) if issue.areas else None
        body = city.body(issue.agency)
        label = flow.label(issue.status)
        clock = nearest(issue, flow, self.desk.now())
        open_now = issue.status not in CLOSED
        told = [issue.status_at, *([said.published_at] if open_now and said and said.published_at else [])]
        return ServiceRequest(
            service_request_id=issue.id,
            status="open" if open_now else "closed",
            status_notes=f"{label} · {body.short}" if body else label,
            service_name=topic.label if topic else issue.topic,
            service_code=issue.topic,
            description=issue.title,
            agency_responsible=body.name if body else None,
            service_notice=f"{said.text} {said.url}" if said else None,
            requested_datetime=issue.first_at,
            updated_datetime=max(told),
            expected_datetime=clock.due if clock else None,
            address=self._address(issue),
            address_id=issue.areas[0] if issue.areas else None,
            zipcode=None,
            lat=area.lat if area else None,
            long=area.lon if area else None,
            media_url=None,
        )

    def _address(self, issue: Issue) -> str | None:
        """From the most specific to the most general: the place, then what it lies in, up to the kota."""
        city = self.desk.city
        around = [city.areas[code].short for code in city.lineage(issue.areas[0])] if issue.areas else []
        return ", ".join(dict.fromkeys([*filter(None, issue.place.split(", ")), *around])) or None
