"""Voices per area on a real store: what is counted where, and the posts behind each number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tanggap.records import PostKind
from tanggap.store import Store, areas, scores
from tanggap.store.areas import AreaVoices
from tanggap.store.scores import kelurahan_of
from tanggap.store.tables import post

KAMPUNG_MELAYU, JATINEGARA, TIMUR = "31.75.03.1008", "31.75.03", "31.75"


@pytest.fixture
def heard(any_store, keep, make_post, make_score, kampung_melayu, now):
    """Two posts and a report from Kampung Melayu, a post from elsewhere in Jatinegara, one from Timur, and news."""

    def place(code):
        return (replace(kampung_melayu, code=code),) if code else ()

    told = [("post", KAMPUNG_MELAYU), ("post", KAMPUNG_MELAYU), ("report", KAMPUNG_MELAYU), ("post", JATINEGARA),
            ("post", TIMUR), ("news", KAMPUNG_MELAYU), ("post", "")]  # fmt: skip
    keys = keep(*(make_post(kind=PostKind(kind)) for kind, _ in told))
    with any_store.write() as db:
        scores.add(db, [(key, make_score(places=place(code))) for key, (_, code) in zip(keys, told, strict=True)])
    return keys


def span(now):
    return now() - timedelta(days=1), now() + timedelta(hours=1)


def test_voices_are_counted_by_the_smallest_area_they_name(any_store, heard, now):
    with any_store.read() as db:
        found = sorted(areas.area_voices(db, *span(now)), key=lambda one: one.area)
    assert found == [AreaVoices(TIMUR, 1, 0), AreaVoices(JATINEGARA, 1, 0), AreaVoices(KAMPUNG_MELAYU, 2, 1)]


def test_the_posts_of_an_area_are_those_its_number_counts_with_those_within_it(any_store, heard, now):
    both = (PostKind.POST, PostKind.REPORT)
    with any_store.read() as db:
        assert areas.posts_of(db, KAMPUNG_MELAYU, [PostKind.REPORT], *span(now), 9) == [heard[2]]
        assert sorted(areas.posts_of(db, JATINEGARA, both, *span(now), 9)) == heard[:4]
        assert sorted(areas.posts_of(db, TIMUR, both, *span(now), 9)) == heard[:5]
        assert len(areas.posts_of(db, TIMUR, both, *span(now), 2)) == 2


@pytest.mark.parametrize(
    ("codes", "area", "kelurahan"),
    [
        ([KAMPUNG_MELAYU], JATINEGARA, KAMPUNG_MELAYU),
        ([JATINEGARA, KAMPUNG_MELAYU], JATINEGARA, KAMPUNG_MELAYU),
        (["31.74.01.1001", KAMPUNG_MELAYU], "31.74.01", "31.74.01.1001"),
        (["31.74.01", KAMPUNG_MELAYU], "31.74.01", ""),
        ([KAMPUNG_MELAYU], "", ""),
    ],
)
def test_a_kelurahan_is_kept_only_within_the_area_of_the_post(kampung_melayu, codes, area, kelurahan):
    assert kelurahan_of([replace(kampung_melayu, code=code) for code in codes], area) == kelurahan


def test_a_store_from_before_learns_the_kelurahan_of_what_it_holds(any_store, heard):
    with any_store.write() as db:
        db.exec_driver_sql("ALTER TABLE post DROP COLUMN kelurahan")
        for table in ("placement", "grouping", "post_change"):  # younger ones
            db.exec_driver_sql(f"DROP TABLE {table}")
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '0013'")
    url = any_store.engine.url.render_as_string(hide_password=False)
    again = Store.create(url)
    with again.read() as db:
        known = {row.id: row.kelurahan for row in db.execute(select(post.c.id, post.c.kelurahan))}
    again.close()
    assert [known[key] for key in heard] == [*[KAMPUNG_MELAYU] * 3, "", "", KAMPUNG_MELAYU, ""]
