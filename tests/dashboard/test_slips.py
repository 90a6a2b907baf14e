"""The receipt's own page: what it says, what it hides, who may read it."""

from __future__ import annotations

import pytest

from tanggap.city import City
from tanggap.desk.counter import Counter
from tanggap.desk.service import Desk
from tanggap.records import Role, User
from tanggap.store import Store
from tests.dashboard.conftest import Browser, FixedClock

SARI = User(name="sari", full_name="Sari", roles=(Role.OFFICER,))
WORDS = "Got <b>mampet</b>, telepon saya 0812-3456-7890"


@pytest.fixture
def number(store: Store, city: City, clock: FixedClock) -> str:
    made = Counter(Desk(store, city, clock)).take(
        SARI, WORDS, area="31.75.03.1001", place="Kecamatan Jatinegara", spot="Pasar Jatinegara"
    )
    return made.number


def test_a_slip_has_the_number_and_the_masked_words_and_one_script(browser: Browser, number: str) -> None:
    browser.sign_in("sari")
    page = browser.get(f"/tanda-terima/{number}")
    assert page.status == 200
    for words in (number, "Kecamatan Jatinegara", "Minggu, 22 November 2026, 08.00 WIB", "Pasar Jatinegara, Kampung"):
        assert words in page.body
    assert "Got &lt;b&gt;mampet&lt;/b&gt;, telepon saya [telepon]" in page.body
    assert "sari" not in page.body.lower()
    assert "unsafe" not in page.headers["content-security-policy"].replace("style-src 'unsafe-inline'", "")
    assert page.headers["cache-control"] == "no-store"


def test_a_slip_is_for_people_of_the_counters(browser: Browser, number: str) -> None:
    assert browser.get(f"/tanda-terima/{number}").status == 302
    browser.sign_in("lia")
    assert browser.get(f"/tanda-terima/{number}").status == 403


def test_a_number_that_is_none_has_no_slip(browser: Browser, number: str) -> None:
    browser.sign_in("sari")
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert browser.get(f"/tanda-terima/{wrong}").status == 404
