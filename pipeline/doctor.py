"""Looks an installation over: one check per thing that goes wrong in practice, each with one clear line."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

from pipeline.office import Office
from tanggap.desk.workflow import Workflow
from tanggap.errors import TanggapError
from tanggap.store import posts

PACKAGES = ("tanggap", "pipeline", "crawlers", "nlp", "dashboard")
DISTRIBUTION = "tanggap-monitor"

#: SQLite before this can corrupt a WAL database that several processes write (sqlite.org/wal.html, WAL-reset bug).
SAFE_SQLITE = (3, 51, 3)
ENOUGH_DISK = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `fault` says what is wrong and what to do, else `note` says what was found."""

    name: str
    note: str
    fault: str | None = None


def examine(config: Path | None) -> Iterator[Check]:
    """All checks, in the order in which they depend on each other; stops after settings that cannot be read."""
    yield _names()
    try:
        office = Office.open(config)
        yield Check("settings", str(office.settings.config_dir))
    except TanggapError as error:
        yield Check("settings", "", str(error))
        return
    for name, look in (
        ("city", _city),
        ("sources", _sources),
        ("key", _key),
        ("models", _models),
        ("store", _store),
        ("disk", _disk),
        ("sqlite", _sqlite),
    ):
        yield _look(name, look, office)


def _look(name: str, look: Callable[[Office], str], office: Office) -> Check:
    try:
        return Check(name, look(office))
    except TanggapError as error:
        return Check(name, "", str(error))


def _names() -> Check:
    """Another distribution with a package of our names would silently overwrite it."""
    owners = packages_distributions()
    for package in PACKAGES:
        others = set(owners.get(package, [])) - {DISTRIBUTION}
        if others:
            return Check(
                "names", "", f"{min(others)} also installs a package `{package}`; give Tanggap its own environment."
            )
    return Check("names", "no other distribution uses our package names")


def _city(office: Office) -> str:
    states = Workflow.load(office.city).states
    parts = f"{len(office.city.topics)} topics, {len(office.city.agencies)} bodies, {len(office.city.areas)} areas"
    return f"{parts}, {len(states)} states, P1 from {office.ranking.classes.P1} points"


def _sources(office: Office) -> str:
    return f"{sum(s.enabled for s in office.sources)} of {len(office.sources)} enabled"


def _key(office: Office) -> str:
    if not office.settings.pseudonym_key:
        raise TanggapError("There is no pseudonym key; run `tanggap init` or set TANGGAP_KEY.")
    return "present, readable by its owner only"


def _models(office: Office) -> str:
    return f"version {office.scorer.version}"


def _store(office: Office) -> str:
    with office.store.read() as db:
        return f"{office.store.address}, {posts.count(db)} posts"


def _disk(office: Office) -> str:
    free = shutil.disk_usage(office.settings.config_dir).free
    if free < ENOUGH_DISK:
        raise TanggapError(f"Only {free // 1_000_000} MB are free; make room before the next crawl.")
    return f"{free // 1_000_000_000} GB free"


def _sqlite(office: Office) -> str:
    if office.settings.store_url.startswith("sqlite") and sqlite3.sqlite_version_info < SAFE_SQLITE:
        return (
            f"{sqlite3.sqlite_version}: run one writing process only, or use PostgreSQL (WAL-reset bug before 3.51.3)"
        )
    return sqlite3.sqlite_version
