"""Signing in, the lock, the token of the form, the new password, and signing out."""

from __future__ import annotations

import pytest

from tanggap.store import Store, people
from tests.dashboard.conftest import Browser, FixedClock


def test_the_right_password_opens_a_session_that_only_the_server_can_read(browser: Browser, store: Store) -> None:
    answer = browser.sign_in("sari")

    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert browser.get("/").body == "halo Sari"
    with store.read() as db:
        kept = [row[0] for row in db.exec_driver_sql("select token_hash from session")]
    assert browser.cookies["sid"] not in kept
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("name", "password"), [("sari", "salah"), ("tidakada", "salah"), ("pergi", "payung-hujan-biru")]
)
def test_a_wrong_sign_in_says_the_same_for_every_reason(browser: Browser, name: str, password: str) -> None:
    answer = browser.sign_in(name, password)

    assert answer.status == 401
    assert "Nama pengguna atau sandi salah." in answer.body
    assert "sid" not in browser.cookies


def test_five_failures_lock_the_name_for_a_minute(browser: Browser, clock: FixedClock) -> None:
    assert [browser.sign_in("sari", "salah").status for _ in range(5)] == [401] * 5

    locked = browser.sign_in("sari")
    assert locked.status == 429
    assert "Coba lagi dalam 60 detik" in locked.body

    clock.forward(seconds=61)
    assert browser.sign_in("sari").status == 303


def test_a_form_without_the_token_of_its_cookie_is_refused(browser: Browser) -> None:
    browser.get("/masuk")
    browser.token = "other"

    assert browser.post("/masuk", {"nama": "sari", "sandi": "payung-hujan-biru"}).status == 403


def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    browser.get("/masuk")

    assert browser.post("/masuk", {"nama": "sari"}, Origin="https://jahat.example").status == 403


def test_an_endless_form_is_refused(browser: Browser) -> None:
    browser.get("/masuk")

    assert browser.post("/masuk", {"nama": "x" * 20_000}).status == 403


@pytest.mark.parametrize("wanted", ["//jahat.example", "https://jahat.example", "/\\jahat.example", "jahat", "/a\nb"])
def test_a_sign_in_never_leads_to_another_site(browser: Browser, wanted: str) -> None:
    browser.get("/masuk")

    answer = browser.post("/masuk", {"nama": "sari", "sandi": "payung-hujan-biru", "lanjut": wanted})
    assert answer.headers["location"] == "/"


def test_a_sign_in_leads_to_the_page_that_was_wanted(browser: Browser) -> None:
    asked = browser.get("/?isu=ISU-20261122-0001")
    assert asked.headers["location"] == "/masuk?lanjut=%2F%3Fisu%3DISU-20261122-0001"

    browser.get(asked.headers["location"])
    form = {"nama": "sari", "sandi": "payung-hujan-biru", "lanjut": "/?isu=ISU-20261122-0001"}
    assert browser.post("/masuk", form).headers["location"] == "/?isu=ISU-20261122-0001"


def test_a_name_full_of_markup_comes_back_as_text(browser: Browser) -> None:
    assert "<script>alert(1)" not in browser.sign_in('"><script>alert(1)</script>', "x").body


def test_a_new_person_must_choose_a_password_before_anything_else(browser: Browser, store: Store) -> None:
    assert browser.sign_in("baru").headers["location"] == "/sandi"
    assert browser.get("/").headers["location"] == "/sandi"
    before = browser.cookies["sid"]

    browser.get("/sandi")
    chosen = {"lama": "payung-hujan-biru", "baru": "kereta-senja-9", "ulang": "kereta-senja-9"}
    assert browser.post("/sandi", chosen).headers["location"] == "/"
    assert browser.get("/").body == "halo Orang Baru"
    assert browser.cookies["sid"] != before
    with store.read() as db:
        user = people.get(db, "baru")
    assert user is not None
    assert not user.must_change
    assert Browser(browser.port).sign_in("baru", "payung-hujan-biru").status == 401


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"lama": "payung-hujan-biru", "baru": "pendek", "ulang": "pendek"}, "minimal 12"),
        ({"lama": "payung-hujan-biru", "baru": "sari-sari-manis", "ulang": "sari-sari-manis"}, "nama pengguna"),
        ({"lama": "payung-hujan-biru", "baru": "aaaaaaaaaaaaaa", "ulang": "aaaaaaaaaaaaaa"}, "mudah ditebak"),
        ({"lama": "payung-hujan-biru", "baru": "kereta-senja-9", "ulang": "kereta-senja-8"}, "tidak sama"),
        ({"lama": "payung-hujan-biru", "baru": "payung-hujan-biru", "ulang": "payung-hujan-biru"}, "harus lain"),
        ({"lama": "salah", "baru": "kereta-senja-9", "ulang": "kereta-senja-9"}, "Sandi lama salah"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(browser: Browser, form: dict[str, str], said: str) -> None:
    browser.sign_in("sari")
    browser.get("/sandi")

    answer = browser.post("/sandi", form)
    assert answer.status == 400
    assert said in answer.body


def test_signing_out_ends_the_session_on_the_server(browser: Browser) -> None:
    browser.sign_in("sari")
    kept = browser.cookies["sid"]

    assert browser.post("/keluar", {}).headers["location"] == "/masuk"
    browser.cookies["sid"] = kept
    assert browser.get("/").status == 302


def test_signing_out_takes_a_form_of_ours(browser: Browser) -> None:
    browser.sign_in("sari")

    assert browser.post("/keluar", {"csrf": "other"}).status == 403
    assert browser.get("/").status == 200
