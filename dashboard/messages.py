"""Indonesian sentences for what the machine noted in English; the note itself stays behind `rincian`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: What each error class means for the people who look after sources.
CLASSES: Final[Mapping[str, str]] = {
    "rate": "Situs meminta jeda; sumber ini dibaca lagi sesudahnya.",
    "cap": "Jatah sudah habis; sumber ini dibaca lagi begitu jatah baru mulai.",
    "auth": "Kunci atau masa berlakunya ditolak; perbarui kunci sumber ini.",
    "empty": "Sumber menjawab, tetapi tidak berisi apa pun.",
    "blocked": "Situs menutup diri bagi pembaca otomatis, atau alamatnya tidak boleh dibaca.",
    "layout": "Bentuk halaman atau jawaban berubah; pembacanya perlu disesuaikan.",
    "drift": "Isi banyak rekaman berubah; lihat karantina.",
    "network": "Situs tidak menjawab; dicoba lagi pada putaran berikutnya.",
    "config": "Pengaturan sumber belum benar; rincian menyebut bagian yang salah.",
}

#: What is told of a note that no pattern knows.
UNKNOWN: Final = "Ada catatan teknis."

#: Notes that are Indonesian already.
OURS: Final = re.compile(
    r"^(pekerja|terlewat|yang sebelumnya|dihentikan|sumber ini|Tidak |Gagal|Menjawab|Kunci ditolak)", re.IGNORECASE
)

#: Patterns of notes and what they mean; the first that is found tells.
PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), told)
    for pattern, told in (
        (r"budget of the day is spent; it is renewed at ([\d.]+) WIB", r"Jatah hari ini habis; pulih pukul \1 WIB."),
        (r"rest of the day's budget stays", "Sisa jatah hari ini terlalu kecil untuk satu permintaan; lanjut besok."),
        (r"paid volume of X is used up", "Volume berbayar X habis; naikkan batasnya atau tunggu perpanjangan."),
        (r"another compliance job", "X masih mengerjakan pemeriksaan penghapusan lain; dicoba lagi nanti."),
        (r"asks for a pause until ([\d:]+) UTC", r"Jaringan meminta jeda sampai \1 UTC."),
        (r"asks for a pause", "Jaringan meminta jeda; dicoba lagi sesudahnya."),
        (r"X allows government bodies", "Sumber X ini menunggu nomor perjanjian dengan X; isi `agreement`."),
        (r"is not configured: set ([A-Z_]+)", r"Kunci belum dipasang: isi \1."),
        (r"not signed in any more|refuses the keys", "Sesi masuk tidak berlaku lagi; buat sesi baru."),
        (r"members only", "Server ini hanya melayani anggota; pasang token akses."),
        (
            r"protests and persons are out of scope",
            "Pencarian ini menyebut unjuk rasa atau nama orang; di luar cakupan.",
        ),
        (r"does not accept the query", "X tidak menerima pencarian ini; periksa tulisannya."),
        (
            r"none of (\d+) (?:pages|records)",
            r"Tidak satu pun dari \1 halaman atau rekaman terbaca; bentuknya berubah.",
        ),
        (r"(\d+) of (\d+) records could not be read", r"\1 dari \2 rekaman tidak terbaca; bentuknya berubah."),
        (
            r"no list|no object|are no list|without ids|not understood",
            "Bentuk jawaban berubah; pembacanya perlu disesuaikan.",
        ),
        (r"did not answer with JSON|readable XML|broken XML", "Jawaban tidak terbaca: bukan bentuk yang dijanjikan."),
        (r"more than max_page_bytes|unpacks too large", "Jawaban terlalu besar; tidak dibaca."),
        (r"speaks of `([^`]+)`, which the topic guard", r"Memuat kata yang disisihkan: \1."),
        (r"too few for an article|is \w+, not a page", "Halaman itu bukan artikel; tidak disimpan."),
        (r"is not there \(4\d\d\)", "Halaman itu sudah tidak ada."),
        (r"robots\.txt", "robots.txt situs ini melarang, atau tidak dapat dibaca, sehingga situs tidak dibaca."),
        (r"redirects elsewhere", "Alamatnya pindah; tulis alamat yang sekarang."),
        (r"is not asked|leads to", "Alamat ini bukan alamat umum yang boleh dibaca."),
        (r"knows no (?:such )?channel|no public channel", "Kanal ini tidak ada atau tidak terbuka untuk umum."),
        (r"closed to us|is closed", "Situs menutup diri bagi kita."),
        (r"gave no answer|did not come in time|Timeout", "Situs tidak menjawab dalam waktu yang diberikan."),
        (r"cannot be reached|is in trouble|broke off|dropped the line", "Sambungan gagal; dicoba lagi."),
        (r"kept without this part", "Sebagian artikel disimpan tanpa halaman lanjutannya."),
        (r"looked at again, but", "Artikel lama dilihat lagi, tetapi tidak terbaca."),
        (r"no pages; some may be missing", "Jawaban tanpa halaman lanjutan; sebagian laporan mungkin tertinggal."),
        (r"Waits until", "Diminta menunggu; dicoba lagi sesudahnya."),
        (r"There is no source `([^`]+)`", r"Sumber `\1` tidak ada lagi; hapus atau ubah jadwal ini."),
        (r"is no day; write one", "Hari yang diminta tidak terbaca; tulis seperti 2026-11-21."),
        (
            r"damaged|install the model files|train (?:it|the \w+ model) again",
            "Berkas model rusak; pasang lagi berkas model.",
        ),
        (r"^The (?:store|queue)|database is locked", "Penyimpanan tidak menjawab; dicoba lagi."),
        (r"No space left|disk is full", "Ruang penyimpanan penuh."),
        (r"MemoryError", "Kehabisan memori."),
    )
)
TIMES: Final = re.compile(r"^gagal (\d+) kali: (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Note:
    """What people read, and the technical text behind it; "" where there is none."""

    words: str = ""
    more: str = ""

    def cell(self) -> dict[str, str]:
        """As the table component draws it."""
        return {"words": self.words or "–", "more": self.more}


def note(message: str, failure: str | None = None) -> Note:
    """`message` in Indonesian: by its pattern, else by its error class, else only that there is something to read."""
    message = message.strip()
    if not message:
        return Note(CLASSES.get(failure or "", ""))
    if repeated := TIMES.match(message):
        inner = note(repeated[2], failure)
        return Note(f"Gagal {repeated[1]} kali. {inner.words}", inner.more)
    if OURS.match(message):
        return Note(message[0].upper() + message[1:] + ("" if message[-1] in ".!?)" else "."))
    for pattern, told in PATTERNS:
        if found := pattern.search(message):
            return Note(found.expand(told), message)
    return Note(CLASSES.get(failure or "", UNKNOWN), message)
