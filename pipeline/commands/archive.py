"""Commands of archives: score."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.commands.work import words
from pipeline.family import Family
from pipeline.office import ConfigOption, Office, notes, results
from tanggap.errors import TanggapError
from tanggap.schedules import State
from tanggap.store import job_runs, workers

if TYPE_CHECKING:
    from pipeline.archive import Shard

app = typer.Typer(no_args_is_help=True)

LOOK_S = 0.5
#: Lines of the summary shown on the screen; all are in the file.
SHOWN = 20


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    parent.add_typer(app, name="archive")


@app.callback()
def archives() -> None:
    """Large archives, scored by shards over all workers."""


@app.command()
def score(
    pattern: Annotated[str, typer.Argument(metavar="GLOB", help="JSON Lines or Parquet files, or a directory.")],
    processes: Annotated[int, typer.Option(min=0, help="Workers to start for it; 0 leaves it to those running.")] = 0,
    summary: Annotated[Path | None, typer.Option(help="CSV of the counts by day and topic.")] = None,
    config: ConfigOption = None,
) -> None:
    """Scores every post of an archive; stopped at any moment, it goes on where it was.

    Example: tanggap archive score "arsip/*.parquet" --processes 2 --summary ringkasan.csv
    """
    from pipeline import archive  # polars is loaded by those who need it

    office = Office.open(config)
    model = office.scorer.version
    shards = list(archive.cut(archive.find(pattern)))
    waiting = archive.missing(shards, model)
    asked = ask(office, waiting)
    with office.store.read() as db:
        if waiting and not processes and not workers.pulses(db):
            raise TanggapError("No worker runs; start `tanggap worker`, or give --processes 1.")
    family = Family.of(*[words("worker", config, "--archives-only")] * processes)
    begun = time.monotonic()
    try:
        wait(office, family, asked)
    finally:
        family.stop()
    took = time.monotonic() - begun
    posts = sum(shard.count for shard in waiting)
    typer.echo(f"{posts} posts in {took:.0f} s ({posts / max(took, 0.1):.0f} posts/s), model {model}", err=True)
    show(shards, model, summary)
    left = archive.missing(shards, model)
    if left:
        raise TanggapError(f"{len(left)} of {len(shards)} parts failed; `tanggap schedule runs` says why.")


def ask(office: Office, shards: Sequence[Shard]) -> list[str]:
    """Asks for the shards; those that wait or run already are joined."""
    now = office.settings.now()
    with office.store.write() as db:
        return [job_runs.request(db, "archive", shard.argument, by="cli", at=now).id for shard in shards]


def wait(office: Office, family: Family, asked: Sequence[str]) -> None:
    """Shows how many shards are done until all are over."""
    columns = (TextColumn("Memahami arsip"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("archive", total=len(asked))
        left = len(asked)
        while left:
            family.look()
            time.sleep(LOOK_S)
            with office.store.read() as db:
                left = job_runs.count(db, asked, (State.ASKED, State.QUEUED, State.RUNNING))
            bar.update(task, completed=len(asked) - left)


def show(shards: Sequence[Shard], model: str, target: Path | None) -> None:
    """Prints the newest counts by day and topic, and writes all of them."""
    from pipeline import archive

    counts = archive.summary(shards, model)
    if target:
        try:
            counts.write_csv(target)
        except OSError as error:
            raise TanggapError(f"{target} cannot be written: {error.strerror}.") from None
    table = Table(box=None, pad_edge=False)
    for heading in ("hari", "urusan", "kiriman", "negatif", "keluhan", "mendesak"):
        table.add_column(heading)
    for row in counts.tail(SHOWN).iter_rows():
        table.add_row(*map(str, row))
    results.print(table)
