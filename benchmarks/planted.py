"""Made texts with and without identifiers of persons, each with its true mask: all written for this project."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from tanggap.identifiers import PROVINCES, luhn
from tanggap.lookalikes import VALUES

#: How each digit is spelled.
SPELLED = {value: word for word, value in VALUES.items() if word != "kosong"}
STREETS = "Melati|Kenanga Raya|Cempaka Putih Tengah|Kebon Jeruk 3|H. Naman|Bangka II|Anggrek Timur|Pulo Asem".split("|")
NAMES = "budi.santoso|siti_rahma|joko88|dewi.lestari|agus.s|ratna-ayu|pak.rt05|kelvin_jkt".split("|")
BANKS = "BCA|BRI|Mandiri|BNI|rek BSI|norek|rekening BTN|no rek CIMB|transfer ke Danamon".split("|")
REGIONS = "B B B B B D F L N H AB AD BE DK KT".split()


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and what masking must make of it; `kind` is "" where nothing identifies anybody."""

    text: str
    masked: str
    kind: str = ""


def number(dice: random.Random, count: int, first: str = "123456789") -> str:
    """So many digits, none of the leading ones outside `first`."""
    return dice.choice(first) + "".join(dice.choices("0123456789", k=count - 1))


def cut(digits: str, sign: str, *sizes: int) -> str:
    """Digits in groups of these sizes, the last group taking the rest."""
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return sign.join([*parts, digits[at:]])


def nik(dice: random.Random) -> tuple[str, str, str]:
    """A NIK or KK number: area, day of birth, serial number."""
    day = dice.randint(1, 31) + dice.choice([0, 40])
    area = f"{dice.choice(sorted(PROVINCES))}{dice.randint(1, 79):02}{dice.randint(1, 40):02}"
    digits = f"{area}{day:02}{dice.randint(1, 12):02}{dice.randint(0, 99):02}{dice.randint(1, 9999):04}"
    lead = dice.choice(["NIK ", "NIK: ", "no KTP saya ", "KK ", "nomor kartu keluarga ", "ktp ", "", ""])
    return lead, cut(digits, dice.choice(["", "", "", " ", "-", "."]), *dice.choice([(6, 6), (4, 4, 4)])), "[NIK]"


def phone(dice: random.Random) -> tuple[str, str, str]:
    """A mobile or fixed line number in the spellings people use."""
    rest = f"8{dice.choice('125789')}{number(dice, dice.randint(8, 10), '0123456789')}"
    sign = dice.choice(["", "", " ", "-", ".", " - "])
    grouped = cut(rest, sign, 3, dice.choice([3, 4]))
    lead = dice.choice(["WA ", "hub ", "hp ", "nomor saya ", "wa: ", "", "", "telp "])
    written = dice.choice(
        [
            *(f"{start}{grouped}" for start in ("0", "0", "+62 ", "62", "(+62)", f"+62{sign}")),
            " ".join(SPELLED[digit] for digit in f"0{rest}"),
            " ".join(f"0{rest}"),
            f"(021) {cut(number(dice, 8, '345678'), sign, 4)}",
            f"o{rest}",
        ]
    )
    if dice.random() < 0.1:
        return dice.choice(["https://wa.me/", "wa.me/", "api.whatsapp.com/send/"]), f"62{rest}", "[telepon]"
    return lead, written, "[telepon]"


def email(dice: random.Random) -> tuple[str, str, str]:
    """An e-mail address, plain or spelled out of the way of robots."""
    name, host = (
        dice.choice(NAMES) + str(dice.randint(1, 99)),
        dice.choice(["gmail", "yahoo", "outlook", "kantor-kami"]),
    )
    end = dice.choice(["com", "co.id", "id"])
    written = dice.choice(
        [
            *[f"{name}@{host}.{end}"] * 3,
            f"{name} @ {host}.{end}",
            f"{name} (at) {host} titik {end.replace('.', ' titik ')}",
            f"{name}[at]{host}[dot]{end.replace('.', '[dot]')}",
            f"{name} at {host} dot com",
            f"{name}(at){host}.{end}",
        ]
    )
    return dice.choice(["email ", "surel: ", "kirim ke ", ""]), written, "[surel]"


def plate(dice: random.Random) -> tuple[str, str, str]:
    """A number plate; small letters only beside a word of vehicles."""
    sign = dice.choice([" ", " ", "", "-"])
    letters = "".join(dice.choices("ABCDEFGHJKLPQRSTUVXYZ", k=3))
    written = sign.join([dice.choice(REGIONS), number(dice, 4, "12345678"), letters])
    if written[-7:-3].startswith(("19", "20")) or dice.random() < 0.5:
        lead = dice.choice(["nopol ", "plat ", "mobil plat ", "motor ", "plat nomor ", "angkot nopol ", "taksi "])
        return lead, written.lower() if dice.random() < 0.3 else written, "[plat]"
    return "", written, "[plat]"


