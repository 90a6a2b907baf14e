"""The parts of the issue page in a real browser: handed over, referred, put right, proven, disputed, opened again."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tanggap.city import load_city
from tanggap.desk.service import Desk
from tanggap.records import Issue, Status, User
from tanggap.records.desk import Dispute
from tanggap.settings import packaged_config
from tanggap.store import Store, issues, people
from tanggap.store.shelf import assignments, disputes, evidence
from tests.browser.conftest import Site, Watched, pick, served
from tests.browser.seed import NOW, build

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

CABLE, HOLE, TREE = "ISU-20261122-0012", "ISU-20261122-0027", "ISU-20261122-0039"
PARK, TRUCK, NOISE = "ISU-20261122-0021", "ISU-20261122-0024", "ISU-20261122-0030"
Window = Callable[..., Watched]


@pytest.fixture(scope="module")
def city_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A city of this file alone: what is done here is seen nowhere else."""
    directory = tmp_path_factory.mktemp("parts")
    build(directory, packaged_config())
    with served(directory) as running:
        yield running


@pytest.fixture
def store(city_site: Site) -> Iterator[Store]:
    opened = city_site.store()
    yield opened
    opened.close()


@pytest.fixture
def look(open_window: Window, city_site: Site) -> Callable[..., Page]:
    """The part of an issue as a person sees it, on a desk screen or a phone."""

    def shown(name: str, issue: str, words: str, width: int = 1440, height: int = 900) -> Page:
        page = open_window(width, height, city_site).sign_in(name, f"/?isu={issue}")
        part(page, words)
        return page

    return shown


def part(page: Page, words: str) -> None:
    choice = page.get_by_role("radio", name=words, exact=True)
    choice.click()
    expect(choice).to_be_checked()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def read(store: Store, issue_id: str) -> Issue:
    with store.read() as db:
        found = issues.get(db, issue_id)
    assert found is not None
    return found


def person(store: Store, name: str) -> User:
    with store.read() as db:
        found = people.get(db, name)
    assert found is not None
    return found


def desk_of(store: Store) -> Desk:
    return Desk(store, load_city(packaged_config()), lambda: NOW)


