"""Reads an answer before it is approved: what would harm, with the words that caused each finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tanggap.clock import stamp
from tanggap.desk.calendar import WorkingCalendar
from tanggap.desk.checks import Check, Checks, Rule, sentences
from tanggap.desk.pledges import pledges
from tanggap.desk.when import dues
from tanggap.privacy import TOKEN, mask
from tanggap.records import Issue
from tanggap.records.desk import Response

PLACEHOLDER = re.compile(r"\[[^\]\n]{1,80}\]|\{[^}\n]{1,40}\}|\bx{3,}\b|\.{4,}", re.IGNORECASE)
WORD = re.compile(r"\w+")
SPELLED = {"tidak ada": 0, "nihil": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5}
COUNTED = re.compile(
    rf"\b(\d{{1,3}}(?:\.\d{{3}})+|\d+|{'|'.join(SPELLED)})\s+(?:unit |orang |buah )?(\w+)", re.IGNORECASE
)
#: Posts from which a denial stands against evidence.
EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: the rule, the words of the text, where they stand, and what to do, in Indonesian."""

    rule: Rule
    label: str
    words: str
    start: int
    end: int
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an answer is checked against."""

    at: datetime
    calendar: WorkingCalendar
    issue: Issue | None = None
    #: Official texts published before, oldest first.
    earlier: Sequence[Response] = ()


def check(text: str, setting: Setting, checks: Checks) -> tuple[Finding, ...]:
    """Everything found, in the order of the words; empty means that no rule objects, not that the answer is right."""
    found = [
        finding for name, reader in READERS.items() for finding in reader(text, setting, _Told(name, checks[name]))
    ]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.rule)))


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes findings of one rule."""

    rule: Rule
    check: Check

    def finding(self, words: str, start: int, more: str = "") -> Finding:
        section = self.check.section
        advice = f"{more} {section.advice}" if more else section.advice
        return Finding(
            rule=self.rule, label=section.label, words=words, start=start, end=start + len(words), advice=advice
        )


def _placeholders(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    del setting
    for match in PLACEHOLDER.finditer(text):
        yield told.finding(match[0], match.start())


def _promises(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    for pledge in pledges(text, setting.at, Checks(promise_without_date=told.check), setting.calendar):
        if pledge.due is None:
            yield told.finding(pledge.words, pledge.start)


def _phrases(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    del setting
    for match in told.check.all(text):
        yield told.finding(match[0], match.start())


def _denials(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    issue = setting.issue
    if issue is None or issue.posts < EVIDENCE:
        return
    more = f"{issue.posts} kiriman dari {issue.accounts} suara menyebut hal ini, terakhir {stamp(issue.last_at)}."
    for match in told.check.all(text):
        yield told.finding(match[0], match.start(), more)


def _personal(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    del setting
    at = 0
    pieces = TOKEN.split(mask(text))
    for piece, after in pairwise(pieces):
        start = text.index(piece, at) + len(piece)
        at = text.index(after, start) if after else len(text)
        yield told.finding(text[start:at], start)
    for match in told.check.all(text):
        yield told.finding(match[0], match.start())


def _next_step(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    if not text.strip() or told.check.first(text) or dues(text, setting.at, setting.calendar):
        return
    start, last = list(sentences(text))[-1]
    yield told.finding(last.strip(), start + len(last) - len(last.lstrip()))


def _hard(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    del setting
    for start, sentence in sentences(text):
        count = len(WORD.findall(sentence))
        if count > told.check.section.longest:
            yield told.finding(sentence.strip(), start + len(sentence) - len(sentence.lstrip()), f"{count} kata.")
    for match in told.check.all(text):
        yield told.finding(match[0], match.start())


def _contradictions(text: str, setting: Setting, told: _Told) -> Iterator[Finding]:
    nouns = frozenset(told.check.section.nouns.split())
    changed = re.compile(rf"\b(?:{'|'.join(map(re.escape, told.check.section.changed))})\b", re.IGNORECASE)
    before = {noun: (number, item) for item in setting.earlier for number, noun, *_ in _counts(item.text, nouns)}
    for number, noun, words, start in _counts(text, nouns):
        said, item = before.get(noun, (number, None))
        if item is not None and said != number and not changed.search(_sentence_at(text, start)):
            when = stamp(item.published_at or item.at)
            yield told.finding(words, start, f"Pernyataan {when} menyebut {said} {noun}.")


def _counts(text: str, nouns: frozenset[str]) -> Iterator[tuple[int, str, str, int]]:
    """Numbers of things: (3, `pompa`, `3 pompa`, place); `tidak ada korban` is 0."""
    for match in COUNTED.finditer(text):
        noun, number = match[2].lower(), match[1].lower()
        if noun in nouns:
            count = SPELLED[number] if number in SPELLED else int(number.replace(".", ""))
            yield count, noun, match[0], match.start()


def _sentence_at(text: str, place: int) -> str:
    return next((words for start, words in sentences(text) if start <= place < start + len(words)), text)


READERS: dict[Rule, Callable[[str, Setting, _Told], Iterator[Finding]]] = {
    "placeholder": _placeholders,
    "promise_without_date": _promises,
    "blame": _phrases,
    "denial": _denials,
    "personal_data": _personal,
    "no_next_step": _next_step,
    "hard_to_read": _hard,
    "contradiction": _contradictions,
}
