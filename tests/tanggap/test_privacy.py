"""Identifiers are masked however they are written; prices, dates and service numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masking import tally
from benchmarks.planted import KINDS, samples
from tanggap.privacy import mask, national, pseudonym
from tanggap.settings import load_settings


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIK saya 3171010101900001 ya", "NIK saya [NIK] ya"),
        ("nik 3171-0101-4190-0001", "nik [NIK]"),
        ("3171.0101.0190.0001", "[NIK]"),
        ("3 1 7 1 0 1 0 1 0 1 9 0 0 0 0 1", "[NIK]"),
        ("KTP: 1234 5678 9012 345", "KTP: [NIK]"),
        ("No KK 9999999999999999", "No KK [NIK]"),
        ("hub 081234567890 ya", "hub [telepon] ya"),
        ("WA 0812-3456-7890 2 orang", "WA [telepon] 2 orang"),
        ("+62 812 3456 7890", "[telepon]"),
        ("(+62)812-3456-7890", "[telepon]"),
        ("6281234567890", "[telepon]"),
        ("o812 3456 7890", "[telepon]"),
        ("08l2 3456 789O", "[telepon]"),
        ("08lima7 1234 5678", "[telepon]"),
        ("nol delapan satu dua tiga empat lima enam tujuh delapan sembilan", "[telepon]"),
        ("0 8 1 2 3 4 5 6 7 8 9 0", "[telepon]"),
        ("０８１２３４５６７８９０", "[telepon]"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "[telepon]"),
        ("0\u200b8\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8\u200b9", "[telepon]"),
        ("0812–3456–7890", "[telepon]"),
        ("(021) 3822255", "[telepon]"),
        ("021-6530 3118", "[telepon]"),
        ("(0274) 373444", "[telepon]"),
        ("WA 81234567890", "WA [telepon]"),
        ("+1 202 555 0123", "[telepon]"),
        ("wa.me/6281234567890?text=hai", "wa.me/[telepon]"),
        ("https://x.id/a?token=abc#b ok", "https://x.id/a ok"),
        ("https://budi:rahasia@x.id/a", "https://x.id/a"),
        ("budi.s+x@gmail.com, lain", "[surel], lain"),
        ("bud\u0456@gmail.com", "[surel]"),
        ("budi (at) gmail (dot) com", "[surel]"),
        ("budi [at] yahoo.co.id", "[surel]"),
        ("budi at gmail dot com", "[surel]"),
        ("B 1234 XYZ kabur", "[plat] kabur"),
        ("nopol H5385RH", "nopol [plat]"),
        ("\u0412 1234 X\u0423Z", "[plat]"),
        ("mobil b 1234 xyz", "mobil [plat]"),
        ("plat AA 24 B", "plat [plat]"),
        ("BCA 1234567890 a/n Budi", "BCA [rekening] a/n Budi"),
        ("rek BRI 0123-01-012345-50-1", "rek BRI [rekening]"),
        ("transfer ke 123 456 7890 mandiri", "transfer ke [rekening] mandiri"),
        ("4111 1111 1111 1111", "[kartu]"),
        ("09.254.294.3-407.000", "[NPWP]"),
        ("BPJS 0001234567890", "BPJS [BPJS]"),
        ("paspor A1234567", "paspor [paspor]"),
        ("hp 0812 - 345 - 678901", "hp [telepon]"),
        ("(hp 0812-3456-7890)", "(hp [telepon])"),
        ("(+62 812 3456 7890)", "([telepon])"),
        ("budi @ gmail.com", "[surel]"),
        ("budi (at) gmail titik com", "[surel]"),
        ("kartu 5293-2248-0326-1172", "kartu [kartu]"),
        ("Jl. Kenanga Raya No. 14 gelap", "Jl. Kenanga Raya No. [rumah] gelap"),
        ("jalan siwalankerto gg 3 no 12B, RT 01", "jalan siwalankerto gg 3 no [rumah], RT 01"),
        ("RT 005/RW 012 No. 14", "RT 005/RW 012 No. [rumah]"),
        ("depan rumah no 7/9", "depan rumah no [rumah]"),
        ("Blok C3/12 dan blok F no 4", "Blok [rumah] dan blok [rumah]"),
    ],
)
def test_an_identifier_is_masked_however_it_is_written(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Rp16.000.000",
        "harga Rp 62.812.345.678 untuk BRI",
        "anggaran BRI Rp1.000.000.000.000 dan 10.000.000.000",
        "tahun 2025 2026, RT 05 RW 03",
        "RT 005/RW 012",
        "Perda No. 8 Tahun 2007, Pergub Nomor 903/2016",
        "jalan paling macet no 1 di Jakarta",
        "Jl. Raya Bogor KM 28 dan Jalan Tol no 1 di Indonesia",
        "Blok M, pasar blok A lantai 3",
        "rumah nomor 2 paling parah di RT 05 RW 03",
        "lewat @pengguna.co.id",
        "Bus 6A, JAK 45, koridor 13, TJ 1A, rute B 25 P",
        "hubungi 112, 110, 119, 113 atau 1500-046, 021-1500046",
        "Call center 0800-1-123456",
        "08-12-2025 10.30 WIB",
        "08/12/2025 10:30",
        "pukul 10.30 - 11.45 22 November 2026",
        "D 11 orang, B 2 km",
        "BLOK A 1200 KK",
        "mobil parkir di F-16a",
        "No. tiket JK2211220001",
        "@BPBDJakarta tolong",
        "https://news.example.id/berita/d-7654321/judul",
        "https://x.example/a/status/1991234567890123456",
        "lokasi -6.2088,106.8456123456",
        "jam 07.00-08.00 dan 12.30-13.00, 2024-2025",
        "tiga ratus lima puluh dua warga",
        "benar? iya#banjir",
        "[NIK] [telepon] [plat]",
    ],
)
def test_what_identifies_nobody_stays(text):
    assert mask(text) == text


def test_planted_identifiers_are_found_and_nothing_else_is_taken_for_one():
    """The floors of masking, on a small draw of what `python -m benchmarks.masking` measures."""
    counts = tally(samples(1_600, 3_000, seed=5))
    recall = {kind: counts.recall(kind) for kind in KINDS}
    precision = {kind: counts.precision(kind) for kind in KINDS}
    assert min(recall.values()) >= 0.97, recall
    assert min(precision.values()) >= 0.97, precision
    assert counts.untouched / counts.innocent >= 0.999, counts.wrong[-5:]


def test_numbers_the_office_calls_public_stay_in_any_spelling(config_dir):
    path = config_dir / "tanggap.toml"
    text = path.read_text().replace('["112", "1708", "14022"]', '["0811-1272-206", "021 65303118"]')
    path.write_text(text)
    public = load_settings(config_dir, environ={}).public_numbers
    assert mask("WA +62 811 1272 206 atau (021) 6530-3118", public) == "WA +62 811 1272 206 atau (021) 6530-3118"
    assert mask("WA 0811-1272-207", public) == "WA [telepon]"
    assert national("+62 (21) 6530 3118") == "02165303118"


PIECES = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.text("0123456789 .-+()", max_size=18),
        st.sampled_from(
            ["NIK ", "BCA ", "WA ", "plat ", "npwp ", "Rp", "[NIK]", "@", "http://a?b=", "08", "+62", "lima", "B 1234 "]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_masking_twice_changes_nothing(text):
    masked = mask(text)
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1 ", "0 8 ", "(0", "62", "a", "a@", "a.", "http://", "https://a?b=", "B 1 ", "nol ", "o", "1o", "+",
        "081234567890 ", "BCA 1234567890 ", "(at) ", "a at b dot ", "x\u0301", "٠", "a=b?c=", "\u200b", "[NIK]",
    ],
)  # fmt: skip
def test_hostile_text_is_masked_to_the_end(piece):
    """Runs of what patterns begin with: the shapes that make careless ones take quadratic time."""
    text = (piece * 100_000)[:100_000]
    assert mask(mask(text)) == mask(text)


def test_one_person_keeps_one_name_within_an_installation():
    assert pseudonym("@Budi", b"key") == pseudonym("budi ", b"key")
    assert pseudonym("budi", b"key") != pseudonym("budi", b"other key")
    assert pseudonym("budi", b"key") != pseudonym("sari", b"key")
    name = pseudonym("\ud800", b"")
    assert name[0] == "a"
    assert len(name) == 17
    int(name[1:], 16)


@pytest.mark.parametrize("spelled", ["tıga", "tİga", "ſatu", "TIGA"])
def test_digits_spelled_with_foreign_letters_are_read(spelled: str) -> None:
    assert mask(f"wa 0812345{spelled}6789 ya") == "wa [telepon] ya"
