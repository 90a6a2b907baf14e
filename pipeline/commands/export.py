"""Commands that carry issues out: files for other offices, and webhooks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.commands.desk_room import Room
from pipeline.jobs.webhooks import send_webhooks
from pipeline.office import ConfigOption
from tanggap.clock import stamp
from tanggap.desk.hooks import new_hook
from tanggap.desk.sheets import as_csv, as_geojson, as_xlsx, rows
from tanggap.errors import TanggapError, UsageError
from tanggap.records import AuditEntry
from tanggap.store import audit, issues
from tanggap.store import desk_tables as tables
from tanggap.store.shelf import deliveries, webhooks

#: Who the audit trail names for what is done from a terminal.
CLI = "cli"

hooks = typer.Typer(no_args_is_help=True, help="Who is told of changes of state.", rich_markup_mode=None)


def register(root: typer.Typer) -> None:
    """Adds the commands."""
    root.command()(export)
    root.add_typer(hooks, name="webhook")


def export(
    out: Annotated[Path, typer.Argument(help="File to write.")],
    format: Annotated[  # noqa: A002 - the option's name
        Literal["csv", "xlsx", "geojson"] | None, typer.Option(help="By the file's name if left out.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only issues whose state changed since this city day.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Writes the issues, closed ones too, as CSV, XLSX or GeoJSON. Opening the file in a spreadsheet runs nothing.

    Example: tanggap export isu.xlsx --since 2026-11-01
    """
    kind = format or out.suffix.lstrip(".").lower()
    if kind not in ("csv", "xlsx", "geojson"):
        raise UsageError(f"{out.name} tells no format; name one with --format csv, xlsx or geojson.")
    room = Room.open(config)
    with room.desk.store.read() as db:
        found = issues.queue(db, since=room.day(since) if since else None, limit=1_000_000)
    table = rows(found, room.desk.city, room.desk.workflow, room.desk.now())
    data = as_xlsx(table) if kind == "xlsx" else (as_csv(table) if kind == "csv" else as_geojson(table)).encode()
    try:
        partial = out.with_name(out.name + ".partial")
        partial.write_bytes(data)
        partial.replace(out)
    except OSError as error:
        raise TanggapError(f"{out} cannot be written: {error.strerror}.") from None
    typer.echo(f"{out}: {len(table)} isu")


@hooks.command("add")
def add_hook(
    url: Annotated[str, typer.Argument(help="Where messages are sent.")],
    states: Annotated[str, typer.Option(help="Comma separated states to tell of; all if left out.")] = "",
    config: ConfigOption = None,
) -> None:
    """Adds a webhook and prints its secret once: the receiver checks signatures with it.

    Example: tanggap webhook add https://sistem.example.go.id/tanggap --states answered,resolved
    """
    room = Room.open(config)
    wanted = [word.strip() for word in states.split(",") if word.strip()]
    with room.desk.store.write() as db:
        hook = webhooks.add(db, new_hook(url, wanted, CLI, room.desk.now()))
        what = {"url": hook.url, "states": list(hook.states)}
        entry = AuditEntry(at=hook.at, by=CLI, action="webhook.add", subject=f"webhook {hook.id}", after=what)
        audit.add(db, entry)
    typer.echo(f"webhook {hook.id}: {hook.url}\nsecret (shown once): {hook.secret}")


@hooks.command("list")
def list_hooks(config: ConfigOption = None) -> None:
    """Lists the webhooks and what waits or failed.

    Example: tanggap webhook list
    """
    with Room.open(config).desk.store.read() as db:
        found = webhooks.where(db)
        open_messages = deliveries.where(db, tables.delivery.c.state != "delivered")
    for hook in found:
        state = "" if hook.enabled else " (mati)"
        typer.echo(f"webhook {hook.id}{state}: {hook.url} · {', '.join(hook.states) or 'semua status'}")
    for item in open_messages:
        again = "menyerah" if item.state == "given_up" else f"dicoba lagi {stamp(item.next_at)}"
        typer.echo(f"  {item.event} ke webhook {item.hook}: {item.attempts} kali, {again} {item.error}".rstrip())


@hooks.command("remove")
def remove_hook(
    number: Annotated[int, typer.Argument(help="Number of the webhook.")], config: ConfigOption = None
) -> None:
    """Switches a webhook off; what waits for it is given up.

    Example: tanggap webhook remove 1
    """
    room = Room.open(config)
    with room.desk.store.write() as db:
        hook = webhooks.get(db, number)
        if hook is None:
            raise UsageError(f"There is no webhook {number}; `tanggap webhook list` shows them.")
        webhooks.save(db, hook.evolve(enabled=False))
        mine = (tables.delivery.c.hook == number) & (tables.delivery.c.state == "waiting")
        for item in deliveries.where(db, mine):
            deliveries.save(db, item.evolve(state="given_up", error="the webhook was removed"))
        entry = AuditEntry(at=room.desk.now(), by=CLI, action="webhook.remove", subject=f"webhook {number}")
        audit.add(db, entry)
    typer.echo(f"webhook {number} mati")


@hooks.command("send")
def send(config: ConfigOption = None) -> None:
    """Sends what is due now; a running worker does this by itself.

    Example: tanggap webhook send
    """
    room = Room.open(config)
    done = send_webhooks(room.desk.store, room.office.settings)
    typer.echo(f"terkirim {done.delivered}, gagal {done.failed}, menyerah {done.given_up}")
