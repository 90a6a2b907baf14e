"""The health check and the brief pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tanggap.records import Brief
from tanggap.store import Store, briefs, runs
from tests.dashboard.conftest import Browser, FixedClock

DAY = date(2026, 11, 22)
TOTALS = (
    "critical", "late", "negative", "posts", "sources", "sources_checked", "sources_failed", "unheld", "waiting",
)  # fmt: skip


@pytest.fixture
def brief(store: Store, clock: FixedClock) -> Brief:
    made = Brief(
        day=DAY, edition=1, made_at=clock(), lead="Banjir <b>surut</b>, air bersih belum.", items=(),
        hourly=(1,) * 24, hourly_negative=(0,) * 24,
        totals=dict.fromkeys(TOTALS, 1),
    )  # fmt: skip
    with store.write() as db:
        briefs.save(db, made)
    return made


def test_health_tells_the_age_of_the_last_crawl(browser: Browser, store: Store, clock: FixedClock) -> None:
    assert browser.get("/healthz").body == "ok\nlast_crawl_age_s never\n"
    with store.write() as db:
        run = runs.start(db, "warta", clock() - timedelta(minutes=5))
        runs.finish(db, run, clock() - timedelta(minutes=4))

    assert browser.get("/healthz").body == "ok\nlast_crawl_age_s 240\n"


def test_health_fails_when_the_store_is_gone(browser: Browser, store: Store) -> None:
    with store.write() as db:
        db.exec_driver_sql("drop table crawl_run")

    assert browser.get("/healthz").status == 503


def test_the_latest_brief_is_a_page_a_text_and_json(browser: Browser, brief: Brief) -> None:
    browser.sign_in("sari")
    page = browser.get("/ringkasan")

    assert page.status == 200
    assert "Banjir &lt;b&gt;surut" in page.body
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert browser.get("/ringkasan/2026-11-22").body == page.body
    assert "/ringkasan/2026-11-22" in browser.get("/ringkasan/2026-11-22.txt").body
    assert browser.get("/ringkasan/2026-11-22.json").headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/ringkasan/2026-11-21", "/ringkasan/kemarin", "/ringkasan/2026-13-01.txt"])
def test_a_day_without_brief_is_not_found(browser: Browser, brief: Brief, path: str) -> None:
    browser.sign_in("sari")

    assert browser.get(path).status == 404


def test_briefs_are_for_signed_in_people(browser: Browser, brief: Brief) -> None:
    assert browser.get("/ringkasan/2026-11-22").status == 302
