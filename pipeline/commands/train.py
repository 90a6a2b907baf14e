"""Trains a model from labelled files and from what staff corrected, shows what changes, and installs it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from nlp.cards import INSTALLED
from nlp.corrections import rows_of
from nlp.linear import TASKS, Task
from pipeline.office import ConfigOption, Office, notes
from tanggap.clock import city_day
from tanggap.errors import UsageError
from tanggap.store import corrections

if TYPE_CHECKING:
    from nlp.corpus import Emphasis

#: Texts of the store that hold a moved model where it is.
HELD = 500
#: Origins of rows that can be given a weight.
ORIGINS = ("city", "written", "corrected", "smsa", "nusax")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(train)


def train(
    task: Annotated[Task, typer.Argument(help=f"{', '.join(TASKS)}, places.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled files; repeat for more. Without, --from-corrections moves the installed model."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the models.")] = INSTALLED,
    gold: Annotated[
        list[Path] | None,
        typer.Option(help="Gold file whose texts and near copies are kept out; repeat for more."),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(help="NAME=NUMBER: how much rows of an origin or a label count; repeat for more."),
    ] = None,
    guess: Annotated[bool, typer.Option("--guess", help="Learn from unlabelled rows too, where that helps.")] = False,
    from_corrections: Annotated[
        bool, typer.Option("--from-corrections", help="Learn from what staff set right too; shows before and after.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Install without asking.")] = False,
    config: ConfigOption = None,
) -> None:
    """Fits a model, measures it by cross-validation, and installs it if it reaches its floor.

    Gold files beside the data (dev_*.jsonl, *.sha1) are kept out in any case.

    Example: tanggap train topic --data train_posts.jsonl --weight written=0.5 --from-corrections
    """
    office = Office.open(config)
    if not data:
        if not from_corrections:
            raise UsageError("Name labelled files with --data, or learn --from-corrections.")
        move(office, task, out, yes=yes)
        return
    from nlp.corpus import beside
    from nlp.measure import compared
    from nlp.train import FLOORS, candidate, check_floor

    made = candidate(
        task,
        data,
        office.city,
        held_out=[*beside(data), *(gold or [])],
        corrected=corrected_rows(office) if from_corrections else (),
        emphasis=emphasis(weight or []),
        guess=guess,
    )
    if made.before is not None:
        show(compared(made.before, made.measured))
    check_floor(task, made.measured, FLOORS)
    if made.before is not None and not (yes or agreed(task)):
        typer.echo(f"The {task} model was not installed.", err=True)
        raise typer.Exit(1)
    card = made.install(out, city_day(office.settings.now()))
    typer.echo(json.dumps(card, ensure_ascii=False, indent=2))


def move(office: Office, task: Task, out: Path, *, yes: bool) -> None:
    """Moves the installed model by what staff set right, where no labelled files are at hand."""
    from nlp.adapt import adapted

    rows = corrected_rows(office)
    with office.store.read() as db:
        others = corrections.untouched(db, HELD)
    made = adapted(task, rows, others, office.city, out)
    show(made.lines, "share right; for other texts, share decided as before")
    made.check()
    if not (yes or agreed(task)):
        typer.echo(f"The {task} model was not installed.", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps(made.install(out, city_day(office.settings.now())), ensure_ascii=False, indent=2))


def corrected_rows(office: Office) -> Sequence[Any]:
    """The rows that staff set right; UsageError when there are none."""
    with office.store.read() as db:
        rows = rows_of(corrections.taught(db))
    if not rows:
        raise UsageError("Nobody has corrected anything yet; `tanggap correct` does.")
    return rows


def emphasis(weights: Sequence[str]) -> Emphasis:
    """The counts that `--weight` names; UsageError for what is no NAME=NUMBER."""
    from nlp.corpus import Emphasis

    told: dict[str, float] = {}
    for item in weights:
        name, _, number = item.partition("=")
        try:
            told[name] = float(number)
        except ValueError:
            raise UsageError(f"--weight {item}: write NAME=NUMBER, for example smsa=0.5 or positive=2.") from None
        if not 0 <= told[name] < float("inf"):
            raise UsageError(f"--weight {item}: the number must not be negative.")
    usual = Emphasis()
    origins = {name: number for name, number in told.items() if name in ORIGINS}
    labels: Mapping[str, float] = {name: number for name, number in told.items() if name not in ORIGINS}
    return Emphasis({**usual.origins, **origins}, labels)


def show(lines: Sequence[tuple[str, int, float, float]], title: str = "macro-F1 by cross-validation") -> None:
    """A table of figures before and after, on stderr."""
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    table.add_column("")
    for heading in ("texts", "without corrections", "with corrections", "change"):
        table.add_column(heading, justify="right")
    for name, count, before, after in lines:
        table.add_row(name, str(count), f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f}")
    notes.print(table)


def agreed(task: Task) -> bool:
    """Asks the person; nobody at a terminal is a no."""
    return sys.stdin.isatty() and typer.confirm(f"Install the {task} model?", err=True)
