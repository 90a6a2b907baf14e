"""Indonesian words that tell nothing of a trouble by themselves, by what they do in a sentence."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from tanggap.errors import SettingsError

#: Begin a new part of a clause; a name may end before one.
LINKS = frozenset(
    "di ke dari dr karena krn sejak hingga sampai sampe yang yg padahal tapi tp dan saat ketika akibat untuk utk buat "
    "dalam walau walaupun meski sehingga agar biar tiap setiap dengan dgn pada lalu kalau kalo namun oleh jadi seperti "
    "lewat soal sambil pas setelah sesudah sebelum hampir selama".split()
)
#: Of these, what a name may begin after.
OPENERS = frozenset("karena krn akibat dan tapi tp padahal namun soal".split())
#: Turn a meaning round: never cut off.
NEGATIONS = frozenset("tidak tdk tak belum blm bukan gak ga gk nggak ngga kagak jangan jgn tanpa".split())
#: Ask for something, and so end what is told.
ASKING = frozenset("tolong mohon dimohon minta yth min tlg harap semoga".split())
#: Fill the edges of a clause: people addressed and speaking, moods, reports of reports.
EDGES = frozenset(
    "pak bu bang mas mbak mba kak bun gan gaes guys banget bgt sama dong deh kok sih "
    "ini itu tadi kemarin kemaren besok sekarang skrg segera udah sudah udh dah masih msh aja saja juga jg ada adanya "
    "lapor anjir woi woy makasih terima kasih terimakasih maaf selamat melaporkan melapor meminta menanyakan menemukan "
    "terjadi tau tahu liat lihat lho loh nih tuh ya iya halo hai duh "
    "aduh astaga gila alhamdulillah allah ternyata coba bener benar terus trus kayak kayaknya kyknya cuma cuman memang "
    "emang malah bahkan mana kapan kenapa apa apakah siapa gimana bagaimana berapa kemana akan mau bakal pun rt rw kah "
    "dki jakarta sepertinya brengsek sialan goblok perbaikan penertiban pengecekan permanen dinyatakan  makin".split()
)
#: Speak of the writer: no name of an issue does.
SPEAKERS = frozenset("saya kami kita gue gua gw aku lu kamu kalian anda".split())
#: Pass on what others say.
HEARSAY = frozenset("katanya kabarnya kabar kebenaran konon infonya info kata denger dengar beredar hoaks hoax".split())
#: Stand in every other complaint, and between two places of one name.
PALE = frozenset(
    "warga orang petugas pemerintah jalan jl jln gang kelurahan kecamatan kota utara selatan barat timur pusat dinas "
    "bapak ibu anak banyak semua baru lama lebih depan belakang dekat sebelah sekitar arah bisa laporan aduan "
    "jalanan pulang kerja jam pagi siang sore malam malem hari minggu bulan tahun taun lagi wib per".split()
)
NUMBERS = frozenset(
    "tengah dini satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus "
    "ribu setengah".split()
)
#: Lengths and parts of time, which only a number makes worth telling.
TIMES = frozenset(
    "jam hari minggu bulan tahun taun pagi siang sore malam malem subuh wib senin selasa rabu kamis jumat sabtu".split()
)


@lru_cache(maxsize=4)
def spellings(language_dir: Path) -> Mapping[str, str]:
    """Spellings of the street and what they stand for, where that is one word.

    Raises:
        SettingsError: slang.csv is missing or has other columns.
    """
    path = language_dir / "slang.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["slang"]: row["normal"] for row in csv.DictReader(file) if " " not in row["normal"]}
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read ({error}); `tanggap init` writes the shipped one.") from None
