"""The command that plays a recorded period: replay."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.drill import Drill
from pipeline.office import ConfigOption, JsonOption, Office, notes, results
from pipeline.replay import Moment, Recording, play
from tanggap.clock import WIB, span
from tanggap.errors import TanggapError


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(replay)


def replay(
    folder: Annotated[Path, typer.Argument(help="Folder of *.jsonl posts with their times.", file_okay=False)],
    speed: Annotated[float, typer.Option(min=0, help="Simulated seconds per second; 0 as fast as it goes.")] = 0.0,
    step_min: Annotated[float, typer.Option("--step", min=0.1, help="Simulated minutes between two looks.")] = 5.0,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Plays a recorded period through the live path, in a store of its own, and tells how soon issues were seen.

    Example: tanggap replay rekaman/2026-11-21 --speed 600
    """
    if not folder.is_dir():
        raise TanggapError(f"{folder} is no folder; put the recording's *.jsonl files into one.")
    office = Office.open(config)
    recording = Recording.read(folder, office.settings.pseudonym_key or b"replay")
    for reason in recording.broken:
        typer.echo(reason, err=True)
    drill = Drill(recording)
    last = _played(recording, office, drill, timedelta(minutes=step_min), speed)
    if as_json:
        typer.echo(json.dumps(figures(drill, last), ensure_ascii=False, indent=2))
    else:
        show(drill, last)
    if recording.broken:
        raise TanggapError(f"{len(recording.broken)} lines of {folder} could not be read; the others were played.")


def _played(recording: Recording, office: Office, drill: Drill, step: timedelta, speed: float) -> Moment:
    """Plays everything behind a progress bar; the last moment."""
    columns = (TextColumn("Memutar ulang: {task.completed}/{task.total} kiriman"), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="tanggap-replay-") as place,
        Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar,
    ):
        task = bar.add_task("replay", total=len(recording.posts))
        moments = play(
            recording, office, Path(place), step=step, speed=speed, progress=lambda n: bar.update(task, completed=n)
        )
        for moment in moments:
            drill.see(moment)
        return moment


def figures(drill: Drill, last: Moment) -> dict[str, Any]:
    """The outcome for machines; lead times in minutes, None for issues that never came to the top."""
    leads = {slug: None if lead is None else lead.total_seconds() / 60 for slug, lead in drill.leads.items()}
    middle = drill.median_lead
    return {
        "posts": len(drill.recording.posts),
        "issues": len(last.queue),
        "lead_minutes": leads,
        "median_lead_minutes": middle.total_seconds() / 60 if middle is not None else None,
        "never_in_top": sum(lead is None for lead in drill.leads.values()),
        "ndcg_at_10": round(drill.mean_ndcg, 4),
        "false_p1_p2": len(drill.false_grave),
        "false_bursts": len(drill.false_bursts),
        "posts_that_changed_issue": drill.moved,
        "until": last.at.astimezone(WIB).isoformat(),
    }


def show(drill: Drill, last: Moment) -> None:
    """Prints the outcome for people."""
    if drill.leads:
        table = Table(box=None, pad_edge=False)
        for heading in ("isu sebenarnya (P1/P2)", "urgensi", "dari suara ketiga ke 20 besar"):
            table.add_column(heading)
        for slug, lead in sorted(drill.leads.items(), key=lambda item: (item[1] is None, item[1]), reverse=True):
            table.add_row(slug, str(drill.recording.urgency[slug]), "tidak pernah" if lead is None else span(lead))
        results.print(table)
        middle = drill.median_lead
        results.print(
            f"Median {span(middle) if middle is not None else '–'}; nDCG@10 {drill.mean_ndcg:.3f} tiap jam; "
            f"keliru: {len(drill.false_grave)} isu P1/P2, {len(drill.false_bursts)} lonjakan isu."
        )
    came = f"{len(drill.recording.posts)} kiriman, {len(last.queue)} isu terbuka"
    results.print(f"{came}; {drill.moved} kiriman pindah isu ({100 * drill.moved / len(drill.recording.posts):.1f} %).")
