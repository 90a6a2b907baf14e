"""Commands of alerts: list, test."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from pipeline.office import ConfigOption, JsonOption, Office, results
from tanggap.alerts.message import Message
from tanggap.clock import WIB, stamp
from tanggap.errors import TanggapError, UsageError
from tanggap.store import alerts
from tanggap.store.alerts import Sent

app = typer.Typer(no_args_is_help=True, help="Who is called when something needs a person.")


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(app, name="alert")


@app.command("list")
def list_alerts(
    limit: Annotated[int, typer.Option(min=1, help="Most alerts to show.")] = 30,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Shows what people were called for, and on which channels it went out.

    Example: tanggap alert list
    """
    office = Office.open(config)
    with office.store.read() as db:
        found = alerts.recent(db, limit)
    if as_json:
        typer.echo(json.dumps([_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("saat", "perihal", "terkirim"):
        table.add_column(heading, overflow="fold")
    for one in found:
        went = ", ".join(f"{name} {stamp(at)}" for name, at in sorted(one.channels.items()))
        table.add_row(stamp(one.alert.at), one.alert.title, went or "dicatat saja")
    results.print(table)


@app.command("test")
def try_channels(
    channel: Annotated[str | None, typer.Argument(help="Name of a channel; all if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Sends a test message.

    Example: tanggap alert test piket
    """
    from pipeline.channels import ChannelError, channels  # Apprise is loaded by those who need it

    office = Office.open(config)
    chosen = [one for one in channels(office.settings) if channel in (None, one.name)]
    if not chosen:
        named = ", ".join(office.settings.alerts.channels) or "none"
        raise UsageError(f"There is no such channel; tanggap.toml names {named} under [alerts] channels.")
    failed = 0
    for one in chosen:
        try:
            one.send(Message("Uji saluran Tanggap", "Pesan ini hanya uji; tidak ada yang perlu dikerjakan."))
            typer.echo(f"{one.name}: terkirim")
        except ChannelError as error:
            typer.echo(f"{one.name}: {error}", err=True)
            failed += 1
    if failed:
        raise TanggapError(f"{failed} of {len(chosen)} channels took no message.")


def _json(one: Sent) -> dict[str, object]:
    said = one.alert
    return {
        "at": said.at.astimezone(WIB).isoformat(),
        "kind": said.kind,
        "subject": said.subject,
        "priority": said.priority or None,
        "title": said.title,
        "body": said.body,
        "sent": {name: at.astimezone(WIB).isoformat() for name, at in one.channels.items()},
    }
