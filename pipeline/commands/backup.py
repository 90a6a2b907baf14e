"""Commands that save an installation: backup, restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from pipeline import jobs
from pipeline.office import ConfigOption, Office, notes
from tanggap.clock import stamp
from tanggap.errors import TanggapError
from tanggap.records import AuditEntry
from tanggap.store import Store, audit
from tanggap.store import backup as files

BY = "cli"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    out: Annotated[
        Path | None, typer.Option(help="File to write; left out, one more in the folder of backups.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Saves the store as it is at this moment into one file, checked after writing; work goes on meanwhile.

    Example: tanggap backup --out /mnt/cadangan/tanggap.zip
    """
    office = Office.open(config)
    now = office.settings.now()
    with _counting("Mencadangkan") as told:
        if out is None:
            path, made = jobs.back_up(office.store, office.settings, now, progress=told)
        else:
            path, made = out, files.dump(office.store, out, now, told)
    with office.store.write() as db:
        what = {"file": path.name, "rows": made.rows}
        audit.add(db, AuditEntry(at=now, by=BY, action="backup", subject="store", after=what))
    typer.echo(f"{path}: {made.rows} rows, store version {made.revision}, {path.stat().st_size / 1e6:.1f} MB")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    check: Annotated[bool, typer.Option("--check", help="Read the backup whole and change nothing.")] = False,
    config: ConfigOption = None,
) -> None:
    """Fills a new store with a backup, all of it or nothing; a store that holds data is refused.

    Example: tanggap restore backups/tanggap-20261122T193000Z.zip
    """
    office = Office.open(config)
    if check:
        made = files.verify(file)
        typer.echo(f"{file}: whole; {made.rows} rows of {stamp(made.made_at)}, store version {made.revision}")
        return
    store = Store.create(office.settings.store_url)
    with _counting("Memulihkan") as told:
        made = files.load(store, file, told)
    now = office.settings.now()
    with store.write() as db:
        what = {"file": file.name, "rows": made.rows, "made_at": made.made_at.isoformat()}
        audit.add(db, AuditEntry(at=now, by=BY, action="restore", subject="store", after=what))
    with store.read() as db:
        chain = audit.verify(db)
    if chain.fault:
        raise TanggapError(f"All rows are back, but the audit chain was broken when the backup was made: {chain.fault}")
    typer.echo(f"{store.address}: {made.rows} rows as of {stamp(made.made_at)}; {chain.entries} audit entries verified")


@contextmanager
def _counting(what: str) -> Iterator[files.Progress]:
    """Shows how many rows are done, on a terminal."""
    columns = (TextColumn(what), TextColumn("{task.completed:,.0f} baris"), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda rows: bar.update(task, completed=rows)
