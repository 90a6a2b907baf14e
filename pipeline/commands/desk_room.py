"""What every command of the desk needs: the desk, the person who acts, and one line about an issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.office import Office
from tanggap.clock import WIB, stamp
from tanggap.desk.deadlines import nearest
from tanggap.desk.service import Desk
from tanggap.errors import UsageError
from tanggap.records import Issue, User
from tanggap.store import issues, people

IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help="Number of the issue, like ISU-20261122-0001.")]
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the item.")]
AsOption = Annotated[str, typer.Option("--as", help="Your account; what you do is written under it.")]
NoteOption = Annotated[str, typer.Option(help="Reason, link, evidence or reference, where the act asks for one.")]


@dataclass(frozen=True)
class Room:
    """A desk with the person who stands at it."""

    office: Office
    desk: Desk
    user: User | None = None

    @classmethod
    def open(cls, config: Path | None, by: str | None = None) -> Room:
        """The desk of a configuration; UsageError for an account that is none."""
        office = Office.open(config)
        desk = Desk(office.store, office.city, office.settings.now)
        if by is None:
            return cls(office, desk)
        with desk.store.read() as db:
            user = people.get(db, by)
        if user is None:
            raise UsageError(f"There is no account `{by}`; `tanggap user list` shows them.")
        return cls(office, desk, user)

    @property
    def person(self) -> User:
        """Who acts."""
        assert self.user is not None
        return self.user

    def issue(self, issue_id: str) -> Issue:
        """The issue as it is now."""
        with self.desk.store.read() as db:
            found = issues.get(db, issue_id)
        if found is None:
            raise UsageError(f"There is no issue {issue_id}; `tanggap issue list --all` shows them.")
        return found

    def version(self, issue_id: str) -> int:
        """Its version now: a person at a terminal acts on what is."""
        return self.issue(issue_id).version

    def tell(self, issue: Issue) -> None:
        """One line about what became of an issue."""
        typer.echo(status_line(issue, self.desk))

    @staticmethod
    def day(moment: datetime) -> datetime:
        """A day or time typed without a zone is meant in Jakarta."""
        return moment.replace(tzinfo=WIB)


def status_line(issue: Issue, desk: Desk) -> str:
    """`ISU-… ▶ Disposisi · P1 · Dinas SDA · PIC – · Terima disposisi sebelum 22 Nov 09.30`."""
    flow = desk.workflow
    clock = nearest(issue, flow, desk.now())
    parts = [
        f"{issue.id} {flow.sign(issue.status)} {flow.label(issue.status)}",
        issue.priority.value,
        desk.city.agency_label(issue.agency),
        f"PIC {issue.holder or '–'}",
    ]
    if issue.reopened:
        parts.append(f"dibuka kembali {issue.reopened}x")
    if clock is not None:
        late = " (lewat)" if clock.late(desk.now()) else ""
        parts.append(f"{clock.label} sebelum {stamp(clock.due)}{late}")
    return " · ".join(parts)