def picture(width: int, quality: int) -> FilePayload:
    """The same drawing at any size, as a messenger passes it on."""
    dice = random.Random(7)
    small = Image.frombytes("L", (16, 12), bytes(dice.randrange(256) for _ in range(16 * 12)))
    out = io.BytesIO()
    small.resize((width, width * 3 // 4), Image.Resampling.BICUBIC).convert("RGB").save(out, "JPEG", quality=quality)
    return FilePayload(name="foto.jpg", mimeType="image/jpeg", buffer=out.getvalue())


def prove(page: Page, words: str, photo: FilePayload) -> None:
    press(page, "Tambah bukti")
    page.get_by_label("Apa yang terlihat, di mana, kapan").fill(words)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_text("foto.jpg")).to_be_visible()
    press(page, "Simpan bukti")
    expect(page.get_by_text("Bukti disimpan.")).to_be_visible()


def test_a_utility_is_given_the_issue_with_contact_and_reference(look: Callable[..., Page], store: Store) -> None:
    page = look("sari", CABLE, "Serah terima")
    press(page, "Rujuk ke luar")
    pick(page, "Pihak luar", "PLN", "PLN")
    page.get_by_label("Kontak").fill("piket UP3 Menteng")
    page.get_by_label("Nomor rujukan").fill("PLN-2211-77")
    press(page, "Rujuk isu")
    expect(page.get_by_text("Dirujuk ke luar.")).to_be_visible()
    expect(page.get_by_text("piket UP3 Menteng · rujukan PLN-2211-77")).to_be_visible()
    expect(page.get_by_text("Dirujuk ke PLN; catat hasilnya")).to_be_visible()
    with store.read() as db:
        (out,) = assignments.of_issue(db, CABLE)
    assert (out.way, out.contact, out.reference) == ("out", "piket UP3 Menteng", "PLN-2211-77")


def test_a_wrong_place_is_put_right_in_one_step_and_nothing_is_forgotten(
    look: Callable[..., Page], store: Store
) -> None:
    before = read(store, NOISE)
    page = look("agus", NOISE, "Serah terima", 390, 844)
    press(page, "Betulkan lokasi")
    pick(page, "Lokasi sebenarnya", "Rorotan", "Rorotan, Cilincing")
    page.get_by_role("button", name="Simpan lokasi").press("Enter")
    expect(page.get_by_text("Lokasi dibetulkan.")).to_be_visible()
    part(page, "Riwayat")
    expect(page.locator(".line li").first).to_contain_text(f"dari {before.place} menjadi Rorotan, Cilincing")
    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth <= node.clientWidth")
    after = read(store, NOISE)
    assert (after.place, after.status, after.holder) == ("Rorotan, Cilincing", before.status, before.holder)


def test_after_the_second_return_only_the_duty_lead_sends_it_on(look: Callable[..., Page], store: Store) -> None:
    desk, agus = desk_of(store), person(store, "agus")
    for body in ("AG06", "AG05"):
        desk.move(HOLE, Status.DISPOSITION, agus, version=read(store, HOLE).version, agency=body)
        if body == "AG06":
            desk.move(HOLE, Status.COORDINATION, agus, version=read(store, HOLE).version, note="bukan wewenang: tol")
    page = look("agus", HOLE, "Serah terima")
    press(page, "Bukan wewenang")
    page.get_by_label("Mengapa bukan wewenang").fill("tiang milik swasta")
    press(page, "Kembalikan isu")
    expect(
        page.get_by_text("Sudah 2 kali dikembalikan; tujuan berikutnya ditetapkan koordinator piket")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Serahkan", exact=True)).to_have_count(0)
    lead = look("admin", HOLE, "Serah terima")
    press(lead, "Serahkan")
    expect(lead.get_by_role("button", name="Serahkan isu")).to_be_visible()


def test_a_photo_used_before_is_examined_by_a_verifier_before_anything_is_closed(
    look: Callable[..., Page], store: Store
) -> None:
    sari = look("sari", PARK, "Bukti")
    prove(sari, "bangku baru di taman", picture(1200, 92))
    budi = look("budi", TRUCK, "Bukti")
    prove(budi, "truk lewat malam", picture(480, 60))
    expect(budi.get_by_text("Foto ini sangat mirip dengan bukti")).to_be_visible()
    expect(budi.get_by_text("1 bukti diperiksa")).to_be_visible()
    expect(budi.get_by_role("button", name="Periksa", exact=True)).to_have_count(0)
    vera = look("vera", TRUCK, "Bukti")
    press(vera, "Periksa")
    vera.get_by_label("Apa yang ditemukan").fill("foto lama; diminta yang baru")
    press(vera, "Simpan pemeriksaan")
    expect(vera.get_by_text("Vera Lestari: foto lama; diminta yang baru")).to_be_visible()
    with store.read() as db:
        (item,) = evidence.of_issue(db, TRUCK)
    assert (item.open_doubt, item.cleared_by) == (False, "vera")


def test_a_dispute_of_the_public_opens_a_closed_issue_again_with_its_reason(
    look: Callable[..., Page], store: Store
) -> None:
    with store.write() as db:
        ((link, reading),) = issues.members(db, TREE, limit=1)
        reason = "keluhan pohon & taman di Pasar Minggu sesudah ditutup: “masih ditebang”"
        disputes.add(db, Dispute(issue=TREE, post=link.post, at=NOW - timedelta(minutes=9), reason=reason))
    page = look("rina", TREE, "Bukti")
    expect(page.get_by_text("perlu diputuskan")).to_be_visible()
    expect(page.get_by_text(f"“{reading.post.text}”")).to_be_visible()
    press(page, "Buka kembali")
    expect(page.get_by_text("Isu dibuka kembali.")).to_be_visible()
    expect(page.get_by_text("Selesai masih memerlukan: bukti")).to_be_visible()
    part(page, "Riwayat")
    expect(page.locator(".line li").first).to_contain_text("menerima bantahan warga")
    again = read(store, TREE)
    assert (again.status, again.reopened, again.priority.value) == (Status.WAITING, 1, "P2")