def account(dice: random.Random) -> tuple[str, str, str]:
    """A bank account or e-wallet number beside its bank."""
    digits = number(dice, dice.choice([10, 10, 13, 15]))
    sign = dice.choice(["", "", " ", "-"])
    return f"{dice.choice(BANKS)} ", cut(digits, sign, *dice.choice([(3, 3), (4, 3), (4, 4)])), "[rekening]"


def card(dice: random.Random) -> tuple[str, str, str]:
    """A card number whose check digit fits."""
    start = dice.choice("45") + number(dice, 14, "0123456789")
    digits = next(start + last for last in "0123456789" if luhn(start + last))
    return dice.choice(["kartu ", "no kartu kredit ", ""]), cut(digits, dice.choice([" ", "-", ""]), 4, 4, 4), "[kartu]"


def npwp(dice: random.Random) -> tuple[str, str, str]:
    """A tax number of 15 digits in its official form, or of 15 or 16 plain ones beside its name."""
    digits = number(dice, 15, "0123456789")
    dotted = f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}.{digits[8]}-{digits[9:12]}.{digits[12:]}"
    plain = digits if dice.random() < 0.5 else f"0{digits}"
    return dice.choice([("", dotted, "[NPWP]"), ("NPWP ", dotted, "[NPWP]"), ("npwp: ", plain, "[NPWP]")])


def house(dice: random.Random) -> tuple[str, str, str]:
    """A house number behind its street, block or RT."""
    plain = f"{dice.randint(1, 180)}{dice.choice(['', '', '', 'A', 'b', '/12'])}"
    street = f"{dice.choice(['Jl. ', 'Jalan ', 'jl ', 'Gg. ', 'gang '])}{dice.choice(STREETS)}"
    rt = f"RT 0{dice.randint(1, 9)} RW 0{dice.randint(1, 9)}"
    block = f"{dice.choice('ABCDEFGH')}{dice.randint(1, 12)}"
    return dice.choice(
        [
            (f"{street} {dice.choice(['No. ', 'no ', 'nomor ', 'No.'])}", plain, "[rumah]"),
            (f"{street} {dice.choice(['No. ', 'no ', 'nomor ', 'No.'])}", plain, "[rumah]"),
            (f"{street} {rt} {dice.choice(['No. ', 'no ', 'nomor '])}", plain, "[rumah]"),
            (f"rumah {dice.choice(['no ', 'nomor ', 'No. '])}", plain, "[rumah]"),
            ("blok ", f"{block} {dice.choice(['No. ', 'no '])}{dice.randint(1, 60)}", "[rumah]"),
            ("Blok ", f"{block}/{dice.randint(1, 60)}", "[rumah]"),
        ]
    )


KINDS: Mapping[str, Callable[[random.Random], tuple[str, str, str]]] = {
    "NIK and KK": nik,
    "phone": phone,
    "e-mail": email,
    "number plate": plate,
    "bank account": account,
    "bank card": card,
    "NPWP": npwp,
    "house number": house,
}

#: What stands around an identifier; neither side may add meaning to digits.
AROUND = (
    ("tolong dicek pak ", ""),
    ("min sudah seminggu air mati, ", " ya makasih"),
    ("Lampu jalan mati sejak Senin (", ") mohon ditindaklanjuti"),
    ("", ", sampah belum diangkut"),
    ("laporan warga:\n", "\ntolong segera"),
    ("@DKIJakarta ", " trims"),
    ("got mampet tiap hujan. ", ". Terima kasih"),
)

