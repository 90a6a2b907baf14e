"""Masks what identifies a person in an Indonesian text, and turns authors into names that nobody can turn back."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection
from functools import partial

from tanggap.identifiers import RULES, Rule
from tanggap.lookalikes import read_plain

#: How far around a number its context may stand, in characters.
BEFORE, AFTER = 40, 25

#: Stands for what is masked already: neither letter, digit, blank nor separator.
BLANK = "\x00"
DIGIT = re.compile(r"\d")
TOKEN = re.compile(r"\[(?:NIK|NPWP|BPJS|paspor|telepon|plat|surel|rekening|kartu|rumah)\]")


def mask(text: str, public: Collection[str] = frozenset()) -> str:
    """`text` with NIK, NPWP, BPJS, passport, phone, plate, account, card and house numbers and e-mails as tokens.

    Sees through foreign digits, look-alike letters, zero-width signs and spelled digits. Query strings of links are
    cut. Prices, dates, bus numbers, RT/RW and public service numbers (112, 1500-...) stay, and so do the `public`
    numbers, which `national` gave their form. Names stay: nothing here promises to find those. Masking twice changes
    nothing.
    """
    while (masked := mask_once(text, public)) != text:
        text = masked
    return masked


def national(number: str) -> str:
    """The digits of a phone number as they are dialled within the country: "+62 21-384" and "(021) 384" are one."""
    plain = re.sub(r"\D", "", number)
    return f"0{plain[2:]}" if plain.startswith("62") else plain


def mask_once(text: str, public: Collection[str] = frozenset()) -> str:
    """One reading of `text`; what it masks can bring other words near, hence `mask` reads again."""
    plain = read_plain(text)
    view = TOKEN.sub(lambda found: BLANK * len(found[0]), plain.text)
    spans: list[tuple[int, int, str]] = []
    count, low = len(DIGIT.findall(view)), view.lower()
    for rule in RULES:
        if count >= rule.least and (not rule.signs or any(sign in low for sign in rule.signs)):
            view = rule.pattern.sub(partial(claim, rule, spans, public), view)
    if not spans:
        return text
    pieces: list[str] = []
    at = 0
    for first, last, token in sorted(spans):
        start, end = plain.original(first, last)
        pieces += [text[at:start], token]
        at = end
    return "".join(pieces) + text[at:]


def claim(rule: Rule, spans: list[tuple[int, int, str]], public: Collection[str], found: re.Match[str]) -> str:
    """Notes what a rule found, if it holds, and blanks it for the rules after it."""
    if not (rule.valid(found) and stands_near(rule, found)):
        return found[0]
    if public and national(found[0]) in public:
        return BLANK * len(found[0])
    first, last = found.span("secret" if "secret" in rule.pattern.groupindex else 0)
    spans.append((first, last, rule.label))
    return found.string[found.start() : first] + BLANK * (last - first) + found.string[last : found.end()]


def stands_near(rule: Rule, found: re.Match[str]) -> bool:
    """Whether the context a rule asks for stands around what it found."""
    if rule.context is None:
        return True
    before = found.string[max(0, found.start() - BEFORE) : found.start()]
    after = found.string[found.end() : found.end() + AFTER]
    return bool(rule.context.search(before) or rule.context.search(after))


def pseudonym(handle: str, key: bytes) -> str:
    """A stable name for an author that nobody can turn back without `key`: "a" and 16 hex digits.

    HMAC-SHA256 over the handle without its @ and in lower case, so one person keeps one name per installation.
    """
    digest = hmac.new(key, handle.strip().lstrip("@").lower().encode("utf-8", "replace"), hashlib.sha256)
    return f"a{digest.hexdigest()[:16]}"
