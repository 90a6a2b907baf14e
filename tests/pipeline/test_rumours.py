"""Rumours outside issues on a real store: found, cleared up, and the same one from look to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from pipeline.jobs.spreading import rumours
from tanggap.city import City
from tanggap.clock import city_day
from tanggap.privacy import pseudonym
from tanggap.records import Issue, Link, Post, PostKind, Score, Signal, SignalKind
from tanggap.settings import Settings
from tanggap.store import Store, issues, posts, scores, signals
from tanggap.text import fold

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TOLD = (
    "katanya ragunan mau tutup seminggu buat renovasi kandang? ada info ga",
    "dapat info dari grup RT, kebun binatang ragunan tutup seminggu buat renovasi kandang",
    "denger2 ragunan ditutup seminggu, kandang direnovasi",
    "ada info ragunan tutup seminggu, bener gak?",
)
DENIAL = "Musim libur tiba. Pengelola membantah ragunan tutup seminggu untuk renovasi kandang. Loket buka."

numbers = count(1)


def write(store: Store, texts: Sequence[str], *, kind: str = "post", author: str = "", at: datetime | None = None,
          relevant: bool = True) -> list[int]:  # fmt: skip
    """Stores understood posts, each of another account unless one is named, and gives their numbers."""
    begin = at or NOW - timedelta(hours=5)
    told = [
        Post(source="kabar", native_id=str(next(numbers)), kind=PostKind(kind), text=text, collected_at=begin,
             title="Ragunan" if kind == "news" else None, published_at=begin + timedelta(minutes=number),
             author=author or f"akun {next(numbers)}")
        for number, text in enumerate(texts)
    ]  # fmt: skip
    with store.write() as db:
        posts.add(db, told)
        keys = {post.native_id: post.id or 0 for post in posts.unscored(db, "t", 99)}
        found = [
            Score(model="t", relevant=relevant, relevance=0.9, sentiment="neutral", topic="lainnya", complaint=False,
                  urgency=0, terms=fold(post.full_text))
            for post in told
        ]  # fmt: skip
        scores.add(db, [(keys[post.native_id], score) for post, score in zip(told, found, strict=True)])
    return [keys[post.native_id] for post in told]


def heard(store: Store, city: City, settings: Settings) -> list[Signal]:
    """What a look finds, kept as the job keeps it."""
    with store.write() as db:
        found = rumours(db, city, settings, NOW)
        signals.keep(db, SignalKind.RUMOUR, found, NOW)
    return found


def test_a_claim_that_spreads_in_no_issue_is_a_rumour_with_its_first_posts_and_its_clarification(
    any_store: Store, city: City, settings: Settings
) -> None:
    keys = write(any_store, TOLD)
    write(any_store, ["katanya martabak depan halte enak", "antre KTP dari subuh"])
    [rumour] = heard(any_store, city, settings)
    assert (rumour.subject, rumour.evidence["first"], rumour.evidence["accounts"]) == (f"post:{keys[0]}", keys[:3], 4)
    assert "belum ada berita atau pernyataan resmi" in rumour.told
    [denial] = write(any_store, [DENIAL], kind="news", at=NOW - timedelta(hours=1))
    [cleared] = heard(any_store, city, settings)
    assert cleared.evidence["clarification"] == denial
    start, end = cleared.evidence["sentence"]
    told = f"Ragunan\n{DENIAL}"[start:end]
    assert told == "Pengelola membantah ragunan tutup seminggu untuk renovasi kandang."
    assert "ragunan" not in repr(cleared), "no word of a post outlives it in a signal"


def test_it_stays_the_same_rumour_when_an_earlier_post_is_read_late(
    any_store: Store, city: City, settings: Settings
) -> None:
    keys = write(any_store, TOLD)
    heard(any_store, city, settings)
    [early] = write(any_store, [TOLD[0]], at=NOW - timedelta(hours=9))
    [rumour] = heard(any_store, city, settings)
    assert (rumour.subject, rumour.evidence["first"][0]) == (f"post:{keys[0]}", early)
    with any_store.read() as db:
        assert len(signals.open_ones(db, SignalKind.RUMOUR)) == 1


def test_an_office_tells_no_rumour_but_what_it_says_stands_beside_it(
    any_store: Store, city: City, settings: Settings
) -> None:
    office = pseudonym("@DKIJakarta", settings.pseudonym_key)
    write(any_store, TOLD)
    [said] = write(any_store, ["Ragunan tutup seminggu untuk renovasi kandang? Tidak benar, kebun binatang buka."],
                   author=office, at=NOW - timedelta(hours=1))  # fmt: skip
    [rumour] = heard(any_store, city, settings)
    assert (rumour.evidence["accounts"], rumour.evidence["clarification"]) == (4, said)


@pytest.mark.parametrize("how", ["two accounts", "one account", "in an issue", "not about the city"])
def test_what_does_not_spread_outside_issues_is_no_rumour_there(
    any_store: Store, city: City, settings: Settings, how: str
) -> None:
    texts = TOLD[:2] if how == "two accounts" else TOLD
    keys = write(any_store, texts, author="a" if how == "one account" else "", relevant=how != "not about the city")
    if how == "in an issue":
        at = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), NOW)
        with any_store.write() as db:
            name = issues.next_id(db, city_day(NOW))
            issues.add(db, Issue(id=name, title="Ragunan", topic="lainnya", **at))
            issues.link(db, [Link(post=key, issue=name, similarity=1.0) for key in keys])
    assert [one.subject for one in heard(any_store, city, settings) if one.subject.startswith("post:")] == []
