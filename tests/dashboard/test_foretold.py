"""What an act on an issue will do is told with its true numbers before it is done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard import foretold
from tanggap.records import Issue, Link, Post
from tanggap.store import Store, issues, posts

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ONE, TWO = (
    Issue(
        id=f"ISU-20261122-000{number}", title=f"Isu {number}", topic="banjir", first_at=NOW, last_at=NOW,
        detected_at=NOW, status_at=NOW, posts=4,
    )
    for number in (1, 2)
)  # fmt: skip


@pytest.fixture
def held(store: Store) -> Store:
    """An issue of four posts, the second a copy of the first."""
    with store.write() as db:
        told = [Post(source="x", native_id=str(n), text="banjir", published_at=NOW, collected_at=NOW) for n in range(4)]
        posts.add(db, told)
        keys = [post.id or 0 for post in posts.unscored(db, "t", 9)]
        issues.add(db, ONE)
        issues.link(
            db,
            [
                Link(post=key, issue=ONE.id, similarity=1.0, copy_of=keys[0] if at == 1 else None)
                for at, key in enumerate(keys)
            ],
        )
    return store


def test_a_merge_tells_both_numbers_and_that_the_old_one_leads_on() -> None:
    told = foretold.merge(ONE, TWO)
    assert "4 kiriman ISU-20261122-0001 masuk ke ISU-20261122-0002" in told
    assert "menjadi 8 kiriman" in told
    assert "Nomor ISU-20261122-0001 tetap membuka isu itu" in told


def test_posts_leave_with_their_copies_and_an_issue_is_never_emptied(held: Store) -> None:
    with held.read() as db:
        keys = [link.post for link in issues.links_of(db, ONE.id)]
        alone, possible = foretold.leaving(db, ONE, keys[:1], None, alone=True)
        assert possible
        assert alone.startswith("2 kiriman, 1 di antaranya salinan, menjadi isu baru; ISU-20261122-0001 tinggal 2")
        assert "pindah ke ISU-20261122-0002" in foretold.leaving(db, ONE, keys[2:3], TWO, alone=False)[0]
        assert "keluar dan tidak masuk" in foretold.leaving(db, ONE, keys[2:3], None, alone=False)[0]
        assert foretold.leaving(db, ONE, keys, None, alone=True)[1] is False
