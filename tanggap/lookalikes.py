"""Reads a text as a person does: through foreign digits, look-alike letters, invisible signs and spelled digits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Cyrillic, Greek and Turkish letters that show as Latin ones.
LETTERS = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіѕԁӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιıİ",
    "ABEKMHOPCTYXaeopcyxisdlABEZHIKMNOPTYXoiiI",
)
#: Letters written for 0 and 1 beside digits: "o812", "08l2".
ROUND = re.compile(r"(?<![^\W_])[oO](?=[ .\-]?\d)|(?<=\d)[oOlI|]+(?=[\d .\-]|$)")
#: What a text holds where `ROUND` finds something.
BESIDE_DIGIT = (re.compile(r"[oO][ .\-]?\d"), re.compile(r"\d[oOlI|]"))
AS_DIGITS = str.maketrans("oOlI|", "00111")
#: Digits spelled as words: "08lima", "nol delapan satu".
SPELLED = re.compile(
    r"(?<![a-z])(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)(?![a-z])", re.IGNORECASE
)
VALUES = {
    word: str(value)
    for value, words in enumerate(
        ("nol kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain reading of a text, and where each of its characters stands in the original."""

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the plain characters from `start` until `end` were read from."""
        return self.starts[start], self.ends[end - 1]


def read_plain(text: str) -> Plain:
    """The plain reading of `text`; ASCII without spelled digits is read as it stands."""
    chars, starts = reveal(text)
    plain = "".join(chars)
    if any(pattern.search(plain) for pattern in BESIDE_DIGIT):
        plain = ROUND.sub(lambda found: found[0].translate(AS_DIGITS), plain)
    ends = range(1, len(text) + 1) if isinstance(starts, range) else tuple(start + 1 for start in starts)
    return spell(Plain(plain, starts, ends))


def reveal(text: str) -> tuple[list[str] | str, tuple[int, ...] | range]:
    """The visible characters of `text` in their ASCII shape where they have one, and their places."""
    if text.isascii():
        return text, range(len(text))
    seen = [(shape, place) for place, char in enumerate(text) if (shape := shape_of(char))]
    return [shape for shape, _ in seen], tuple(place for _, place in seen)


def shape_of(char: str) -> str:
    """The one ASCII character that `char` shows as, `char` itself, or "" when it does not show."""
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "−":
        return "-"
    if category == "Zs":
        return " "
    shape = unicodedata.normalize("NFKC", char.translate(LETTERS))
    return shape if len(shape) == 1 else char


def spell(plain: Plain) -> Plain:
    """`plain` with every spelled digit read as the digit."""
    if not any(map(plain.text.lower().__contains__, VALUES)):
        return plain
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for found in SPELLED.finditer(plain.text):
        pieces += [plain.text[at : found.start()], VALUES[found[0].lower()]]
        starts += [*plain.starts[at : found.start()], plain.starts[found.start()]]
        ends += [*plain.ends[at : found.start()], plain.ends[found.end() - 1]]
        at = found.end()
    if not pieces:
        return plain
    return Plain(
        "".join(pieces) + plain.text[at:],
        (*starts, *plain.starts[at:]),
        (*ends, *plain.ends[at:]),
    )
