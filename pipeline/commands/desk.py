"""Commands of the response desk: take, hand over, place, close, reopen, and what was done and measured."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.commands import desk_proofs, desk_texts
from pipeline.commands.desk_room import AsOption, IssueArgument, NoteOption, Room, status_line
from pipeline.office import ConfigOption, results
from tanggap.clock import span
from tanggap.desk.measuring import Measuring
from tanggap.desk.routing import proposals
from tanggap.records import Status
from tanggap.store.shelf import assignments

app = typer.Typer(
    no_args_is_help=True, help="The response desk: who holds an issue, what was answered.", rich_markup_mode=None
)
desk_texts.register(app)
desk_proofs.register(app)

AgencyArgument = Annotated[str, typer.Argument(help="Body or unit: AG05, AG05.31.75, AG37.31.75.03.1001.")]


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.add_typer(app, name="desk")


@app.command()
def take(issue: IssueArgument, by: AsOption, config: ConfigOption = None) -> None:
    """Makes you the holder and begins the work; what was handed over to your body is accepted.

    Example: tanggap desk take ISU-20261122-0001 --as sari
    """
    room = Room.open(config, by)
    room.tell(room.desk.take(issue, room.person, version=room.version(issue)))


@app.command()
def accept(issue: IssueArgument, by: AsOption, config: ConfigOption = None) -> None:
    """Accepts a proposed issue without holding it: from Terdeteksi to Menunggu.

    Example: tanggap desk accept ISU-20261122-0001 --as sari
    """
    move(config, by, issue, Status.WAITING)


@app.command()
def proposed(issue: IssueArgument, config: ConfigOption = None) -> None:
    """Shows which bodies may answer for an issue, best first, and why.

    Example: tanggap desk proposed ISU-20261122-0001
    """
    room = Room.open(config)
    with room.desk.store.read() as db:
        found = proposals(room.desk.read(db, issue, None), room.desk.city, assignments.of_issue(db, issue))
    for proposal in found:
        typer.echo(f"{proposal.agency:<20} {room.desk.city.agency_label(proposal.agency)}: {proposal.why}")
    if not found:
        typer.echo("Tidak ada usulan; koordinator piket yang menentukan.")


@app.command()
def hand(
    issue: IssueArgument,
    agency: AgencyArgument,
    by: AsOption,
    contact: Annotated[str, typer.Option(help="Whom an outside body answers through.")] = "",
    reference: Annotated[str, typer.Option(help="The number an outside body gave.")] = "",
    note: NoteOption = "",
    config: ConfigOption = None,
) -> None:
    """Hands an issue to a body; work that runs goes through Koordinasi first.

    Example: tanggap desk hand ISU-20261122-0001 AG05 --as sari
    """
    room = Room.open(config, by)
    found = room.issue(issue)
    if found.status is Status.IN_PROCESS:
        found = room.desk.move(issue, Status.COORDINATION, room.person, version=found.version, note=note)
    done = room.desk.move(
        issue,
        Status.DISPOSITION,
        room.person,
        version=found.version,
        agency=agency,
        contact=contact,
        reference=reference,
        note=note,
    )
    room.tell(done)


@app.command("return")
def give_back(issue: IssueArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Returns what was handed over to you ("bukan wewenang"), with the reason.

    Example: tanggap desk return ISU-20261122-0001 --as dina --note "kali ini wewenang BBWS"
    """
    move(config, by, issue, Status.COORDINATION, note=note)


@app.command()
def refer(
    issue: IssueArgument,
    agency: AgencyArgument,
    reference: Annotated[str, typer.Option(help="The number the outside body gave.")],
    by: AsOption,
    contact: Annotated[str, typer.Option(help="Whom it answers through.")] = "",
    config: ConfigOption = None,
) -> None:
    """Hands an issue to a body outside the city's competence, with its reference.

    Example: tanggap desk refer ISU-20261122-0001 AG52 --contact "PLN 123" --reference T-991 --as sari
    """
    room = Room.open(config, by)
    version = room.version(issue)
    done = room.desk.move(
        issue, Status.REFERRED, room.person, version=version, agency=agency, contact=contact, reference=reference
    )
    room.tell(done)


@app.command()
def place(
    issue: IssueArgument,
    area: Annotated[str, typer.Argument(help="Kemendagri code of the right area.")],
    by: AsOption,
    config: ConfigOption = None,
) -> None:
    """Puts an issue where it really is; its history stays.

    Example: tanggap desk place ISU-20261122-0001 31.75.03.1001 --as sari
    """
    room = Room.open(config, by)
    room.tell(room.desk.correct_place(issue, room.person, version=room.version(issue), area=area))


@app.command()
def watch(issue: IssueArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Says that the work is done and its effect is watched: to Dipantau.

    Example: tanggap desk watch ISU-20261122-0001 --as dina
    """
    move(config, by, issue, Status.MONITORING, note=note)


@app.command()
def close(issue: IssueArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Closes an issue as a verifier who did not work on it, over evidence.

    Example: tanggap desk close ISU-20261122-0001 --as vera --note "foto lokasi 24 Nov diperiksa"
    """
    move(config, by, issue, Status.RESOLVED, note=note)


@app.command()
def history(issue: IssueArgument, config: ConfigOption = None) -> None:
    """Tells everything that was decided about an issue, oldest first.

    Example: tanggap desk history ISU-20261122-0001
    """
    room = Room.open(config)
    typer.echo(status_line(room.issue(issue), room.desk))
    for step in room.desk.history(issue):
        typer.echo(str(step))


@app.command()
def measure(issue: IssueArgument, config: ConfigOption = None) -> None:
    """Tells how long the public waited and for whom, and whether the answer helped.

    Example: tanggap desk measure ISU-20261122-0001
    """
    room = Room.open(config)
    measuring = Measuring(room.desk.store, room.desk.city, room.desk.now)
    told = measuring.silence(issue)
    end = "sampai dijawab" if told.answered else "dan belum dijawab"
    typer.echo(
        f"waktu diam {span(told.total)} {end}: belum terlihat {span(told.blind)}, meja {span(told.desk)}, "
        f"pihak {span(told.agency)}"
    )
    if room.issue(issue).answered_at is not None:
        typer.echo(f"efek jawaban: {measuring.effect(issue).words}")


@app.command()
def units(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Since this city day; 90 days ago if left out.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Shows bodies side by side, by name: median desk time and reopen rate; never how many issues they have.

    Example: tanggap desk units --since 2026-11-01
    """
    room = Room.open(config)
    start = room.day(since) if since else room.desk.now() - timedelta(days=90)
    table = Table(box=None, pad_edge=False)
    for heading in ("pihak", "median waktu meja", "dibuka kembali (90%)"):
        table.add_column(heading)
    for line in Measuring(room.desk.store, room.desk.city, room.desk.now).units(start):
        waited = span(line.median_desk) if line.median_desk is not None else "terlalu sedikit"
        again = "terlalu sedikit"
        if line.reopened is not None and line.interval is not None:
            low, high = (round(100 * share) for share in line.interval)
            again = f"{round(100 * line.reopened)}% ({low}-{high}%)"
        table.add_row(line.name, waited, again)
    results.print(table)


def move(config: Path | None, by: str, issue: str, to: Status, note: str = "") -> None:
    """One move, and the line that tells of it."""
    room = Room.open(config, by)
    room.tell(room.desk.move(issue, to, room.person, version=room.version(issue), note=note))
