"""The declared rules that make a second post out of a hand-written one; none changes its place or its matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Original:
    """A hand-written text, who wrote it, and the words that must survive when a sentence is dropped."""

    text: str
    author: str
    keep: frozenset[str] = frozenset()


Rule = Callable[[Original, Generator], str]

#: Everyday words and the short forms people type for them; no place, no service, no negation among them.
SHORT = {
    "yang": "yg", "dengan": "dgn", "untuk": "utk", "sudah": "udh", "dari": "dr", "karena": "krn", "juga": "jg",
    "orang": "org", "sampai": "smp", "banget": "bgt", "tolong": "tlg", "kalau": "klo",
    "sekarang": "skrg", "bagaimana": "gmn", "kenapa": "knp", "hari": "hr", "sama": "sm",
    "masih": "msh", "semua": "smua", "lebih": "lbh", "terus": "trs", "saja": "aja", "mohon": "mhn", "pada": "pd",
}  # fmt: skip
#: Slips of the thumb in words that carry neither place nor matter.
SLIPS = {
    "yang": "ynag", "sudah": "sduah", "tolong": "tolnog", "karena": "karna", "sampai": "sampe", "banget": "bangte",
    "masih": "masi", "sekarang": "sekrang", "tadi": "tdai", "terus": "teurs", "sama": "smaa",
    "dengan": "dengna", "semua": "smeua", "juga": "jgua", "orang": "oragn", "malam": "malem",
    "lebih": "lebi", "mohon": "mohno", "pagi": "pgai", "bapak": "bapka",
}  # fmt: skip
HASHTAGS = ("#infowarga", "#kabarwarga", "#suarawarga", "#laporwarga", "#warganet", "#infosekitar")
EMOJI = ("👀", "📢", "🙏", "👇", "📌", "‼️")
#: Said before somebody else's text; they pass it on and judge nothing.
COMMENTS = (
    "nah ini", "baca deh", "up", "izin bagikan", "titip info", "barusan lewat di timeline", "share ya biar pada tahu",
    "dari temen", "yang di sana gimana kabarnya?", "teruskan", "nemu ini", "buat yang belum tahu",
)  # fmt: skip
OPENERS = ("", "", "", "Info ", "Dibaca ya: ", "Bantu sebar. ", "Copas: ")
CLOSERS = ("", ".", "!", "!!", " 🙏", " ‼️", " #suarawarga", " tolong sebarkan", " cc warga")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[^\W\d_]+")


def retweet(original: Original, _: Generator) -> str:
    """The text unchanged behind `RT @author:`."""
    return f"RT @{original.author}: {original.text}"


def quote_with_comment(original: Original, rng: Generator) -> str:
    """A few words of one's own before the quoted text."""
    return f'{rng.choice(COMMENTS)} "{original.text}" @{original.author}'


def abbreviate(original: Original, rng: Generator) -> str:
    """Most everyday words typed in their short form."""
    return replace_words(original.text, SHORT, rng, 0.8)


def typo(original: Original, rng: Generator) -> str:
    """Some everyday words mistyped."""
    return replace_words(original.text, SLIPS, rng, 0.5)


def drop_tail(original: Original, _: Generator) -> str:
    """The last sentence left out, if it is short and holds none of the words to keep."""
    sentences = SENTENCE.split(original.text)
    tail = sentences[-1]
    if len(sentences) < 2 or len(tail) > 0.35 * len(original.text):
        return original.text
    if original.keep & words_of(tail):
        return original.text
    return original.text[: -len(tail)].rstrip()


def add_hashtag(original: Original, rng: Generator) -> str:
    """A hashtag that names neither place nor matter."""
    return f"{original.text} {rng.choice(HASHTAGS)}"


def add_emoji(original: Original, rng: Generator) -> str:
    """One to three copies of a sign at the end."""
    return f"{original.text} {rng.choice(EMOJI) * int(rng.integers(1, 4))}"


def add_exclaim(original: Original, rng: Generator) -> str:
    """Exclamation marks instead of the closing full stop."""
    return original.text.rstrip(" .") + "!" * int(rng.integers(1, 5))


def upper(original: Original, _: Generator) -> str:
    """Capitals throughout, except mentions, hashtags and links."""
    return re.sub(r"(?<!\S)(?![@#]|http)\S+", lambda hit: hit.group().upper(), original.text)


def campaign(original: Original, rng: Generator) -> str:
    """The pasted sentence of a campaign with a trivial opening or ending."""
    return f"{rng.choice(OPENERS)}{original.text}{rng.choice(CLOSERS)}"


#: Rules for ordinary posts with their shares; `campaign` is applied to campaigns only.
SHARES: Mapping[Rule, float] = {
    retweet: 0.34, abbreviate: 0.15, typo: 0.11, quote_with_comment: 0.12,
    add_hashtag: 0.08, add_emoji: 0.08, drop_tail: 0.05, add_exclaim: 0.05, upper: 0.02,
}  # fmt: skip
#: Rules for citizen reports, which know no retweets.
REPORT_RULES: tuple[Rule, ...] = (abbreviate, typo, drop_tail, add_exclaim)


def vary(original: Original, rng: Generator) -> tuple[str, str]:
    """A variant and the name of its rule; rules that leave this text as it is are passed over."""
    rules, shares = list(SHARES), list(SHARES.values())
    for index in rng.choice(len(rules), size=len(rules), replace=False, p=[s / sum(shares) for s in shares]):
        text = rules[index](original, rng)
        if text != original.text:
            return text, rules[index].__name__
    return retweet(original, rng), retweet.__name__


def replace_words(text: str, table: Mapping[str, str], rng: Generator, share: float) -> str:
    """`text` with about `share` of the words that `table` knows replaced, lower-case words only."""

    def swap(hit: re.Match[str]) -> str:
        word = hit.group()
        return table[word] if word in table and rng.random() < share else word

    return WORD.sub(swap, text)


def words_of(text: str) -> frozenset[str]:
    """The words of `text` in lower case."""
    return frozenset(word.lower() for word in WORD.findall(text))
