"""Full text search: whole words, any order, newest first, and no search can be wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tanggap.store import posts, scores
from tanggap.text import fold

TEXTS = {
    "lama": "Banjir sepaha di Kampung Melayu",
    "baru": "banjir lagi, Kampung Melayu macet!",
    "lain": "Listrik padam di Cakung 12e3x 1e5 0x1f",
    "aksen": "Café di Jalan Sabang",
}


@pytest.fixture
def filled(any_store, make_post):
    """A store with four posts, the older ones first."""
    with any_store.write() as db:
        hours = range(len(TEXTS), 0, -1)
        posts.add(
            db,
            [
                make_post(text, native_id=key, ago=timedelta(hours=hour))
                for (key, text), hour in zip(TEXTS.items(), hours, strict=True)
            ],
        )
    return any_store


def find(store, words, **options):
    with store.read() as db:
        return [post.native_id for post in posts.search(db, words, **options)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("banjir", ["baru", "lama"]),
        ("MELAYU kampung", ["baru", "lama"]),
        ("banjir macet", ["baru"]),
        ("banj", []),
        ("banjir listrik", []),
        ("cafe", ["aksen"]),
        ("Café", ["aksen"]),
        ("12e3x", ["lain"]),
        ("1e5", ["lain"]),
        ("1e", []),
        ("0x1f", ["lain"]),
        ("banjir OR listrik", []),
        ('"banjir"', ["baru", "lama"]),
        ("ban*", []),
        ("-banjir", ["baru", "lama"]),
        ("terms:banjir", []),
        ("banjir:*", ["baru", "lama"]),
        ("banjir & !macet", ["baru"]),
        ("", []),
        ("\"'`;--()*:^&|!<>\\\x00", []),
        ("😀 ​", []),
        ("\ud800", []),
    ],
)
def test_a_search_means_the_same_on_both_databases(filled, words, expected):
    assert find(filled, words) == expected


def test_a_search_gives_no_more_than_asked(filled):
    assert find(filled, "banjir", limit=1) == ["baru"]


def test_a_scored_post_is_found_by_its_own_words_and_by_those_of_its_score(any_store, make_post, make_score, keep):
    [key] = keep(make_post("kebanjiran nih", native_id="x"))
    assert find(any_store, "kebanjiran") == ["x"]
    assert find(any_store, "banjir") == []
    with any_store.write() as db:
        scores.add(db, [(key, make_score(terms="kebanjiran ini banjir"))])
    assert find(any_store, "banjir nih") == ["x"]


def test_an_edited_post_is_found_by_its_new_words_only(any_store, make_post, keep):
    sent = make_post("banjir", native_id="x")
    keep(sent)
    keep(sent.evolve(text="surut"))
    assert find(any_store, "banjir") == []
    assert find(any_store, "surut") == ["x"]


def test_endless_words_and_endless_searches_are_cut(any_store, make_post, keep):
    keep(make_post("a" * 100_000 + " " + " ".join(map(str, range(30_000))), native_id="x"))
    assert find(any_store, "a" * 100_000) == ["x"]
    assert find(any_store, " ".join(map(str, range(20_000)))) == ["x"]


def test_a_search_reads_the_full_text_index(filled):
    seen = []
    sa.event.listen(filled.engine, "before_cursor_execute", lambda *call: seen.append((call[2], call[3])))
    find(filled, "banjir")
    sql, values = next((sql, values) for sql, values in seen if "post.terms" in sql)
    sqlite = filled.engine.dialect.name == "sqlite"
    with filled.read() as db:
        if not sqlite:
            db.exec_driver_sql("SET enable_seqscan = off")  # the table is too small to need its index
        rows = db.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{sql}", values)
        plan = " ".join(str(row[-1]) for row in rows)
    assert ("VIRTUAL TABLE INDEX" if sqlite else "ix_post_fts") in plan


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=40))
def test_no_search_raises(filled, words):
    wanted = set(fold(words).split())
    expected = {key for key, text in TEXTS.items() if wanted and wanted <= set(fold(text).split())}
    assert set(find(filled, words)) == expected
