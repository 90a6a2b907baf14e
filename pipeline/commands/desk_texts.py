"""Commands of what is said to the public: drafts, the checker, approval, publication, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer

from pipeline.commands.desk_room import AsOption, IssueArgument, NoteOption, NumberArgument, Room
from pipeline.office import ConfigOption
from tanggap.clock import stamp
from tanggap.desk.answering import STATES, Answering
from tanggap.desk.checker import Finding
from tanggap.desk.promising import STATES as PROMISES
from tanggap.desk.promising import Promising, official_accounts
from tanggap.desk.timeline import KINDS
from tanggap.records import Issue
from tanggap.records.desk import Commitment, Response, ResponseKind

DUE = typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"], help="Until when, in Jakarta time.")
OUT = typer.Option(formats=["%Y-%m-%dT%H:%M"], help="When it went out, in Jakarta time; now if left out.")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (answers, draft, revise, submit, approve, publish, promises, promise, confirm, keep, withdraw):
        app.command()(command)
    app.command("send-back")(send_back)


def answers(issue: IssueArgument, config: ConfigOption = None) -> None:
    """Shows the responses of an issue with their versions, and how much of its reach has an answer near it.

    Example: tanggap desk answers ISU-20261122-0001
    """
    desk = Answering(Room.open(config).desk)
    for item in desk.of_issue(issue):
        typer.echo(response_line(item))
    found = desk.coverage(issue)
    typer.echo(f"cakupan jawaban {round(100 * found.share)}%: {found.answered} dari {found.posts} kiriman")
    for post in found.next:
        typer.echo(f"  berikutnya: {post.url or f'{post.source}/{post.native_id}'}")


def draft(
    issue: IssueArgument,
    by: AsOption,
    kind: Annotated[ResponseKind, typer.Option(help="What it is.")] = "answer",
    text: Annotated[str, typer.Option(help="The text; from the template that fits if left out.")] = "",
    config: ConfigOption = None,
) -> None:
    """Writes a first version and says what the checker finds.

    Example: tanggap desk draft ISU-20261122-0001 --kind holding --as sari
    """
    room = Room.open(config, by)
    desk = Answering(room.desk)
    made = desk.draft(issue, room.person, kind=kind, text=text)
    typer.echo(f"{response_line(made)}\n{made.text}")
    tell_findings(desk.check(made.id or 0))


def revise(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(help="The new text.")],
    by: AsOption,
    config: ConfigOption = None,
) -> None:
    """Writes the next version; it has to be approved anew.

    Example: tanggap desk revise 3 "Tiga pompa bekerja; kabar berikutnya pukul 10.00." --as sari
    """
    room = Room.open(config, by)
    desk = Answering(room.desk)
    made = desk.revise(number, room.person, text)
    typer.echo(response_line(made))
    tell_findings(desk.check(made.id or 0))


def submit(number: NumberArgument, by: AsOption, config: ConfigOption = None) -> None:
    """Asks for approval.

    Example: tanggap desk submit 3 --as sari
    """
    room = Room.open(config, by)
    item, found = Answering(room.desk).submit(number, room.person)
    typer.echo(response_line(item))
    tell_findings(found)


def approve(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Approves what somebody else wrote; over findings only with a note.

    Example: tanggap desk approve 3 --as budi
    """
    room = Room.open(config, by)
    typer.echo(response_line(Answering(room.desk).approve(number, room.person, note)))


