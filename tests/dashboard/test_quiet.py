"""The reading of voices per place on a real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from dashboard import quiet
from dashboard.quiet import Choice
from tanggap.city import City
from tanggap.records import Place, Post, PostKind, Score
from tanggap.store import Store, posts, scores

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
KAMPUNG_MELAYU = "31.75.03.1001"
NAMES = ("tingkat", "saring", "baris")


def tell(store: Store, code: str, *kinds: str) -> None:
    """Stores posts of a day ago from a place."""
    numbers = count(1)
    place = Place(text="sini", start=0, end=4, level="kelurahan", code=code, name="Sini")
    told = [
        Post(source="kicau", native_id=f"{code} {next(numbers)}", text="sini gelap", kind=PostKind(kind),
             published_at=NOW - timedelta(days=1), collected_at=NOW)
        for kind in kinds
    ]  # fmt: skip
    score = Score(model="t", relevant=True, relevance=1.0, sentiment="negative", topic="listrik_penerangan",
                  complaint=True, urgency=1, places=(place,))  # fmt: skip
    with store.write() as db:
        posts.add(db, told)
        scores.add(db, [(post.id or 0, score) for post in posts.unscored(db, "t", 99)])


def test_a_kelurahan_shows_counts_and_says_that_nobody_filled_in_its_residents(store: Store, city: City) -> None:
    tell(store, KAMPUNG_MELAYU, "post", "post", "report", "news")
    with store.read() as db:
        found = quiet.heard(db, city, NOW)
    data = quiet.data(found, city, Choice(level="kelurahan"), 25)
    first = data["rows"][0]
    assert (first["name"], first["within"]) == ("Kampung Melayu", "Jatinegara")
    assert (first["posts"], first["reports"], first["voices"]) == ("2", "1", "3")
    assert data["note"].startswith("Jumlah warga per kelurahan belum diisi")
    assert [one["count"] for one in data["levels"]] == [6, 44, 267]
    assert (len(data["rows"]), data["more"]) == (25, 242)


def test_a_kota_counts_what_lies_within_it_and_has_a_rate_where_enough_is_heard(store: Store, city: City) -> None:
    tell(store, KAMPUNG_MELAYU, *["post"] * 12)
    with store.read() as db:
        rows = quiet.data(quiet.heard(db, city, NOW), city, Choice(), 25)["rows"]
    told = {row["code"]: (row["voices"], row["rate"]) for row in rows}
    assert told["31.75"] == ("12", "0,0 (0,0–0,1)")
    assert told["31.72"] == ("0", "terlalu sedikit suara")


@pytest.mark.parametrize(
    ("sift", "code"),
    [("tanpa-unggahan", "31.75.06"), ("tanpa-laporan", "31.75.03"), ("semua", "31.75.03"), ("bertanda", None)],
)
def test_places_with_reports_but_no_posts_and_the_reverse_stand_apart(
    store: Store, city: City, sift: str, code: str | None
) -> None:
    tell(store, KAMPUNG_MELAYU, "post", "post")
    tell(store, "31.75.06.1001", "report")
    with store.read() as db:
        found = quiet.heard(db, city, NOW)
    data = quiet.data(found, city, Choice(level="kecamatan", sift=sift), 25)
    assert [row["code"] for row in data["rows"]][:1] == ([code] if code else [])
    counts = {one["name"]: one["count"] for one in data["sifts"]}
    assert counts == {"semua": 44, "bertanda": 0, "tanpa-unggahan": 1, "tanpa-laporan": 1, "tanpa-suara": 42}


@pytest.mark.parametrize(
    ("opened", "shown"), [("31.75:suara", 4), ("31.75.03:laporan", 1), (f"{KAMPUNG_MELAYU}:unggahan", 3)]
)
def test_every_number_opens_as_many_posts_as_it_says(store: Store, city: City, opened: str, shown: int) -> None:
    tell(store, KAMPUNG_MELAYU, "post", "post", "post", "report", "news")
    with store.read() as db:
        found = quiet.heard(db, city, NOW)
        rows = quiet.rows(db, found, city, opened, 25)
        part = quiet.rows(db, found, city, opened, 1)
    assert rows is not None
    assert part is not None
    assert (len(rows["posts"]), rows["more"]) == (shown, 0)
    assert (len(part["posts"]), part["more"]) == (1, shown - 1)


def test_a_wrong_word_in_the_address_opens_nothing(store: Store, city: City) -> None:
    choice = Choice.of({"tingkat": "rt", "saring": "x", "baris": "31.75:semuanya"}, NAMES)
    assert choice == Choice()
    with store.read() as db:
        found = quiet.heard(db, city, NOW)
        assert [quiet.rows(db, found, city, opened, 9) for opened in ("", "99:suara")] == [None, None]
