"""Commands of proof: evidence that the work was done, and what the public says against a closing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.desk_room import AsOption, IssueArgument, NoteOption, NumberArgument, Room
from pipeline.office import ConfigOption
from tanggap.desk.closing import Closing
from tanggap.errors import UsageError


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (evidence, examine, disputes):
        app.command()(command)
    app.command("accept-dispute")(accept_dispute)
    app.command("dismiss-dispute")(dismiss_dispute)


def evidence(
    issue: IssueArgument,
    by: AsOption,
    note: NoteOption = "",
    photo: Annotated[Path | None, typer.Option(help="JPEG or PNG; only its hashes, time and place are kept.")] = None,
    config: ConfigOption = None,
) -> None:
    """Notes what shows that the work was done; says what should be looked at.

    Example: tanggap desk evidence ISU-20261122-0001 --note "pompa menyala" --photo pompa.jpg --as dina
    """
    room = Room.open(config, by)
    try:
        data = photo.read_bytes() if photo else None
    except OSError as error:
        raise UsageError(f"{photo} cannot be read: {error.strerror}.") from None
    made = Closing(room.desk).add_evidence(issue, room.person, note, photo=data)
    typer.echo(f"bukti {made.id}: {made.note}")
    if made.doubt:
        typer.echo(f"  periksa · {made.doubt}")


def examine(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """A verifier says what was found about a doubted piece of evidence.

    Example: tanggap desk examine 4 --note "dua isu di lokasi yang sama" --as vera
    """
    room = Room.open(config, by)
    done = Closing(room.desk).clear_evidence(number, room.person, note)
    typer.echo(f"bukti {done.id} diperiksa: {done.cleared_note}")


def disputes(
    look: Annotated[bool, typer.Option("--look", help="First look through the posts since the closings.")] = False,
    config: ConfigOption = None,
) -> None:
    """Shows which closings of the last 14 days the public disputes ("selesai semu").

    Example: tanggap desk disputes --look
    """
    desk = Closing(Room.open(config).desk)
    if look:
        desk.watch()
    for item in desk.open_disputes():
        typer.echo(f"bantahan {item.id}: {item.issue} · {item.reason}")


def accept_dispute(number: NumberArgument, by: AsOption, config: ConfigOption = None) -> None:
    """The public is right: the issue is open again.

    Example: tanggap desk accept-dispute 1 --as sari
    """
    room = Room.open(config, by)
    room.tell(Closing(room.desk).accept(number, room.person))


def dismiss_dispute(number: NumberArgument, by: AsOption, note: NoteOption = "", config: ConfigOption = None) -> None:
    """The dispute is wrong; says why.

    Example: tanggap desk dismiss-dispute 1 --note "foto lama" --as sari
    """
    room = Room.open(config, by)
    Closing(room.desk).dismiss(number, room.person, note)
    typer.echo(f"bantahan {number} ditolak: {note}")
