"""The stemmer agrees with the original and cannot be held up."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from Sastrawi.Stemmer.Stemmer import Stemmer as Sastrawi

from nlp.stem import LONGEST, RootWords, Stemmer, base_words
from tanggap.city import City

TRAINING = Path(__file__).parents[3] / "shared" / "data" / "jakarta" / "train_posts.jsonl"
WORDS = """
memperbaiki perbaikan kebanjiran tergenang genangan berlubang melaporkan pelaporan dilaporkan laporannya pengaduan
mengadukan penanganan ditangani menindaklanjuti tertutup menutup penutupan kemacetan bermacet-macetan sampahnya
persampahan pembuangan membuang dibuangkan jalanan perjalanan menjalani petugasnya bertugas penugasan keterlambatan
terlambat melambat pemadaman dipadamkan penerangan diterangi meneruskan penerusan menyapu penyapuan mengepel
anak-anak bermain-main buah-buahan kupu-kupu lah nyapun beribukota merasakan perasaan dirasakan mencemari pencemaran
kesehatan menyehatkan penyakit dipersulit mempersulit mempertanyakan berkepentingan ketidaknyamanan gerigi telunjuk
mengokannya kurikannya kuakan belajar pelajarnya malaikat-malaikat-nya nikmat-ku meniru-nirukan rt01 ke2nya
""".split()


def hostile(count: int) -> list[str]:
    """Words no dictionary holds, with affixes that make every rule try."""
    chance = random.Random(7)
    letters = "abcdefghijklmnoprstuwy"
    prefixes = ["", *"me mem meng menge mempe di ke ter per pe penge se ber bel ku kau diper keber".split()]
    suffixes = ["", *"i an kan nya lah mu is isasi kanlah annya inya -nya".split()]
    return [
        chance.choice(prefixes) + "".join(chance.choices(letters, k=chance.randint(1, 7))) + chance.choice(suffixes)
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def original() -> Sastrawi:
    """Sastrawi itself; only its dictionary answers faster, which changes no answer."""
    return Sastrawi(RootWords(base_words()))


def test_stems_equal_those_of_the_original(city: City, original: Sastrawi) -> None:
    stemmer = Stemmer.load(city.language_dir)
    roots = random.Random(3).sample(sorted(base_words()), 400)
    built = [
        f"{prefix}{root}{suffix}"
        for root, prefix, suffix in zip(
            roots, ["me", "di", "ber", "pe"] * 100, ["kan", "nya", "", "an"] * 100, strict=True
        )
    ]
    exceptions = {line.split(",")[0] for line in (city.language_dir / "stems.csv").read_text("utf-8").splitlines()}
    for word in (*WORDS, *roots, *built, *hostile(600)):
        if word not in exceptions:
            assert stemmer.stem(word) == original.stem(word), word


@pytest.mark.slow
def test_stems_of_every_word_people_wrote_equal_those_of_the_original(city: City, original: Sastrawi) -> None:
    if not TRAINING.is_file():
        pytest.skip("the posts stand beside the project only where it is developed")
    text = " ".join(json.loads(line)["text"] for line in TRAINING.read_text("utf-8").splitlines())
    words = {word for word in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", text.lower()) if len(word) <= LONGEST}
    words |= set(hostile(20_000))
    exceptions = {line.split(",")[0] for line in (city.language_dir / "stems.csv").read_text("utf-8").splitlines()}
    stemmer = Stemmer.load(city.language_dir)
    assert len(words) > 20_000
    assert [word for word in sorted(words - exceptions) if stemmer.stem(word) != original.stem(word)] == []


def test_an_exception_of_the_table_goes_before_the_rules(config_dir: Path) -> None:
    (config_dir / "language" / "stems.csv").write_text("word,stem\npelayanan,pelayan\n", encoding="utf-8")
    assert Stemmer.load(config_dir / "language").stem("pelayanan") == "pelayan"


def test_a_word_too_long_for_any_language_is_left_alone(city: City) -> None:
    word = "meng" + "a" * LONGEST
    assert Stemmer.load(city.language_dir).stem(word) == word
