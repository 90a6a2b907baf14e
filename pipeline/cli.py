"""The command line: `tanggap`. Results go to stdout, everything else to stderr; errors are one sentence."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from pipeline.commands import (
    alert,
    archive,
    audit,
    backup,
    correct,
    counter,
    desk,
    drift,
    export,
    gather,
    issue,
    privacy,
    public,
    publish,
    replay,
    schedule,
    setup,
    signals,
    slang,
    source,
    train,
    understand,
    work,
)
from tanggap import __version__
from tanggap.errors import TanggapError, UsageError

app = typer.Typer(
    name="tanggap",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Hears what the city's public says and helps the city answer it fast.",
)
for commands in (
    publish,
    replay,
    setup,
    gather,
    source,
    train,
    understand,
    correct,
    drift,
    slang,
    issue,
    desk,
    counter,
    public,
    export,
    alert,
    schedule,
    signals,
    work,
    archive,
    backup,
    privacy,
    audit,
):
    commands.register(app)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tanggap {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and log messages.")] = False,
) -> None:
    """Options of every command."""
    logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL, stream=sys.stderr)


def main() -> None:
    """Runs the command line. Exit code 0 done, 1 failed, 2 wrong usage, 130 stopped with Ctrl-C.

    `--debug` is accepted anywhere on the line, because it is asked for after something went wrong.
    """
    debug = "--debug" in sys.argv
    if debug:
        sys.argv = [sys.argv[0], "--debug", *(word for word in sys.argv[1:] if word != "--debug")]
    try:
        app()
    except TanggapError as error:
        if debug:
            raise
        typer.echo(f"tanggap: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)


if __name__ == "__main__":
    main()
