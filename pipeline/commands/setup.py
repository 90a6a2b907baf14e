"""Commands that set an installation up and look after it: init, user, doctor."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from pipeline.doctor import examine
from pipeline.office import ConfigOption, Office
from tanggap.city import City
from tanggap.clock import Clock
from tanggap.errors import TanggapError, UsageError
from tanggap.passwords import hash_password
from tanggap.records import AuditEntry, Role, User
from tanggap.settings import MARKER, load_settings, packaged_config
from tanggap.store import Store, audit, people

#: Kinds of file that make up a configuration; keys and stores that lie beside them are never copied.
SHIPPED = (".toml", ".csv", ".tsv", ".geojson", ".md")

user_app = typer.Typer(no_args_is_help=True, help="Local accounts and roles.", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(init)
    app.command()(doctor)
    app.add_typer(user_app, name="user")


def init(
    config: Annotated[Path, typer.Option("--config", envvar="TANGGAP_CONFIG", help="Directory to set up.")] = Path(
        "config"
    ),
    admin: Annotated[str, typer.Option(help="Name of the first administrator.")] = "admin",
) -> None:
    """Writes the default configuration, creates the store and the first administrator; safe to run again.

    Example: tanggap init --config /etc/tanggap
    """
    directory = write_defaults(config)
    settings = load_settings(directory)
    store = Store.create(settings.store_url)
    password = first_administrator(store, settings.now, admin)
    typer.echo(f"Configuration: {directory}")
    typer.echo(f"Store: {store.address}")
    if password:
        typer.echo(f"Sign in as `{admin}` with the password {password} (shown once; you will be asked to change it).")


def write_defaults(directory: Path) -> Path:
    """Copies the shipped defaults that are not there yet, and makes the pseudonym key; returns the directory."""
    try:
        for source in sorted(packaged_config().rglob("*")):
            target = directory / source.relative_to(packaged_config())
            if source.suffix in SHIPPED and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        make_key(directory / "secret.key")
    except OSError as error:
        raise TanggapError(f"{directory} cannot be written: {error.strerror}; choose another --config.") from None
    if not (directory / MARKER).is_file():
        raise TanggapError(f"{directory} holds no {MARKER} although it was just written.")
    return directory.resolve()


def make_key(path: Path) -> None:
    """Writes a new pseudonym key that only its owner may read, unless there is one."""
    if path.exists() and path.stat().st_size:
        return
    unfinished = path.with_suffix(".partial")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(secrets.token_hex(32), encoding="ascii")
    unfinished.replace(path)


def first_administrator(store: Store, now: Clock, name: str, *, must_change: bool = True) -> str | None:
    """Makes the first account with a random password and returns that; None when there is an account already."""
    with store.write() as db:
        if people.all_users(db):
            return None
        password = secrets.token_urlsafe(9)
        user = User(name=name, full_name="Administrator", roles=tuple(Role), must_change=must_change)
        people.add(db, user, hash_password(password))
        audit.add(db, AuditEntry(at=now(), by="init", action="user.add", subject=name))
    return password


def doctor(config: ConfigOption = None) -> None:
    """Checks configuration, store, models, key, disk and library versions; one line per fault, exit 1.

    Example: tanggap doctor
    """
    faults = 0
    for check in examine(config):
        typer.echo(f"{'ok ' if check.fault is None else 'BAD'} {check.name}: {check.fault or check.note}")
        faults += check.fault is not None
    if faults:
        raise typer.Exit(1)


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="Sign-in name.")],
    full_name: Annotated[str, typer.Option(help="Name shown on screens.")] = "",
    roles: Annotated[
        str, typer.Option("--roles", help="Comma separated: " + ", ".join(r.value for r in Role))
    ] = "reader",
    agency: Annotated[str | None, typer.Option(help="Code of the body or unit an officer is limited to.")] = None,
    area: Annotated[str, typer.Option(help="Code of the area an officer is limited to.")] = "",
    config: ConfigOption = None,
) -> None:
    """Adds an account; its first password is printed once.

    Example: tanggap user add rina --full-name "Rina" --roles officer
    """
    office = Office.open(config)
    password = secrets.token_urlsafe(9)
    user = User(
        name=name, full_name=full_name or name, roles=read_roles(roles), agency=agency, area=area, must_change=True
    )
    check_scope(office.city, user)
    with office.store.write() as db:
        if people.get(db, name):
            raise TanggapError(f"There is an account `{name}` already; choose another name.")
        people.add(db, user, hash_password(password))
        audit.add(db, AuditEntry(at=office.settings.now(), by="cli", action="user.add", subject=name))
    typer.echo(f"{name}: {password}")


def read_roles(text: str) -> tuple[Role, ...]:
    """Roles from a comma separated list; UsageError for one that does not exist."""
    try:
        return tuple(Role(word.strip()) for word in text.split(",") if word.strip())
    except ValueError as error:
        raise UsageError(f"{error}; roles are {', '.join(r.value for r in Role)}.") from None


def check_scope(city: City, user: User) -> None:
    """Refuses a body or area that the city does not know: such an account could act on nothing."""
    if user.agency is not None and city.body(user.agency) is None:
        raise UsageError(f"There is no body {user.agency}; agencies.toml knows AG05 and units such as AG05.31.75.")
    if user.area and user.area not in city.areas:
        raise UsageError(f"There is no area {user.area}; write a code of places/areas.csv, such as 31.75.")


@user_app.command("list")
def list_users(config: ConfigOption = None) -> None:
    """Lists the accounts.

    Example: tanggap user list
    """
    office = Office.open(config)
    with office.store.read() as db:
        for user in people.all_users(db):
            state = "disabled" if user.disabled else "active"
            typer.echo(f"{user.name}\t{', '.join(r.value for r in user.roles)}\t{state}\t{user.full_name}")


@user_app.command("password")
def reset_password(name: str, config: ConfigOption = None) -> None:
    """Gives an account a new random password, printed once; its sessions end.

    Example: tanggap user password rina
    """
    office = Office.open(config)
    password = secrets.token_urlsafe(9)
    _change(office, name, "user.password", lambda db: people.set_password(db, name, hash_password(password), True))
    typer.echo(f"{name}: {password}")


@user_app.command("disable")
def disable_user(name: str, config: ConfigOption = None) -> None:
    """Closes an account at once; its sessions end.

    Example: tanggap user disable rina
    """
    office = Office.open(config)
    _change(office, name, "user.disable", lambda db: _disable(db, name))
    typer.echo(f"{name} is disabled.", err=True)


def _disable(db: Connection, name: str) -> None:
    user = people.get(db, name)
    assert user is not None
    people.update(db, user.evolve(disabled=True))


def _change(office: Office, name: str, action: str, act: Callable[[Connection], object]) -> None:
    """Does something to an existing account, with its audit entry, in one transaction."""
    with office.store.write() as db:
        if people.get(db, name) is None:
            raise TanggapError(f"There is no account `{name}`; `tanggap user list` shows them.")
        act(db)
        audit.add(db, AuditEntry(at=office.settings.now(), by="cli", action=action, subject=name))
