"""Purge and erase from the command line, as an operator sees them, on a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from pipeline import cli
from tanggap.privacy import pseudonym
from tanggap.records import CrawlRun, Issue, Link, Post, Score
from tanggap.settings import load_settings
from tanggap.store import Store, audit, issues, posts, quarantine, scores
from tanggap.store.tables import post
from tests.mockserver.web import MockWeb
from tests.mockserver.x_api import ComplianceApi
from tests.whole import assert_whole

KEY = b"a key"
DECLARED = """
[x-contoh]
kind = "x"
title = "X"
query = "air"
agreement = "X-1"

[warta]
kind = "news"
title = "Warta"
address = "https://warta.example/rss"
retention_days = 7

[qlue]
kind = "qlue-a"
title = "Qlue"
address = "https://qlue.example/a"
"""

Run = Callable[..., Result]


@dataclass(frozen=True)
class Here:
    """An installation with posts of three sources, 0 to 200 days old."""

    store: Store
    run: Run


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with MockWeb() as server:
        yield server


@pytest.fixture
def here(config_dir: Path, monkeypatch: pytest.MonkeyPatch, web: MockWeb) -> Iterator[Here]:
    monkeypatch.setenv("TANGGAP_KEY", KEY.decode())
    monkeypatch.setenv("TANGGAP_X_BEARER_TOKEN", "t")
    (config_dir / "sources.toml").write_text(DECLARED, encoding="utf-8")
    (config_dir / "tanggap.toml").write_text(
        f'[crawler]\nx_api = "{web.url("/")}"\n[limits]\nallow_addresses = ["{web.place}"]\n', encoding="utf-8"
    )
    store = Store.create(load_settings(config_dir).store_url)
    fill(store, datetime.now(UTC))
    runner = CliRunner()
    yield Here(store, lambda *words: runner.invoke(cli.app, [*words, "--config", str(config_dir)]))
    store.close()


def fill(store: Store, now: datetime) -> None:
    """Per source a post of 0, 20, 40 and 200 days; those of one author and an issue among them."""
    sent = [
        Post(
            source=source, native_id=f"{age}1", text=f"banjir {source} {age}", author=pseudonym("@Budi", KEY),
            published_at=now - timedelta(days=age), collected_at=now - timedelta(days=age),
        )
        for source in ("x-contoh", "warta", "qlue") for age in (0, 20, 40, 200)
    ]  # fmt: skip
    sent.append(sent[0].evolve(native_id="77", author=pseudonym("siti", KEY)))
    with store.write() as db:
        posts.add(db, sent)
        keys = [found.id or 0 for found in posts.unscored(db, "m", 100)]
        score = Score(
            model="1", relevant=True, relevance=1.0, sentiment="negative", topic="banjir", complaint=True, urgency=1
        )  # fmt: skip
        scores.add(db, [(key, score) for key in keys])
        times = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), now)
        issues.add(db, Issue(id="ISU-1", title="Banjir", topic="banjir", posts=13, accounts=2, negative=13, **times))
        issues.link(db, [Link(post=key, issue="ISU-1", similarity=1) for key in keys])
        quarantine.add(db, CrawlRun(id=1, source="qlue", started_at=now), now, [("bad", '{"by": "budi"}')])
        quarantine.add(db, CrawlRun(id=2, source="qlue", started_at=now), now - timedelta(days=31), [("old", "{}")])


def texts(store: Store) -> dict[str, int]:
    """How many posts of each source still have their text."""
    with store.read() as db:
        kept = sa.select(post.c.source, sa.func.count()).where(post.c.text != "").group_by(post.c.source)
        return {row[0]: row[1] for row in db.execute(kept)}


def lines(result: Result) -> list[str]:
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_a_dry_purge_says_what_would_go_and_changes_nothing(here: Here) -> None:
    before = texts(here.store)
    result = here.run("purge", "--dry-run")
    assert result.exit_code == 0, result.output
    assert lines(result) == [
        "source days kept would be emptied",
        "qlue 180 1",
        "warta 7 3",
        "x-contoh 30 2",
        "records set aside: 1, headlines of discovery: 0",
    ]
    assert texts(here.store) == before


def test_a_purge_keeps_every_number_and_a_second_one_finds_nothing(here: Here) -> None:
    assert here.run("purge").exit_code == 0
    assert texts(here.store) == {"qlue": 3, "warta": 1, "x-contoh": 3}
    assert_whole(here.store)
    with here.store.read() as db:
        assert issues.get(db, "ISU-1").posts == 13  # type: ignore[union-attr]
        assert {entry.after["posts"] for entry in audit.entries(db, "warta")} == {3}
    assert lines(here.run("purge"))[1:4] == ["qlue 180 0", "warta 7 0", "x-contoh 30 0"]


def test_a_purge_of_one_source_leaves_the_others_alone(here: Here) -> None:
    assert here.run("purge", "warta").exit_code == 0
    assert texts(here.store) == {"qlue": 4, "warta": 1, "x-contoh": 5}
    assert here.run("purge", "tidak-ada").exit_code == 1


def test_a_purge_asks_x_what_is_gone(here: Here, web: MockWeb) -> None:
    ComplianceApi(web, {"01": "deleted", "77": "suspended"}).serve()
    first, second = here.run("purge", "--upstream"), here.run("purge", "--upstream")
    assert lines(first)[-1] == "x-contoh: X is checking 3 posts; run this again to take its answer in"
    assert lines(second)[-1].startswith("x-contoh: 3 posts checked; 2 posts, 1 issues counted again (0 dismissed)")
    assert texts(here.store)["x-contoh"] == 1
    assert_whole(here.store)


@pytest.mark.parametrize("handle", ["@Budi", "budi"])
def test_an_author_is_erased_by_the_handle(handle: str, here: Here) -> None:
    dry = here.run("erase", "--author", handle, "--dry-run")
    assert texts(here.store) == {"qlue": 4, "warta": 4, "x-contoh": 5}
    done = here.run("erase", "--author", handle, "--reason", "permintaan 12/2026")
    assert dry.stdout.replace("would be ", "") == done.stdout
    assert lines(done) == [
        "erased: 12 posts, 1 issues counted again (0 dismissed), 0 quotes in briefs, 1 records set aside, 0 headlines"
    ]
    assert texts(here.store) == {"x-contoh": 1}
    with here.store.read() as db:
        trail = audit.entries(db)
    assert "budi" not in repr(trail).lower()
    assert {entry.note for entry in trail} == {"permintaan 12/2026"}
    assert_whole(here.store)


def test_one_post_is_erased_and_one_that_is_not_there_is_said_so(here: Here) -> None:
    assert lines(here.run("erase", "--post", "warta/01"))[0].startswith("erased: 1 posts")
    assert texts(here.store)["warta"] == 3
    assert "Nothing of that is stored" in here.run("erase", "--post", "warta/01").stderr


def test_an_erasure_needs_exactly_one_subject(here: Here) -> None:
    assert here.run("erase").exit_code == 1
    assert here.run("erase", "--author", "a", "--post", "b/1").exit_code == 1