def send_back(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Gives a text back to who wrote it.

    Example: tanggap desk send-back 3 --as budi --note "sebut RW"
    """
    room = Room.open(config, by)
    typer.echo(response_line(Answering(room.desk).send_back(number, room.person, note)))


def publish(
    number: NumberArgument,
    url: Annotated[str, typer.Argument(help="Where it stands now.")],
    by: AsOption,
    under: Annotated[list[str] | None, typer.Option(help="Post under which it stands; again for more.")] = None,
    at: Annotated[datetime | None, OUT] = None,
    config: ConfigOption = None,
) -> None:
    """Notes that an approved text is out, where and since when: it answers the issue.

    Example: tanggap desk publish 3 https://jakarta.go.id/siaran/7 --under x/1871 --at 2026-11-22T08:10 --as sari
    """
    room = Room.open(config, by)
    out = room.day(at) if at else None
    done = Answering(room.desk).publish(number, room.person, url, under or (), at=out)
    typer.echo(response_line(done))
    room.tell(room.issue(done.issue))
    tell_promises(item for item in Promising(room.desk).of_issue(done.issue) if item.source == f"response {done.id}")


def promises(
    issue: Annotated[str | None, typer.Argument(metavar="ISSUE", help="All open promises if left out.")] = None,
    read: Annotated[bool, typer.Option("--read", help="First read the posts of official accounts.")] = False,
    config: ConfigOption = None,
) -> None:
    """Shows what was promised on an issue; without one, every open promise, the soonest first.

    Example: tanggap desk promises ISU-20261122-0001
    """
    room = Room.open(config)
    desk = Promising(room.desk)
    if issue is None:
        tell_open(desk.open_ones(), room)
        return
    if read:
        desk.read_posts(issue, official_accounts(room.desk.city, room.office.settings.pseudonym_key))
    tell_promises(desk.of_issue(issue))


def promise(
    issue: IssueArgument,
    text: Annotated[str, typer.Argument(help="What was promised.")],
    due: Annotated[datetime, DUE],
    by: AsOption,
    owner: Annotated[str | None, typer.Option(help="The body that owes it; that of the issue if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Notes a promise that somebody heard.

    Example: tanggap desk promise ISU-20261122-0001 "Tanggul diperbaiki" --due 2026-11-25 --as sari
    """
    room = Room.open(config, by)
    tell_promises([Promising(room.desk).add(issue, room.person, text, due=room.day(due), owner=owner)])


def confirm(
    number: NumberArgument,
    by: AsOption,
    due: Annotated[datetime | None, DUE] = None,
    owner: Annotated[str | None, typer.Option(help="The body that owes it.")] = None,
    config: ConfigOption = None,
) -> None:
    """Says that a suggestion is a promise; it keeps the issue open until it is kept.

    Example: tanggap desk confirm 2 --due 2026-11-25T12:00 --as sari
    """
    room = Room.open(config, by)
    until = room.day(due) if due else None
    tell_promises([Promising(room.desk).confirm(number, room.person, due=until, owner=owner)])


def keep(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Says that a promise was kept, and how that is known.

    Example: tanggap desk keep 2 --note "tanggul berdiri, foto 25 Nov" --as sari
    """
    room = Room.open(config, by)
    tell_promises([Promising(room.desk).keep(number, room.person, note)])


def withdraw(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Takes a promise off the list, with the reason.

    Example: tanggap desk withdraw 2 --note "salah kutip" --as sari
    """
    room = Room.open(config, by)
    tell_promises([Promising(room.desk).withdraw(number, room.person, note)])


def tell_open(found: Iterable[tuple[Commitment, Issue]], room: Room) -> None:
    """Open promises of all issues, one a line, with who owes them."""
    for item, issue in found:
        state = "dilanggar" if item.broken(room.desk.now()) else PROMISES[item.state]
        due = f"tenggat {stamp(item.due)}" if item.due else "tanpa tenggat"
        owner = room.desk.city.agency_label(item.owner)
        typer.echo(f"janji {item.id}: “{item.text}”, {owner}, {due}, {state} · {issue.id} {issue.title}")


def response_line(item: Response) -> str:
    """`tanggapan 3: jawaban 1 versi 2, terbit https://…`."""
    told = f"tanggapan {item.id}: {KINDS[item.kind]} {item.number} versi {item.version}, {STATES[item.state]}"
    return f"{told} {stamp(item.published_at)} {item.url}" if item.published_at else told


def tell_findings(found: Iterable[Finding]) -> None:
    """What the checker objects to."""
    for finding in found:
        typer.echo(f"  periksa · {finding.label}: “{finding.words}” · {finding.advice}")


def tell_promises(found: Iterable[Commitment]) -> None:
    """Promises, one a line."""
    for item in found:
        due = f", tenggat {stamp(item.due)}" if item.due else ", tanpa tenggat"
        typer.echo(f"janji {item.id}: “{item.text}”{due}, {PROMISES[item.state]}")
