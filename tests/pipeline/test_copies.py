"""Syndicated news is linked to the paper that had it first, on both databases."""

from __future__ import annotations

from datetime import timedelta

from pipeline.jobs.copies import link_copies
from tanggap.records import Post, PostKind
from tanggap.settings import Settings
from tanggap.store import Store, posts
from tests.conftest import NOW

REPORT = (
    "Warga Pondok Uji mengeluhkan genangan air yang sudah tiga hari tidak surut di jalan lingkungan mereka. Petugas "
    "datang pada pagi hari dengan satu pompa dan berjanji menambah satu pompa lagi besok. Ketua RT mengatakan saluran "
    "penghubung tersumbat sampah sejak pekerjaan galian bulan lalu selesai."
)
OTHER = (
    "Camat meminta warga melapor lewat loket pengaduan setiap hari Sabtu agar perbaikan lampu jalan dapat dijadwalkan "
    "bersama kelurahan dan suku dinas yang bertugas di wilayah itu mulai pekan depan sampai akhir bulan."
)


def news(key: str, text: str, hours: float, source: str = "koran") -> Post:
    return Post(
        source=source, native_id=key, text=text, kind=PostKind.NEWS, title=f"Judul {key}",
        published_at=NOW - timedelta(hours=hours), collected_at=NOW,
    )  # fmt: skip


def links(store: Store) -> dict[str, str | None]:
    """Native id of each article -> that of the one it repeats."""
    with store.read() as db:
        found = posts.get(db, range(1, 20))
    names = {item.id: item.native_id for item in found}
    return {item.native_id: names.get(item.copy_of) for item in found}


def test_copies_point_to_the_earliest_and_a_second_pass_changes_nothing(any_store: Store, settings: Settings) -> None:
    shortened = REPORT.replace("Ketua RT mengatakan", "Ketua RT setempat menyebut")
    with any_store.write() as db:
        posts.add(
            db,
            [
                news("later", REPORT, 5, "kabar"),
                news("first", REPORT, 9),
                news("edited", shortened, 3, "warta"),
                news("other", OTHER, 2),
                news("post", REPORT, 1).evolve(kind=PostKind.POST),
            ],
        )
    settings = at_now(settings)
    assert link_copies(any_store, settings) == 2
    expected = {"later": "first", "first": None, "edited": "first", "other": None, "post": None}
    assert links(any_store) == expected
    assert link_copies(any_store, settings) == 0


def test_an_original_older_than_a_week_keeps_its_copies_and_gets_new_ones(any_store: Store, settings: Settings) -> None:
    settings = at_now(settings)
    with any_store.write() as db:
        posts.add(db, [news("first", REPORT, 24 * 7 - 1), news("second", REPORT, 24)])
    link_copies(any_store, settings)
    later = at_now(settings, hours=5)
    with any_store.write() as db:
        posts.add(db, [news("third", REPORT, 1)])
    assert link_copies(any_store, later) == 1
    assert links(any_store) == {"first": None, "second": "first", "third": "first"}


def test_an_article_rewritten_into_something_else_is_a_copy_no_more(any_store: Store, settings: Settings) -> None:
    settings = at_now(settings)
    with any_store.write() as db:
        posts.add(db, [news("first", REPORT, 9), news("second", REPORT, 5, "kabar")])
    assert link_copies(any_store, settings) == 1
    with any_store.write() as db:
        posts.add(db, [news("second", OTHER, 5, "kabar")])
    assert link_copies(any_store, settings) == 1
    assert links(any_store) == {"first": None, "second": None}


class Later(Settings):
    """Settings whose clock stands still, some hours after NOW."""

    hours: float = 0.0

    @property
    def now(self):  # type: ignore[no-untyped-def, override]
        return lambda: NOW + timedelta(hours=self.hours)


def at_now(settings: Settings, hours: float = 0.0) -> Settings:
    return Later(config_dir=settings.config_dir, hours=hours)
