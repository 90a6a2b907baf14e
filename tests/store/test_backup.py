"""A backup holds every row of every table, is whole or not there, and comes back on either database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from tanggap.errors import TanggapError
from tanggap.store import Store, backup, posts
from tanggap.store.backup import SEEDED, TRANSIENT
from tanggap.store.tables import Moment, metadata
from tests.conftest import NOW, NewDatabase
from tests.whole import assert_whole

ROOT = Path(__file__).resolve().parents[2]
ROWS = 3


@pytest.fixture
def new_url(any_store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where to restore to: an empty database of the other kind than `any_store`."""
    if any_store.engine.dialect.name == "postgresql":
        yield f"sqlite:///{tmp_path}/new.sqlite"
        return
    new_database: NewDatabase = request.getfixturevalue("new_database")
    with new_database("template1") as url:
        yield url


def value(column: sa.Column[Any], number: int) -> Any:
    """Something of the column's type that is hard to write down, another one for each row."""
    kind = column.type
    if column.foreign_keys:
        (reference,) = column.foreign_keys
        if reference.column.table is column.table:
            return value(reference.column, ROWS) if number == 1 else None  # a row refers to one after it
        return value(reference.column, number)
    if isinstance(kind, Moment):
        return NOW + timedelta(days=number, microseconds=number)
    if isinstance(kind, sa.Date):
        return date(2026, 11, number)
    if isinstance(kind, sa.JSON):
        return {"a": [number, None, 0.1, {"ya": True}], "ü": "\u2028"}
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.Float):
        return number / 3
    if isinstance(kind, sa.Integer | sa.BigInteger):
        return number if column.primary_key or not isinstance(kind, sa.BigInteger) else 2**40 + number
    return f'baris {number}\n"kutip" \\ 🔥 é \u202e'


def fill(store: Store) -> None:
    """Rows in every table there is, so that a table added later is tested too."""
    with store.write() as db:
        for table in metadata.sorted_tables:
            if table.name in SEEDED:
                db.execute(sa.delete(table))
            for number in range(ROWS, 0, -1):
                db.execute(sa.insert(table), {column.name: value(column, number) for column in table.columns})


