from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.records import PostKind
from tanggap.signals.rumours import Ear, Told, listen

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

HEARSAY = (
    "katanya air PAM di Cengkareng beracun, jangan diminum dulu ya",
    "dapat info dari grup RT, pintu air Manggarai jebol, siap siap",
    "Kabarnya RSUD Koja mau ditutup mulai Senin, ada yang tahu?",
    "dengar-dengar KJP bulan ini dihapus, temen-temen sudah pada panik",
    "Fwd: WASPADA penculik anak berkeliaran di Tebet, sebarkan ke semua grup",
    "info A1 nih, rusun Marunda bakal digusur bulan depan",
    "pesan berantai di grup warga bilang tanggul Pluit retak",
    "kata tetangga ada 12 orang meninggal di kebakaran Tambora",
    "apa benar 20 orang tewas di banjir kampung melayu? ada info begitu di grup sebelah",
    "beredar kabar kantor kelurahan dijual, bener gak sih",
    "denger2 TransJakarta gratis cuma sampai Jumat",
    "copas dari grup wa: malam ini listrik se-Jakarta Barat dipadamkan",
    "konon taman itu mau dijadikan mal",
    "Tolong viralkan! air keran mengandung racun, ratusan warga keracunan",
    "infonya jembatan Cawang bakal ditutup total sebulan, hoax gak?",
    "kata orang dalam, bansos tahap dua dihentikan",
    "ada info sekolah diliburkan besok karena gas bocor, beneran gak?",
    "kiriman grup komplek: begal sudah masuk kampung, jangan keluar malam",
    "gosip di pasar, retribusi naik dua kali lipat",
    "rumor: banjir kiriman 2 meter tiba tengah malam, puluhan orang hilang di Bogor",
)
NONE = (
    "katanya sudah diperbaiki, nyatanya lampu jalan masih gelap",
    "air di rumah saya keruh sejak pagi, mohon dicek PAM",
    "kata petugas nyala jam 14, sampai sekarang belum",
    "banjir sepinggang di Kampung Melayu, tolong perahu",
    "saya lihat sendiri tanggulnya retak, ini fotonya",
    "itu hoaks, jangan ikut menyebarkan",
    "jangan percaya kabar air beracun, sudah dibantah PAM",
    "janji gubernur taman ini selesai Oktober, mana?",
    "katanya kota global tapi trotoar begini",
    "dua hari listrik mati di Kalideres, kulkas sudah bau",
    "antre KTP dari subuh, petugas cuma satu",
    "terima kasih damkar, ular sudah ditangkap",
    "jalan Daan Mogot berlubang, motor jatuh tadi pagi",
    "ada yang tahu jam buka kelurahan?",
    "katanya buka jam 8 tapi masih tutup sampai jam 9",
    "saya kehilangan dompet di halte Cawang",
    "warga mengeluh bau sampah dari RDF Rorotan",
    "mohon info jadwal vaksin anak di puskesmas Tebet",
    "KRL telat 40 menit di Manggarai",
    "grup senam ibu-ibu pindah ke taman Puring",
    "katanya mau dengerin suara RT, pas kami datang cuma disuruh isi absen",
    "sudah telpon 112 tiga kali katanya perahu sedang menuju lokasi, dari jam 8",
    "disuruh tunggu sampai sore katanya tetap dilayani, jam 4 loket tutup",
    "CCTV pos RW katanya aktif, motor hilang ternyata rusak dari lebaran",
    "udah magrib masih gelap, timnya mana yang katanya mau ngecek",
)


@pytest.fixture
def ear(city: City) -> Ear:
    return Ear.load(city.language_dir)


@pytest.mark.parametrize("text", HEARSAY)
def test_hearsay_is_heard(ear: Ear, text: str) -> None:
    assert ear.hears(text)


@pytest.mark.parametrize("text", NONE)
def test_complaints_witnesses_denials_and_questions_are_no_hearsay(ear: Ear, text: str) -> None:
    assert ear.hears(text) == ()


def told(number: int, text: str, *, account: str = "", kind: str = "post", official: bool = False) -> Told:
    at = START + timedelta(minutes=10 * number)
    return Told(post=number, at=at, kind=PostKind(kind), text=text, account=account or f"a{number}", official=official)


def poison(count: int = 5) -> list[Told]:
    return [told(number, HEARSAY[0]) for number in range(count)]


def test_a_claim_that_three_accounts_pass_on_is_a_rumour_with_its_first_posts(ear: Ear) -> None:
    found = listen(poison(), ear)
    assert found is not None
    assert (found.posts, found.accounts, found.first, found.since) == (5, 5, (0, 1, 2), START)
    said = found.told
    assert "5 kiriman dari 5 akun sejak 21 Nov 09.00; belum ada berita atau pernyataan resmi" in said


def test_one_account_that_repeats_itself_spreads_nothing(ear: Ear) -> None:
    assert listen([told(n, HEARSAY[0], account="a") for n in range(9)], ear) is None


def test_a_few_hearsayers_in_a_large_issue_make_no_rumour_of_it(ear: Ear) -> None:
    witnesses = [told(100 + n, NONE[3]) for n in range(40)]
    assert listen(poison(4) + witnesses, ear) is None
    assert listen(poison(8) + witnesses, ear) is not None


def test_the_clarification_is_the_first_news_or_official_post_that_clears_it_up(ear: Ear) -> None:
    early = told(7, "PAM Jaya bantah air beracun di Jakarta Barat", kind="news")
    reported = told(6, "Warga Jakarta Barat resah soal air", kind="news")
    crowd = told(5, "itu hoaks")
    found = listen([*poison(), crowd, reported, early, told(8, "Kami pastikan air aman", official=True)], ear)
    assert found is not None
    assert found.said == (6, 7, 8)
    assert (found.clarification, found.clarified_at) == (7, early.at)
    assert "klarifikasi 21 Nov 10.10" in found.told


def test_news_from_before_the_claim_clarifies_nothing(ear: Ear) -> None:
    old = told(-5, "Cek fakta: kabar lama soal air", kind="news")
    found = listen([old, *poison()], ear)
    assert found is not None
    assert found.clarification is None


def test_no_verdict_is_ever_given(ear: Ear) -> None:
    found = listen(poison(), ear)
    assert found is not None
    assert "Belum tentu benar atau salah" in found.told
    assert {"true", "false", "verdict"}.isdisjoint(type(found).__dataclass_fields__)


def test_an_expression_that_cannot_be_read_is_named(city: City) -> None:
    path = city.language_dir / "rumours.toml"
    path.write_text(path.read_text("utf-8").replace('"konon"', '"konon("'), "utf-8")
    with pytest.raises(SettingsError, match=r"rumours\.toml"):
        Ear.load(city.language_dir)
