"""Makes text from the outside safe to keep, cut and compare; nothing here knows a language."""

from __future__ import annotations

import re
import unicodedata

import ftfy

#: A legible stack of accents; longer ones are cut, because normalising them takes quadratic time (UAX 15, 10.1).
MAX_MARKS = 30

REPAIR = ftfy.TextFixerConfig(
    unescape_html="auto",
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_surrogates=True,
    remove_control_chars=True,
    normalization="NFC",
    explain=False,
)

#: Control characters except line feed and tab, and lone surrogates.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
#: Text that ftfy leaves as it is: plain ASCII without controls, escapes or HTML entities.
PLAIN = re.compile(r"[\n\x20-\x25\x27-\x7e]*+")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: Text that is fit as it is: one line of plain words, one space between them.
FIT = re.compile(r"(?:[!-%'-~]++(?: [!-%'-~]++)*+)?+")
#: Every run of blanks that is not one space.
BLANKS = re.compile(r"[^\S\n](?:[^\S\n]+|(?<! ))")
EMPTY_LINES = re.compile(r"\n{3,}")
WORDS = re.compile(r"[a-z0-9]+")

ELLIPSIS = "…"
JOINER = "\u200d"


def repair(text: str) -> str:
    """`text` fit for the store: mojibake undone (ftfy), NFC, no control characters, no lone surrogates.

    Line breaks stay (at most one empty line in a row); every other run of blanks becomes one space. Mathematical
    letters, right-to-left marks and emoji stay as sent: the screens make them harmless.
    """
    if FIT.fullmatch(text):
        return text
    if not PLAIN.fullmatch(text):
        text = ftfy.fix_text(thin_marks(join_surrogates(text)), REPAIR)
        text = UNWANTED.sub("", LINE_ENDS.sub("\n", text))
    text = BLANKS.sub(" ", text)
    text = "\n".join(line.strip() for line in text.split("\n"))
    return EMPTY_LINES.sub("\n\n", text).strip()


def join_surrogates(text: str) -> str:
    """Surrogate pairs of broken JSON writers joined to the one character they stand for; lone ones dropped."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def thin_marks(text: str) -> str:
    """`text` with no more than `MAX_MARKS` combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def clip(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut between words where one ends near, never inside a character.

    What was cut shows as an ellipsis, which counts.
    """
    if len(text) <= limit:
        return text
    if limit <= 1:
        return ELLIPSIS[: max(limit, 0)]
    cut = limit - 1
    blank = max(text.rfind(" ", 0, cut + 1), text.rfind("\n", 0, cut + 1))
    cut = blank if blank > cut // 2 else grapheme_edge(text, cut)
    return text[:cut].rstrip() + ELLIPSIS


def grapheme_edge(text: str, cut: int) -> int:
    """The nearest place at or before `cut` that parts no letter from its accents and no emoji from its pieces."""
    edge = cut
    while edge > max(0, cut - 2 * MAX_MARKS) and joins(text, edge):
        edge -= 1
    return cut if joins(text, edge) else edge


def joins(text: str, at: int) -> bool:
    """Whether the characters before and after `at` show as one."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after == JOINER or before == JOINER or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    flags = len(text[:at]) - len(text[:at].rstrip(FLAGS)) if is_flag(after) else 0
    return flags % 2 == 1


FLAGS = "".join(chr(code) for code in range(0x1F1E6, 0x1F200))


def is_flag(char: str) -> bool:
    """Whether `char` is one of the letters two of which make a flag."""
    return char in FLAGS


def fold(text: str) -> str:
    """The plain words of `text`, one space between: lower case, accents stripped, only a-z and 0-9.

    Keys and searches compare folded texts. Folding twice changes nothing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", thin_marks(text).casefold())
        text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(WORDS.findall(text.lower()))
