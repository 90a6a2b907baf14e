"""A post that praises one body and blames another says so of each; one that means all alike is not torn apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from nlp.score import Scorer
from tanggap.city import load_city
from tanggap.records import Post, Score
from tanggap.settings import packaged_config

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
CITY = load_city(packaged_config())
#: Share of the parts that must get the right label; the label of the whole post is right for 0.44 of them.
LEAST_RIGHT = 0.7

#: Sixty texts written for this test: of several bodies or places, then of which nothing different is said.
BODIES = [
    ("PLN cepat tanggap tapi Dinas SDA lambat banget", {"PLN": "positive", "Dinas SDA": "negative"}),
    (
        "Dishub gerak cepat benerin lampu merah, sedangkan Bina Marga udah sebulan jalan bolong dibiarin",
        {"Dishub": "positive", "Bina Marga": "negative"},
    ),
    ("Makasih Dinkes yang ramah, tapi BPJS ribet banget urusannya", {"Dinkes": "positive", "BPJS": "negative"}),
    ("Transjakarta makin nyaman, giliran KRL desek-desekan terus", {"Transjakarta": "positive", "KCI": "negative"}),
    ("mrt bersih dan tepat waktu, beda sama krl yang gangguan mulu", {"MRTJ": "positive", "KCI": "negative"}),
    (
        "PAM mati tiga hari ga ada kabar. PLN mah begitu lapor langsung dateng, mantap",
        {"PAM Jaya": "negative", "PLN": "positive"},
    ),
    ("Satpol PP lambat, damkar yang malah sigap bantu warga", {"Satpol PP": "negative", "Gulkarmat": "positive"}),
    (
        "Dukcapil cepat sekali jadi ktp saya, terima kasih. Tapi Dinsos tidak pernah jawab laporan saya",
        {"Dukcapil": "positive", "Dinsos": "negative"},
    ),
    ("DLH rajin angkut sampah namun Dinas SDA membiarkan got mampet", {"DLH": "positive", "Dinas SDA": "negative"}),
    (
        "jadwal Transjakarta tetap normal, tapi KRL gangguan parah di manggarai",
        {"Transjakarta": "neutral", "KCI": "negative"},
    ),
    (
        "lapor ke jaki dijawab cepat, DLH juga langsung datang. Kalau Dishub cuma janji doang",
        {"DLH": "positive", "Dishub": "negative"},
    ),
    (
        "Terima kasih PLN listrik sudah nyala lagi, tapi PAM masih mati dari kemarin",
        {"PLN": "positive", "PAM Jaya": "negative"},
    ),
    ("Disdik lelet ngurus kjp, untung Dinsos bantu dengan baik", {"Disdik": "negative", "Dinsos": "positive"}),
    (
        "apresiasi buat damkar yang sigap, sementara polisi dan Dishub nggak ada yang atur jalan, macet parah",
        {"Gulkarmat": "positive", "Dishub": "negative"},
    ),
    (
        "BPJS pelayanannya bagus sekarang, tapi Dinkes kurang sosialisasi dan puskesmas antre parah",
        {"BPJS": "positive", "Dinkes": "negative"},
    ),
    (
        "Jasa Marga parah tol macet terus, Bina Marga malah bagus kerjanya jalan mulus",
        {"Jasa Marga": "negative", "Bina Marga": "positive"},
    ),
    (
        "naik LRT enak sepi dan dingin, tapi JakLingko sopirnya ugal-ugalan",
        {"LRTJ": "positive", "JakLingko": "negative"},
    ),
    (
        "PLN mati lampu lagi kesel banget! Tapi salut sama Gulkarmat gercep padamkan api",
        {"PLN": "negative", "Gulkarmat": "positive"},
    ),
    (
        "pertamanan sudah pangkas pohon, makasih. tapi pln belum rapikan kabel yang menjuntai, bahaya",
        {"Distamhut": "positive", "PLN": "negative"},
    ),
    (
        "Bapenda pelayanannya cepat dan ramah, Dukcapil antrenya berjam-jam dan petugas judes",
        {"Bapenda": "positive", "Dukcapil": "negative"},
    ),
    (
        "Dishub tilang parkir liar mantap, tapi Satpol PP biarin pkl nutup trotoar",
        {"Dishub": "positive", "Satpol PP": "negative"},
    ),
    (
        "Pemprov DKI bagus programnya, sayangnya Dinsos ngawur datanya",
        {"Pemprov DKI": "positive", "Dinsos": "negative"},
    ),
    (
        "BMKG sudah memberi peringatan hujan lebat, tapi BPBD telat evakuasi warga",
        {"BMKG": "neutral", "BPBD": "negative"},
    ),
    (
        "Petugas Dinas SDA hebat, banjir cepat surut. PLN malah belum nyalain listrik dari semalam",
        {"Dinas SDA": "positive", "PLN": "negative"},
    ),
    (
        "dlh bau sampah numpuk seminggu ga diangkut, kalau bina marga sih jempol, aspal langsung mulus",
        {"DLH": "negative", "Bina Marga": "positive"},
    ),
    ("KAI keren keretanya bersih, tapi KCI jadwalnya kacau", {"KAI": "positive", "KCI": "negative"}),
    (
        "Dinas Kesehatan sudah fogging, terima kasih. Dinas LH belum juga angkut sampahnya, bau",
        {"Dinkes": "positive", "DLH": "negative"},
    ),
    (
        "Pak pdam airnya keruh, tolong contoh pln yang responnya cepat dan bagus",
        {"PAM Jaya": "negative", "PLN": "positive"},
    ),
    (
        "Transjakarta telat 40 menit parah, MRT sih selalu tepat waktu keren",
        {"Transjakarta": "negative", "MRTJ": "positive"},
    ),
    (
        "BPN lama banget sertifikat ga jadi-jadi, Dukcapil mah sehari jadi mantap",
        {"BPN": "negative", "Dukcapil": "positive"},
    ),
]
PLACES = [
    (
        "Trotoar di Menteng bagus dan lebar, tapi di Tambora hancur semua",
        {"Menteng": "positive", "Tambora": "negative"},
    ),
    (
        "banjir di Cipinang parah, di Tebet sudah surut berkat pompa, makasih",
        {"Cipinang": "negative", "Tebet": "positive"},
    ),
    (
        "Puskesmas Gambir ramah dan cepat, sedangkan Puskesmas Senen judes banget",
        {"Gambir": "positive", "Senen": "negative"},
    ),
    (
        "lampu jalan di Cakung mati semua gelap. Di Matraman sudah terang, terima kasih",
        {"Cakung": "negative", "Matraman": "positive"},
    ),
    ("Taman di Menteng keren bersih, di Koja kotor bau pesing", {"Menteng": "positive", "Koja": "negative"}),
    (
        "jalan di Kemang mulus enak, tapi Cilandak rusak parah bolong-bolong",
        {"Kemang": "positive", "Cilandak": "negative"},
    ),
    (
        "kelurahan Tomang cepat pelayanannya mantap, kelurahan Grogol lambat bikin emosi",
        {"Tomang": "positive", "Grogol": "negative"},
    ),
    (
        "sampah di Penjaringan menumpuk bau, kalau Pluit bersih banget salut",
        {"Penjaringan": "negative", "Pluit": "positive"},
    ),
    (
        "macet parah di Cawang, sedangkan Kuningan lancar jaya mantap dishub",
        {"Cawang": "negative", "Kuningan": "positive"},
    ),
    (
        "air di Cengkareng keruh terus, di Kalideres sudah bening makasih pam",
        {"Cengkareng": "negative", "Kalideres": "positive"},
    ),
    (
        "di Kebayoran Baru taman bermainnya bagus banget, di Pasar Rebo rusak tidak diurus",
        {"Kebayoran Baru": "positive", "Pasar Rebo": "negative"},
    ),
    ("halte Cikini nyaman dan bersih, halte Manggarai sumpek kotor", {"Cikini": "positive", "Manggarai": "negative"}),
]
ALIKE = [
    "PLN dan PAM sama-sama lambat",
    "Dishub, Satpol PP dan Bina Marga tolong tertibkan parkir liar di sini",
    "listrik mati lagi tolong PLN",
    "Terima kasih damkar dan BPBD atas bantuannya",
    "jalan rusak di Tebet dan Menteng",
    "naik mrt lanjut tj ke blok m",
    "DLH dan Dinas SDA kerja bakti di kali",
    "Makasih Dinkes, puskesmasnya ramah",
    "Dishub udah dilapori tapi tidak ada respon",
    "Transjakarta telat terus, kapan berubah",
    "Banjir di Cipinang tapi belum ada bantuan",
    "BPJS ditolak, capek banget ngurusnya",
    "dari Tebet ke Cawang macet total",
    "PLN, PAM, dan Dishub lambat semua",
    "mohon PLN dan Dishub benahi kabel",
    "Dinsos sudah datang, terima kasih",
    "Kapan Bina Marga perbaiki jalan ini?",
    "Dinas SDA keren, banjir surut",
]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load(CITY)


def scored(scorer: Scorer, *texts: str) -> list[Score]:
    posts = [
        Post(source="s", native_id=str(number), text=text, published_at=NOON, collected_at=NOON)
        for number, text in enumerate(texts)
    ]
    return scorer.score(posts)


def named(score: Score) -> dict[str, str]:
    """What a score says of each, bodies by their short names."""
    return {CITY.agencies[key].short if key in CITY.agencies else key: mood for key, mood in score.toward.items()}


def right(told: Mapping[str, str], wanted: Mapping[str, str]) -> int:
    """How many labels fit; a place may have a longer name than the text gives it."""
    return sum(any(name in key and mood == label for key, mood in told.items()) for name, label in wanted.items())


@pytest.mark.parametrize("texts", [BODIES, PLACES], ids=["bodies", "places"])
def test_each_body_or_place_gets_what_is_said_of_it(scorer: Scorer, texts: list[tuple[str, dict[str, str]]]) -> None:
    scores = scored(scorer, *(text for text, _ in texts))
    hits = sum(right(named(score), wanted) for score, (_, wanted) in zip(scores, texts, strict=True))
    assert hits >= LEAST_RIGHT * sum(len(wanted) for _, wanted in texts)


def test_a_post_that_says_one_thing_of_all_is_not_torn_apart(scorer: Scorer) -> None:
    assert [score.toward for score in scored(scorer, *ALIKE)] == [{}] * len(ALIKE)


def test_praise_for_one_and_blame_for_another_stand_side_by_side(scorer: Scorer) -> None:
    (score,) = scored(scorer, "PLN cepat tanggap tapi Dinas SDA lambat banget")
    assert named(score) == {"PLN": "positive", "Dinas SDA": "negative"}
