"""The door: what a post may not carry any more once it is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.door import Door, Item
from tanggap.errors import PayloadError, SettingsError
from tanggap.records import Engagement, Source
from tanggap.settings import Settings
from tests.crawlers.conftest import NOW

Make = Callable[..., Source]


@pytest.fixture
def door(source: Make, settings: Settings) -> Door:
    return Door(source(), settings)


def item(**fields: Any) -> Item:
    return Item(**{"native_id": "1", "text": "Air mati", "published_at": NOW - timedelta(hours=1), **fields})


def test_identifiers_are_masked_in_title_text_and_extra(door: Door) -> None:
    told = "hubungi 081234567890 atau warga@contoh.id"
    post = door.admit(item(title=f"Tolong {told}", text=told, extra={"catatan": [{"isi": told}]}))
    assert "081234567890" not in repr(post)
    assert "warga@contoh.id" not in repr(post)


def test_one_author_has_one_name_and_another_installation_another(source: Make, settings: Settings) -> None:
    one, again = (Door(source(), settings).admit(item(author="@Warga_Uji")) for _ in range(2))
    other = Door(source(), settings.model_copy(update={"pseudonym_key": b"another key"})).admit(
        item(author="@Warga_Uji")
    )
    assert one.author == again.author != other.author
    assert door_name(one.author)


def door_name(author: str | None) -> bool:
    return author is not None and author.startswith("a") and len(author) == 17


def test_broken_text_is_repaired_and_long_text_is_cut(door: Door, settings: Settings) -> None:
    post = door.admit(item(text="Kata\x00 \ud800 ini" + " panjang" * 5000))
    assert post.text.startswith("Kata ini")
    assert len(post.text) <= settings.limits.max_text_chars
    post.text.encode()


@pytest.mark.parametrize("fields", [{"text": " \n "}, {"native_id": " "}, {"published_at": datetime(2026, 1, 1)}])  # noqa: DTZ001
def test_what_lacks_text_id_or_zone_is_refused(fields: dict[str, Any], door: Door) -> None:
    with pytest.raises(PayloadError):
        door.admit(item(**fields))


def test_a_time_in_the_future_becomes_now_and_the_claim_is_kept(door: Door) -> None:
    post = door.admit(item(published_at=datetime(2031, 1, 1, tzinfo=UTC)))
    assert post.published_at == NOW
    assert post.extra["claimed_time"].startswith("2031")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "", "//x.example"])
def test_only_web_addresses_are_kept(url: str, door: Door) -> None:
    assert door.admit(item(url=url)).url is None


def test_an_id_too_long_for_an_index_is_shortened_for_good(door: Door) -> None:
    one, again = (door.admit(item(native_id="https://a.example/" + "x" * 3000)) for _ in range(2))
    assert one.native_id == again.native_id
    assert len(one.native_id) == 64


def test_without_a_key_there_is_no_door(source: Make, settings: Settings) -> None:
    with pytest.raises(SettingsError, match="tanggap init"):
        Door(source(), settings.model_copy(update={"pseudonym_key": b""}))


def test_a_hash_that_looks_like_a_telephone_number_is_kept_whole(door: Door) -> None:
    told = "081234567890" + "ab" * 26
    assert door.admit(item(extra={"hash": told})).extra["hash"] == told


def test_numbers_names_and_nesting_no_store_can_hold_are_made_harmless(door: Door) -> None:
    deep: Any = "inti"
    for _ in range(50):
        deep = [deep]
    extra = {"a\x00\ud800": 1, "nan": float("nan"), "huge": 10**40, "deep": deep, "wide": list(range(10_000))}
    kept = door.admit(item(extra=extra, engagement=Engagement(likes=10**30))).extra
    assert (kept["a"], kept["nan"], kept["huge"]) == (1, "…", "…")
    assert "inti" not in repr(kept["deep"])
    assert len(kept["wide"]) == 500


def test_a_time_before_the_web_is_a_broken_one(door: Door) -> None:
    with pytest.raises(PayloadError, match="year 1"):
        door.admit(item(published_at=datetime(1, 1, 1, tzinfo=UTC)))
