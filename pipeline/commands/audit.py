"""Commands about the audit trail: verify that nothing in it was changed, show who decided what."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

import typer

from pipeline.office import ConfigOption, JsonOption, Office
from tanggap.clock import stamp
from tanggap.errors import UsageError
from tanggap.records import AuditEntry
from tanggap.store import audit

app = typer.Typer(
    no_args_is_help=True, help="The audit trail: who decided what, and proof of it.", rich_markup_mode=None
)


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.add_typer(app, name="audit")


@app.command()
def verify(
    noted: Annotated[
        str | None, typer.Option("--head", metavar="NUMBER:HASH", help="A head printed earlier and kept elsewhere.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Walks the whole chain; exit 1 when an entry was changed, added, moved, taken out or cut off.

    Keep the head it prints outside the store (in a letter, a ticket): with `--head` a chain made anew is found too.

    Example: tanggap audit verify
    """
    with Office.open(config).store.read() as db:
        found = audit.verify(db, None if noted is None else read_head(noted))
    if as_json:
        typer.echo(json.dumps({"entries": found.entries, "head": str(found.head), "fault": found.fault}))
    elif not found.fault:
        typer.echo(f"jejak audit utuh: {found.entries} catatan, kepala {found.head}")
    if found.fault:
        typer.echo(f"tanggap: the audit trail is broken. {found.fault}", err=True)
        raise typer.Exit(1)


@app.command()
def show(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Issue, source, schedule or account.")],
    limit: Annotated[int, typer.Option(min=1, help="Entries to show at most, the last ones.")] = 100,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Shows every decision about an issue (or source, schedule, account), oldest first, with before and after.

    Example: tanggap audit show ISU-20261122-0001
    """
    with Office.open(config).store.read() as db:
        found = audit.entries(db, subject, limit=limit)[::-1]
    if as_json:
        typer.echo(json.dumps([plain(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    for entry in found:
        typer.echo(line(entry))
    if not found:
        typer.echo(f"Nothing is recorded about {subject}.", err=True)


def read_head(text: str) -> audit.Head:
    """A head as `verify` prints it."""
    match = re.fullmatch(r"(\d+):([0-9a-f]{64})", text.strip())
    if match is None:
        raise UsageError("A head is written NUMBER:HASH, as `tanggap audit verify` prints it.")
    return audit.Head(last=int(match[1]), hash=match[2])


def line(entry: AuditEntry) -> str:
    """`22 Nov 07.59  sari  move: status detected -> waiting  (note)`."""
    names = sorted({*entry.before, *entry.after})
    what = ", ".join(f"{name} {word(entry.before.get(name))} → {word(entry.after.get(name))}" for name in names)
    return f"{stamp(entry.at)}  {entry.by}  {entry.action}{': ' if what else ''}{what}{note(entry)}"


def note(entry: AuditEntry) -> str:
    """Its note in brackets."""
    return f"  ({entry.note})" if entry.note else ""


def word(value: Any) -> str:
    """A value in a line of text; a dash for none."""
    return "–" if value is None else str(value)


def plain(entry: AuditEntry) -> dict[str, Any]:
    """An entry as JSON holds it."""
    return {name: getattr(entry, name) for name in AuditEntry.__slots__} | {"at": entry.at.isoformat()}
