"""Training on a small written corpus: filters, floors, determinism and the card."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date
from pathlib import Path

import pytest

from nlp.data import allowed, copy_families, normalised, read_rows
from nlp.linear import LinearModel
from nlp.train import train
from tanggap.city import City
from tanggap.errors import ModelError, PayloadError, UsageError

TODAY = date(2026, 11, 22)
NAMES = "melati mawar kenanga anggrek dahlia cempaka flamboyan tanjung kamboja teratai".split()
COMPLAINTS = [
    "jalan di gang {} rusak parah tolong segera diperbaiki pak",
    "sampah di rw {} menumpuk seminggu tidak diangkut, bau sekali",
    "lampu jalan {} mati total sudah tiga hari, gelap dan rawan",
    "air pam di blok {} keruh dan sering mati, kecewa",
]
CALM = [
    "jadwal puskesmas {} buka jam delapan sampai jam dua siang",
    "terima kasih petugas kelurahan {} yang ramah dan cepat",
    "info pendaftaran sekolah di kecamatan {} dibuka bulan depan",
    "senja di taman {} indah sekali, sore yang tenang",
]


def rows(count: int, seed: int = 1) -> list[dict[str, object]]:
    draw, made = random.Random(seed), []
    for number in range(count):
        complaint = number % 2 == 0
        words = draw.choice(COMPLAINTS if complaint else CALM).format(" ".join(draw.sample(NAMES, 3)))
        made.append({"id": f"r{number}", "text": f"{words} {draw.randrange(1000)}", "complaint": complaint})
    return made


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text("[complaint]\nmacro_f1 = 0.6\n", encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "data" / "posts.jsonl", rows(160))


def test_a_trained_model_is_installed_with_its_card(tmp_path: Path, city: City, data: Path, floors: Path) -> None:
    card = train("complaint", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
    model = LinearModel.load(tmp_path / "models", "complaint")
    assert model.card == card
    assert card["version"] == "2026.11.1"
    assert card["cross_validation"]["macro_f1"] > 0.9
    assert card["data"][0]["rows"] == 160


def test_the_same_files_and_seed_give_the_same_bytes(tmp_path: Path, city: City, data: Path, floors: Path) -> None:
    cards = [train("complaint", [data], city, tmp_path / name, made_on=TODAY, floors=floors) for name in ("one", "two")]
    assert cards[0] == cards[1]


def test_a_later_model_of_the_month_gets_the_next_version(tmp_path: Path, city: City, data: Path, floors: Path) -> None:
    for expected in ("2026.11.1", "2026.11.2"):
        card = train("complaint", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
        assert card["version"] == expected


def test_a_model_under_its_floor_is_not_installed(tmp_path: Path, city: City, data: Path) -> None:
    floors = tmp_path / "high.toml"
    floors.write_text("[complaint]\nmacro_f1 = 1.01\n", encoding="utf-8")
    with pytest.raises(ModelError, match="its floor"):
        train("complaint", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
    assert not (tmp_path / "models").exists()


def test_held_out_texts_and_their_near_copies_are_never_trained_on(
    tmp_path: Path, city: City, data: Path, floors: Path
) -> None:
    lines = rows(160)
    gold, listed = lines[0], lines[1]
    write(tmp_path / "gold" / "dev_posts.jsonl", [{**gold, "text": f"{gold['text']} mohon dibantu ya"}])
    fingerprint = hashlib.sha1(normalised(str(listed["text"])).encode(), usedforsecurity=False).hexdigest()
    (tmp_path / "gold" / "never_train_on.sha1").write_text(fingerprint + "\n", encoding="utf-8")
    card = train("complaint", [data], city, tmp_path / "models", made_on=TODAY, floors=floors)
    assert card["data"][0]["rows"] <= 158


def test_too_few_rows_are_refused(tmp_path: Path, city: City) -> None:
    data = write(tmp_path / "data" / "few.jsonl", rows(10))
    with pytest.raises(UsageError, match="too few"):
        train("complaint", [data], city, tmp_path / "models", made_on=TODAY)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id": "a", "text": "banjir"}\n{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(PayloadError, match="line 2"):
        read_rows(path)


def test_smsa_and_nusax_files_are_read_as_they_are(tmp_path: Path) -> None:
    smsa, nusax = tmp_path / "smsa_train.tsv", tmp_path / "nusax_ind.csv"
    smsa.write_text("warung ini enak\tpositive\n", encoding="utf-8")
    nusax.write_text('id,text,label\n3,"mahal, lambat",negative\n', encoding="utf-8")
    assert [(row.text, row.origin, row.labels["sentiment"]) for row in read_rows(smsa) + read_rows(nusax)] == [
        ("warung ini enak", "smsa", "positive"),
        ("mahal, lambat", "nusax", "negative"),
    ]


def test_near_copies_form_one_family() -> None:
    text = "lampu jalan di depan pasar mati sejak senin malam tolong diperbaiki"
    families = copy_families([text, f"RT {text} makasih", "jalan berlubang di depan sekolah negeri tiga"])
    assert families[0] == families[1] != families[2]


def test_a_family_is_numbered_by_its_first_text_in_whatever_order_copies_are_found() -> None:
    words = [f"kata{number}" for number in range(70)]
    chain = [" ".join(words[at : at + 30]) for at in (40, 20, 0, 30, 10)]
    assert copy_families(["jalan berlubang di depan sekolah negeri tiga", *chain]) == [0, 1, 1, 1, 1, 1]


def test_a_text_that_shares_only_a_greeting_with_gold_stays(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rows.jsonl",
        [
            {"id": "1", "text": "selamat pagi pak gubernur saya mau lapor got di rt kami mampet sejak minggu lalu"},
            {"id": "2", "text": "selamat pagi pak gubernur saya mau tanya syarat pindah domisili ke jakarta timur"},
        ],
    )
    one, two = read_rows(path)
    assert allowed([one], frozenset(), [two]) == [one]
