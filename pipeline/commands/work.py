"""Commands that keep an installation running: worker, serve."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.family import Family
from pipeline.office import ConfigOption, Office
from pipeline.work import JOBS

ProcessesOption = Annotated[int, typer.Option(min=1, help="Workers to run side by side.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(worker)
    app.command()(serve)


def worker(
    processes: ProcessesOption = 1,
    archives_only: Annotated[bool, typer.Option("--archives-only", help="No schedules, no crawls.")] = False,
    config: ConfigOption = None,
) -> None:
    """Runs schedules and queued jobs until it is stopped; any number of workers, on any number of machines.

    Example: tanggap worker --processes 2
    """
    if processes > 1:
        Office.open(config).store.close()
        told = ["--archives-only"] if archives_only else []
        Family.of(*[words("worker", config, *told)] * processes).run()
        return
    from pipeline.worker import Worker  # only this command pays for loading the queue

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True)
    office = Office.open(config)
    one = Worker(office, JOBS, helper=archives_only)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: one.stop())
    one.run()
    sys.stderr.flush()
    os._exit(0)  # a job that would not end must not keep the process


def serve(
    processes: ProcessesOption = 1,
    host: Annotated[str | None, typer.Option(help="Address the dashboard listens on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the dashboard.")] = None,
    config: ConfigOption = None,
) -> None:
    """Worker and dashboard in one command, for one machine; what dies is started again.

    Example: tanggap serve --port 8501
    """
    Office.open(config).store.close()
    told = [f"--{name}={value}" for name, value in (("host", host), ("port", port)) if value is not None]
    Family.of(words("dashboard", config, *told), *[words("worker", config)] * processes).run()


def words(command: str, config: Path | None, *more: str) -> list[str]:
    """A command line of ours."""
    return [command, *([f"--config={config}"] if config else []), *more]
