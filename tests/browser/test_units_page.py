"""The page Badan in a real browser: numbers open their rows, promises lead to their issue, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tanggap.city import load_city
from tanggap.desk.counter import Counter
from tanggap.desk.promising import Promising
from tanggap.desk.service import Desk
from tanggap.settings import packaged_config
from tanggap.store import people
from tests.browser.conftest import Watched
from tests.browser.seed import NOW

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

ISSUE = "ISU-20261122-0018"


def promised(watched: Watched) -> None:
    """A promise for tomorrow, and a duty report of Friday."""
    store, city = watched.site.store(), load_city(packaged_config())
    with store.read() as db:
        sari = people.get(db, "sari")
    assert sari is not None
    Promising(Desk(store, city, lambda: NOW)).add(
        ISSUE, sari, "Jembatan diperbaiki besok", due=NOW + timedelta(hours=20), owner="AG06"
    )
    friday = Desk(store, city, lambda: NOW - timedelta(days=2))
    Counter(friday).take(sari, "selokan penuh sampah", area="31.72.01.1005", place="Balai Kota", rtrw="RW 04")
    store.close()


def test_a_reader_opens_the_rows_of_every_number(desk: Watched, phone: Watched) -> None:
    promised(desk)
    page = desk.sign_in("lihat", "/badan")
    body = page.get_by_role("row", name="Bina Marga")
    number = body.get_by_role("button")
    expect(number).to_have_attribute("aria-expanded", "false")
    number.click()
    expect(number).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".rows li").first).to_be_visible()
    expect(page).to_have_url(re.compile("buka=meja"))
    expect(page.get_by_text("Terlalu sedikit isu untuk angka:")).to_contain_text("Dinas SDA")
    promise = page.locator(".promise", has_text="Jembatan diperbaiki besok")
    expect(promise).to_contain_text("segera jatuh tempo")
    page.get_by_role("button", name="30 hari").click()
    expect(page.get_by_role("button", name="30 hari")).to_have_attribute("aria-pressed", "true")

    small = phone.sign_in("lihat", "/badan")
    duty = small.locator(".duty", has_text="Pluit, Penjaringan").get_by_role("button")
    duty.click()
    expect(small.locator(".duty .days").first).to_contain_text("Jum 20 Nov")
    assert small.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")
    small.locator(".promise", has_text="Jembatan diperbaiki besok").get_by_role("link").click()
    expect(small.get_by_role("heading", name="Jembatan kayu warga rusak")).to_be_visible()
