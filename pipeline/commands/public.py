"""Commands about what the public may see of issues."""

from __future__ import annotations

import typer

from pipeline.commands.desk_room import AsOption, IssueArgument, NoteOption, Room
from pipeline.office import ConfigOption
from tanggap.desk.opening import Opening

app = typer.Typer(no_args_is_help=True, help="What the public may see of issues.", rich_markup_mode=None)


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.add_typer(app, name="public")


@app.command()
def release(issue: IssueArgument, by: AsOption, config: ConfigOption = None) -> None:
    """Shows an issue on the public interface: title, place, state, body, deadline and answers.

    Example: tanggap public release ISU-20261122-0001 --as sari
    """
    room = Room.open(config, by)
    Opening(room.desk).release(issue, room.person)
    state = "" if room.office.settings.open311.enabled else " (antarmuka umum masih mati: [open311] enabled)"
    typer.echo(f"{issue} terbuka untuk umum{state}")


@app.command()
def withdraw(issue: IssueArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """Takes an issue out of the public interface.

    Example: tanggap public withdraw ISU-20261122-0001 --as sari
    """
    room = Room.open(config, by)
    Opening(room.desk).withdraw(issue, room.person, note)
    typer.echo(f"{issue} tidak lagi terbuka untuk umum")
