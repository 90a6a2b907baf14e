"""Commands that show what was found: brief, dashboard, demo."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline import jobs
from pipeline.demo import play, show_summary
from pipeline.office import ConfigOption, Office
from tanggap.briefs import render
from tanggap.clock import city_day
from tanggap.errors import TanggapError
from tanggap.settings import Settings

Format = Literal["html", "text", "json"]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(demo)
    app.command()(dashboard)
    app.command()(brief)


def demo(
    store: Annotated[
        Path | None, typer.Option(help="Folder to keep the sample city in (default: a temporary one).")
    ] = None,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the dashboard afterwards.")] = True,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the dashboard.")] = 8501,
) -> None:
    """From nothing: a sample city is crawled, understood, grouped and briefed, and its dashboard served.

    Example: tanggap demo --no-serve
    """
    with play(store, port=port) as city:
        show_summary(city)
        if not serve_it:
            return
        settings = city.office.settings
        typer.echo(f"Dasbor: http://localhost:{port}   masuk: {city.user}   sandi: {city.password}")
        typer.echo("Berhenti dengan Ctrl-C.")
        sys.stdout.flush()
        serve(settings)


def dashboard(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    config: ConfigOption = None,
) -> None:
    """Serves the web application.

    Example: tanggap dashboard --port 8501
    """
    office = Office.open(config)
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = office.settings.model_copy(update={"dashboard": office.settings.dashboard.model_copy(update=changes)})
    with office.store.read():
        typer.echo(f"Tanggap: http://{settings.dashboard.host}:{settings.dashboard.port}", err=True)
    serve(settings)


def serve(settings: Settings) -> None:
    """Runs the web application until it is told to stop; only this command pays for loading it."""
    import uvicorn

    from dashboard.asgi import create_app

    address = settings.dashboard
    uvicorn.run(
        create_app(settings), host=address.host, port=address.port, log_level="warning", timeout_graceful_shutdown=5
    )


def brief(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="City day; yesterday if left out.")
    ] = None,
    format: Annotated[Format, typer.Option(help="html, text or json.")] = "text",  # noqa: A002 - the option's name
    out: Annotated[Path | None, typer.Option(help="File to write; stdout if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Composes, saves and prints the brief of a city day.

    Example: tanggap brief --date 2026-11-21 --format html --out brief.html
    """
    office = Office.open(config)
    now = office.settings.now()
    made = jobs.brief(office.store, office.city, day.date() if day else _yesterday(now), now)
    renderers = {
        "html": lambda: render.html(made, office.city),
        "text": lambda: render.chat_text(made, office.city),
        "json": lambda: render.to_json(made),
    }
    text = renderers[format]()
    if out is None:
        typer.echo(text)
        return
    try:
        partial = out.with_name(out.name + ".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as error:
        raise TanggapError(f"{out} cannot be written: {error.strerror}.") from None


def _yesterday(now: datetime) -> date:
    return date.fromordinal(city_day(now).toordinal() - 1)