#: Texts with numbers that identify nobody; {n} a small number, {m} up to 99, {y} a year, {h} hundreds, {k} thousands,
#: {d} a day, {b} a month, {l} a capital letter, {c} a calling short code, {i} a long number of a machine.
INNOCENT = re.split(r"[|\n]", """\
harga beras Rp{m}.{h} per kg di pasar {l}|bayar Rp {m}.{h}.000 sudah lunas|retribusi Rp{m}.{h}.{h}.000 tahun {y}
kena pungli {m}rb, minta {h} ribu|tarif {k}/bulan naik jadi {k}|anggaran Rp{m},{n} triliun untuk {y}
biaya Rp {h}.{h},00|tanggal {d}-{b}-{y} pukul {d}.{m} WIB|{d}/{b}/{y} {d}:{m} air mati
sejak {d} {b} {y} belum ada tindakan|tgl {d}.{b}.{y}|RT {n} RW {m} kelurahan kami banjir|RT.00{n}/RW.0{m} gelap
rt{n}/rw{m} butuh truk sampah|warga RW {m} dan RT 0{n} protes|bus {n}{l} lama sekali
Transjakarta {n}{l} penuh, koridor {m}|JAK {m} ngetem|JAK.{m} tidak lewat|rute {l} {m} P dialihkan
tinggi air {h} cm di pintu {l}|banjir {m}-{h} cm, TMA {h} cm siaga {n}|curah hujan {m} mm dan {h} mm per hari
tiket JK{y}{m}{i}|nomor laporan {i} belum dijawab|laporan #{i} status proses|kode tiket CRM-{y}-{m}{h}
no. antrean {l}{m}|#banjir{y} #jakarta{m}|#pasarrebo{n} macet|skor {n}-{n}, penonton {k} orang|hasil {m}:{m} babak {n}
peringkat {n} dari {m}|hubungi {c} kalau ada kebakaran|lapor ke {c} atau JAKI|call center {c} tidak diangkat
sudah telepon {c} tapi sibuk terus|Perda No. {n} Tahun {y}|Pergub nomor {m} tahun {y} pasal {n}|UU No {m}/{y}
SK No. {h}/{y} tentang tarif|pasal {n} ayat ({n})|SDN 0{n} Pagi dan SMPN {h}|SMAN {m} Jakarta, kelas {n}{l}
halte {m}, gate {n}{l}, pintu {n}|peron {n} jalur {m} pukul 0{n}.{m}|pohon tumbang di KM {m}+{h}|tol KM {m} arah {l}
Jl. Raya Bogor KM {m}|jalan nomor 1 paling macet di {l}|Terminal {n}{l}|{k} warga, {h} rumah, {m} posko
data {y}-{y}: {k} kasus DBD|vaksin {k} dosis dari {k}|listrik {h} watt, {h} kVA, {m} kWh|koordinat -6.{i}, 106.{i}
lokasi -6.2{m}{h},106.8{m}{h}|https://contoh.id/berita/d-{i}/banjir-{y}|x.com/a/status/19{i}
jam {n}.00-{m}.00 dan 1{n}.30-1{n}.45|{d}:{m}-{d}:{m}:{m} rekaman CCTV {h}|pukul 0{n}:{m}, suhu {m},{n} derajat
B {m} orang, D {n} km|B {n} P lewat sini|blok {l} pasar Tanah Abang lantai {n}|lantai {m} tower {l}
Blok M dan Blok S ramai|no {n} di Jakarta soal polusi|warga nomor {n} yang antre|rumah {n} lantai roboh
{m} rumah di gang {l} kebakaran|ISPU {h}, PM2.5 {m},{n}|BPJS kelas {n} antre {m} orang|obat {h} mg {n}x sehari
iuran BPJS Rp{m}.{h}|kuota {k} KJP tahap {n}|tiga ratus lima puluh {n} warga|satu dua tiga hari lampu mati
nol besar layanan RW {m}|delapan puluh {n} rumah|dua kali {n} hari|mobil damkar {m} unit, {h} personel
truk sampah {n} ton|motor {m} unit diderek|mobil {y} parkir sembarangan|taksi {n} menit
meteran {m},{n} m3, tagihan Rp{h}.{h}|kabel {n} x {m} mm|pipa {m} inci|lebar jalan {n},{m} m
dana Rp {h} juta dari BRI {y}""")  # fmt: skip
CODES = ["112", "110", "113", "119", "118", "129", "123", "1708", "14022", "1500-046", "1500102", "021-1500046", "121"]
MONTHS = "1 02 3 04 05 6 07 8 09 10 11 12".split()


def innocent(dice: random.Random) -> str:
    """A text without identifiers."""
    return dice.choice(INNOCENT).format(
        n=dice.randint(1, 9),
        m=dice.randint(10, 59),
        y=dice.randint(1998, 2026),
        h=dice.randint(100, 999),
        k=dice.choice([f"{dice.randint(1, 99)}.{dice.randint(100, 999)}", f"{dice.randint(1000, 99999)}"]),
        d=dice.randint(1, 23),
        b=dice.choice(MONTHS),
        l=dice.choice("ABCDEFGHKLMPST"),
        c=dice.choice(CODES),
        i=number(dice, dice.randint(6, 9)),
    )


def planted(dice: random.Random, kind: str) -> Sample:
    """A text with one identifier; sometimes with innocent numbers beside it, set off by a line."""
    before, after = dice.choice(AROUND)
    beside = f"\n{'.' * 3}\n{innocent(dice)}" if dice.random() < 0.2 else ""
    lead, secret, label = KINDS[kind](dice)
    return Sample(f"{before}{lead}{secret}{after}{beside}", f"{before}{lead}{label}{after}{beside}", kind)


def harmless(dice: random.Random) -> Sample:
    """A text nothing of which may be masked."""
    before, after = dice.choice(AROUND)
    text = f"{before}{innocent(dice)}{after}"
    return Sample(text, text)


def samples(positives: int, negatives: int, seed: int = 20261122) -> Iterator[Sample]:
    """So many texts with an identifier, kinds in turn, and so many without; the same for the same seed."""
    dice = random.Random(seed)
    kinds = list(KINDS)
    yield from (planted(dice, kinds[at % len(kinds)]) for at in range(positives))
    yield from islice(iter(lambda: harmless(dice), None), negatives)