def contents(store: Store) -> dict[str, list[Any]]:
    with store.read() as db:
        tables = [table for table in metadata.sorted_tables if table.name not in TRANSIENT]
        return {
            table.name: [tuple(row) for row in db.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables
        }


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = Store.create(url)
    yield store
    store.close()


def test_every_row_of_every_table_comes_back_on_the_other_database(
    any_store: Store, new_url: str, tmp_path: Path
) -> None:
    fill(any_store)
    path = tmp_path / "new" / "a.zip"
    made = backup.dump(any_store, path, NOW)
    assert backup.verify(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert {name: kept.rows for name, kept in made.tables.items()} == dict.fromkeys(contents(any_store), ROWS)
    with opened(new_url) as other:
        assert backup.load(other, path) == made
        assert contents(other) == contents(any_store)
        with other.read() as db:
            assert not db.execute(sa.select(metadata.tables["session"])).all()


def test_what_is_stored_after_a_restore_is_numbered_on_and_the_store_is_whole(
    any_store: Store, new_url: str, tmp_path: Path, make_post: Any
) -> None:
    with any_store.write() as db:
        posts.add(db, [make_post(f"banjir {number}") for number in range(5)])
    backup.dump(any_store, tmp_path / "a.zip", NOW)
    with opened(new_url) as other:
        backup.load(other, tmp_path / "a.zip")
        with other.write() as db:
            assert posts.add(db, [make_post("banjir lagi")]).new == 1
        with other.read() as db:
            assert [post.text for post in posts.get(db, [6])] == ["banjir lagi"]
        assert_whole(other)


def test_a_backup_is_of_one_moment_although_workers_write_on(
    any_store: Store, tmp_path: Path, make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PART", 10)
    with any_store.write() as db:
        posts.add(db, [make_post() for _ in range(100)])
    begun = threading.Event()
    done = threading.Event()

    def go_on() -> None:
        begun.wait(10)
        with any_store.write() as db:
            posts.add(db, [make_post() for _ in range(50)])
        done.set()

    def told(_: int) -> None:
        begun.set()
        assert done.wait(10)  # the writer is not kept waiting

    writer = threading.Thread(target=go_on)
    writer.start()
    made = backup.dump(any_store, tmp_path / "a.zip", NOW, told)
    writer.join()
    assert made.tables["post"].rows == 100
    with any_store.read() as db:
        assert posts.count(db) == 150


def test_a_restore_refuses_a_store_with_data_and_a_backup_of_another_version(any_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    backup.dump(any_store, path, NOW)
    other = tmp_path / "b.zip"
    with ZipFile(path) as old, ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == backup.MANIFEST:
                content = json.dumps({**json.loads(content), "revision": "0001", "product": "0.0.9"}).encode()
            new.writestr(name, content)
    with pytest.raises(
        TanggapError, match=r"store version 0001, this Tanggap needs .*; restore it with Tanggap 0\.0\.9"
    ):
        backup.load(any_store, other)
    fill(any_store)
    before = contents(any_store)
    with pytest.raises(TanggapError, match=r"holds data already .*; restore into a new one"):
        backup.load(any_store, path)
    assert contents(any_store) == before


@pytest.mark.parametrize("fault", ["cut", "flipped", "missing", "nothing"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(store: Store, tmp_path: Path, fault: str) -> None:
    fill(store)
    path = tmp_path / "a.zip"
    backup.dump(store, path, NOW)
    whole = path.read_bytes()
    if fault == "missing":
        with ZipFile(path) as old, ZipFile(tmp_path / "b.zip", "w") as new:
            for name in old.namelist():
                if "post.jsonl" not in name:
                    new.writestr(name, old.read(name))
        whole = (tmp_path / "b.zip").read_bytes()
    middle = len(whole) // 3
    damaged = {
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 8]) + whole[middle + 8 :],
        "missing": whole,
        "nothing": b"",
    }
    path.write_bytes(damaged[fault])
    with pytest.raises(TanggapError, match="use another"):
        backup.verify(path)


def test_a_disk_that_is_full_leaves_no_half_of_a_backup(store: Store, tmp_path: Path) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    fill(store)
    with pytest.raises(TanggapError, match="cannot be written: No space left on device"):
        backup.dump(store, tmp_path / "a.zip", NOW, full)
    assert not list(tmp_path.glob("a.zip*"))


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from tanggap.store import Store, backup

def told(rows):
    if rows > 60:
        print("half", flush=True)
        time.sleep(60)

backup.PART = 10
store, path = Store.open(sys.argv[2]), Path(sys.argv[3])
if sys.argv[1] == "dump":
    backup.dump(store, path, datetime.now(UTC), told)
else:
    backup.load(store, path, told)
"""


def kill_half_way(act: str, store: Store, path: Path) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED, act, url, str(path)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.stdout is not None
    assert child.stdout.readline() == b"half\n"
    child.kill()
    child.wait()


def test_killed_half_way_a_backup_is_not_there_and_a_restore_has_changed_nothing(
    any_store: Store, new_url: str, tmp_path: Path, make_post: Any
) -> None:
    with any_store.write() as db:
        posts.add(db, [make_post() for _ in range(200)])
    path = tmp_path / "a.zip"
    kill_half_way("dump", any_store, path)
    assert not path.exists()
    assert len(list(tmp_path.glob("a.zip.partial-*"))) == 1
    backup.dump(any_store, path, NOW)
    with opened(new_url) as other:
        kill_half_way("load", other, path)
        assert not [name for name, rows in contents(other).items() if rows and name not in SEEDED]
        backup.load(other, path)
        assert contents(other) == contents(any_store)
