"""Labelled files as grouping reads them: kinds, headlines and dates as people write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from nlp.data import Row
from pipeline.grouping import grouping_post, written_time
from tanggap.clock import WIB
from tanggap.records import PostKind


def row(**labels: Any) -> Row:
    return Row("1", "Lift JPO mati\nPengguna kursi roda tidak bisa menyeberang.", "city", "dev", labels)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10/16/2022 7:00", datetime(2022, 10, 16, 7, tzinfo=WIB)),
        ("7/10/22", datetime(2022, 10, 7, tzinfo=WIB)),
        ("2022-10-16", datetime(2022, 10, 16, tzinfo=WIB)),
        ("2022-10-16T00:00:00.000Z", datetime(2022, 10, 16, 7, tzinfo=WIB)),
        ("kemarin", None),
        ("", None),
    ],
)
def test_dates_are_read_as_the_file_writes_them(written: str, read: datetime | None) -> None:
    assert written_time(written) == read


def test_the_first_line_of_an_article_is_its_headline() -> None:
    post = grouping_post(row(kind="news", published_at="2022-10-16T08:00:00+07:00"))
    assert (post.kind, post.title) == (PostKind.NEWS, "Lift JPO mati")
    assert post.text == "Pengguna kursi roda tidak bisa menyeberang."
    assert not post.extra


def test_a_row_without_a_date_is_marked_untimed() -> None:
    post = grouping_post(row(kind="post", date=""))
    assert (post.kind, post.title, post.extra) == (PostKind.POST, None, {"untimed": True})
