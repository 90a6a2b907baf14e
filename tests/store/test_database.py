"""Opening, creating and losing a store: always the whole old or the whole new one, and one sentence when not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tanggap.errors import StoreError
from tanggap.records import Post, Score
from tanggap.store import Store, posts
from tanggap.store.migrations import script_config
from tanggap.store.tables import REVISION, metadata, post, score

#: Creates the store named by argv[1] and kills itself before the statement number argv[2].
KILLED = """
import os, signal, sys
import sqlalchemy as sa
from tanggap.store import Store
left = int(sys.argv[2])
@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
Store.create(sys.argv[1])
"""


def tables(url):
    engine = sa.create_engine(url)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_creating_twice_changes_nothing(any_url, make_post):
    store = Store.create(any_url)
    with store.write() as db:
        posts.add(db, [make_post()])
    store.close()
    again = Store.create(any_url)
    with again.read() as db:
        assert posts.count(db) == 1
    again.close()
    assert set(metadata.tables) <= tables(any_url)


def test_the_migrations_build_exactly_the_tables_the_code_uses(any_store):
    def ours(_object, name, kind, *_):
        return not (kind in ("table", "index") and name.startswith(("post_fts", "ix_post_fts")))

    with any_store.read() as db:
        options = {"include_object": ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_the_code_names_the_newest_migration():
    assert ScriptDirectory.from_config(script_config()).get_heads() == [REVISION]


def test_every_field_of_a_record_has_a_column():
    engagement = {"likes", "replies", "reposts", "views"}
    assert set(Post.__slots__) - {"engagement"} | engagement <= set(post.c.keys())
    assert set(Score.__slots__) <= set(score.c.keys())


@pytest.mark.parametrize("statement", [4, 12, 30])
def test_a_killed_migration_leaves_the_old_schema_and_the_next_one_completes(any_url, statement):
    killed = subprocess.run([sys.executable, "-c", KILLED, any_url, str(statement)], check=False)
    assert killed.returncode < 0
    assert tables(any_url) == set()
    with pytest.raises(StoreError, match="run `tanggap init`"):
        Store.open(any_url)
    Store.create(any_url).close()
    Store.open(any_url).close()


def test_a_database_that_is_no_store_yet_says_what_to_run(any_url):
    engine = sa.create_engine(any_url)
    with engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE other (id INTEGER)")
    engine.dispose()
    with pytest.raises(StoreError, match="not a store of Tanggap yet; run `tanggap init`"):
        Store.open(any_url)


def test_a_store_of_a_newer_tanggap_is_left_alone(any_store):
    with any_store.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    url = any_store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="at version 9999"):
        Store.open(url)
    with pytest.raises(StoreError, match="cannot be brought up to date"):
        Store.create(url)


def test_a_read_connection_sees_one_moment_and_refuses_to_write(any_store, make_post):
    with any_store.read() as db:
        assert posts.count(db) == 0
        with any_store.write() as other:
            posts.add(other, [make_post()])
        assert posts.count(db) == 0
    with any_store.read() as db:
        assert posts.count(db) == 1
    with pytest.raises(StoreError, match="read-only"), any_store.read() as db:
        posts.add(db, [make_post()])


def test_an_error_rolls_everything_back(any_store, make_post):
    with suppress(RuntimeError), any_store.write() as db:
        posts.add(db, [make_post()])
        raise RuntimeError("a bug")
    with suppress(StoreError), any_store.write() as db:
        posts.add(db, [make_post()])
        db.execute(sa.text("SELECT * FROM nowhere"))
    with any_store.read() as db:
        assert posts.count(db) == 0


def test_writers_wait_for_each_other(any_store, make_post):
    started = threading.Event()

    def second():
        started.set()
        with any_store.write() as db:
            posts.add(db, [make_post(native_id="two")])

    other = threading.Thread(target=second)
    with any_store.write() as db:
        posts.add(db, [make_post(native_id="one")])
        other.start()
        started.wait()
    other.join()
    with any_store.read() as db:
        assert posts.count(db) == 2


def test_sqlite_is_set_up_for_many_processes(store):
    with store.read() as db:
        found = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    assert found == {"journal_mode": "wal", "busy_timeout": 30_000, "foreign_keys": 1, "synchronous": 1}


def test_a_full_disk_is_told_and_the_store_stays_sound(store, make_post):
    def fill():
        with store.write() as db:
            pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
            db.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
            posts.add(db, [make_post("x" * 9_000) for _ in range(50)])

    with pytest.raises(StoreError, match="out of disk space"):
        fill()
    with store.read() as db:
        assert posts.count(db) == 0
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_missing_store_is_not_made_by_opening_it(tmp_path):
    path = tmp_path / "none.sqlite"
    with pytest.raises(StoreError, match="run `tanggap init`"):
        Store.open(f"sqlite:///{path}")
    assert not path.exists()


def test_creating_makes_the_folder_of_the_store(tmp_path):
    Store.create(f"sqlite:///{tmp_path}/new/folder/a.sqlite").close()
    assert (tmp_path / "new" / "folder" / "a.sqlite").is_file()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.create(f"sqlite:///{tmp_path}/file/a.sqlite")


@pytest.mark.parametrize("content", [b"this is a letter, not a database\n" * 99, b"\x00" * 5000])
def test_a_file_that_is_no_database_is_named(tmp_path, content):
    path = tmp_path / "letter.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"letter\.sqlite.* is not a (database|store)"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_read_only_store_is_told_at_the_start(blank_file):
    folder = Path(tempfile.mkdtemp())
    try:
        url = f"sqlite:///{shutil.copy(blank_file, folder / 'a.sqlite')}"
        folder.chmod(0o555)
        (folder / "a.sqlite").chmod(0o444)
        with unprivileged(), pytest.raises(StoreError, match=r"a\.sqlite is read-only for this user"):
            Store.open(url)
    finally:
        shutil.rmtree(folder)


class unprivileged:  # noqa: N801
    """Drops the rights of root, which may write anywhere."""

    def __enter__(self):
        self.user = os.geteuid()
        if self.user == 0:
            os.seteuid(65_534)

    def __exit__(self, *_):
        os.seteuid(self.user)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://sari:s3cret@127.0.0.1:1/tanggap", "cannot be reached"),
        ("postgresql://sari:s3cret@127.0.0.1:1/tanggap", "cannot be reached"),
        ("postgresql+psycopg://127.0.0.1:1/tanggap?user=sari&password=s3cret", "cannot be reached"),
        ("mysql://sari:s3cret@localhost/tanggap", "cannot live on mysql"),
        ("s3cret", "cannot be read"),
        ("sqlite:////nowhere/s/t/a.sqlite", "run `tanggap init`"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url, sentence):
    with pytest.raises(StoreError, match=sentence) as caught:
        Store.open(url)
    assert "s3cret" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_an_unknown_database_is_named(new_database):
    with new_database() as url:
        address = sa.make_url(url).set(database="nowhere")
    with pytest.raises(StoreError, match='"nowhere" does not exist'):
        Store.open(address.render_as_string(hide_password=False))


def test_an_error_never_shows_what_people_wrote(any_store, make_post):
    with pytest.raises(StoreError) as caught, any_store.write() as db:
        db.execute(sa.insert(post).values(text="NIK 3171010101900001", source="a"))
    assert "3171" not in str(caught.value)
    assert "3171" not in str(caught.value.__cause__).splitlines()[0]
