"""Lines of an article: which are boilerplate, and what an outlet puts before the first and behind the last."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml import html

#: An insert that only its words give away.
READ_ALSO = re.compile(
    r"^\W*(baca|simak|lihat|tonton|saksikan|dengarkan|cek|pilihan editor)"
    r"(\s+(juga|pula|selengkapnya|video|pilihan|berikut|ini))*\s*(:|\b(?<=juga)|berita\b|video\b)",
    re.IGNORECASE,
)

#: A summary some papers put in a box above the text it repeats.
SUMMARY = re.compile(r"^\W*(ringkasan( berita)?|baca \d+ detik|poin penting|intinya)\W", re.IGNORECASE)

#: Whole lines that sites put around an article.
BOILERPLATE = re.compile(
    r"^\W*("
    r"(advertisement|iklan)?\W*(scroll (to|ke|untuk)\b.{0,50})?\W*$|"
    r"(load more.*|komentar|halaman( \d+)*( selanjutnya)?:?|"
    r"\d+ dari \d+ halaman|.{0,50}\b(di|ke) halaman (berikut|selanjut)(nya)?|"
    r"(selanjutnya|sebelumnya)\W*(halaman)?|bagikan( artikel)?( ini)?|share( this)?( article)?|tag(s|ar)?:.*|topik:.*|"
    r"(berita |artikel )?(terkait|lainnya|terpopuler)|(baca|simak|lihat) juga|"
    r"(add|tambahkan)\b.{0,30}\b(preferred source|sumber pilihan)\b.*)\W*$"
    r"|copyright\b|hak cipta|©|\(c\)\s*\d{4}|all rights reserved|disclaimer\b|"
    r"dilarang (keras )?(mengambil|mengutip|menyalin)\b|"
    r"(editor|redaktur|penulis|pewarta|reporter|uploader|penyunting|red|sumber|source|rep)\s*:.{0,80}$|"
    r"(ikuti|dapatkan|gabung|download|unduh|follow|simak|baca|cek|temukan)\b.{0,240}\b"
    r"(whatsapp|telegram|google news|aplikasi (kami|gratis|resmi)|channel|saluran|kami di)\b|"
    r"\*.{0,40}(fakta atau hoa(ks|x)|kebenaran informasi)|"
    r"\[gambas:.*\]|\(\w{2,6}(/\w{2,6}){0,3}\)\W*$|(foto|photo|ilustrasi)\s*:.{0,120}$|"
    r".{0,160}\b(foto|photo)\s?:\s[\w/ .-]{2,40}\W*$"
    r")",
    re.IGNORECASE,
)

#: Initials of reporter and editor behind the last sentence: `... sudah pulih. (mar/jpnn)`.
INITIALS = re.compile(r"(?<=[.!?\"”'])\s*[(\[]\w{2,8}(/\w{2,8}){0,3}[)\]]\W*$")

#: What stands before the first dash of a text: `JAKARTA, KOMPAS.com - `, `Jakarta (ANTARA) - `, `Suara.com -`.
DATELINE = re.compile(r"^(?P<lead>[^\"“:;!?]{2,60}?)\s?(?P<dash>--|[-–—])(?:\s+|$)")

#: An agency behind the place: `Jakarta (ANTARA) - `.
AGENCY = re.compile(r"\s*\([A-Za-z][^)]*\)")

#: An outlet that calls itself by its address.
DOMAIN = re.compile(r"[\w-]+(\.\w+)*\.(com|co|id|net|org|tv|news)", re.IGNORECASE)

#: Words outlets put behind their name here and leave out there.
SURNAMES = re.compile(r"(news|live|online|com|coid|co|id|net|tv)+$")

#: A line this long that stands inside another one is a pull quote; looked for in this much of a text.
QUOTE = 30
SEARCHED = 50_000

#: Characters and pieces of an element that tell what it is.
OPENING_CHARS = 120
OPENING_PIECES = 40


def opening(element: html.HtmlElement) -> str:
    """The first words of an element in one line, a tab between its pieces; over OPENING_CHARS where there are more."""
    pieces: list[str] = []
    length = 0
    for piece in islice(element.itertext(), OPENING_PIECES):
        words = " ".join(piece.split())
        pieces += [words] if words else []
        length += len(words) + 1
        if length > 2 * OPENING_CHARS:
            break
    return "\t".join(pieces)


def tidy(text: str) -> list[str]:
    """The lines of a text without boilerplate, inserts, repeats and pull quotes; list marks dropped."""
    lines: dict[str, None] = {}
    for raw in text.splitlines():
        line = " ".join(raw.split()).removeprefix("- ").strip()
        if line and not BOILERPLATE.match(line) and not (len(line) < 250 and READ_ALSO.match(line)):
            lines.setdefault(line)
    whole = "\n".join(lines)[:SEARCHED]
    return [line for line in lines if len(line) < QUOTE or whole.count(line.strip("\"“”'. ")) < 2]


def signed_off(lines: list[str], outlets: Iterable[str]) -> list[str]:
    """The lines without the outlet in the dateline and without initials at the end; the place stays."""
    if not lines:
        return []
    first, *rest = lines
    match = DATELINE.match(first)
    if match:
        pieces = [piece.strip() for piece in re.split(r"[,/|]", AGENCY.sub("", match["lead"])) if piece.strip()]
        names = {stem(outlet) for outlet in outlets}
        places = [piece for piece in pieces if not DOMAIN.fullmatch(piece) and stem(piece) not in names]
        told = first[match.end() :]
        if not told or len(places) < len(pieces) or AGENCY.search(match["lead"]):
            first = f"{', '.join(places)} {match['dash']} {told}" if places and told else told
    kept = [line for line in (first, *rest) if line]
    return [*kept[:-1], INITIALS.sub("", kept[-1])] if kept else []


def stem(outlet: str) -> str:
    """The name of an outlet for comparison: `Antara News` and `ANTARA` are one."""
    letters = re.sub(r"[^a-z0-9]", "", outlet.lower())
    return SURNAMES.sub("", letters) or letters or outlet
