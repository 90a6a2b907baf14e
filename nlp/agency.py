"""Which body answers for a post: the one it names, else the one whose routing words fit best, else the topic's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tanggap.city import City

WORD = re.compile(r"[a-z0-9]+")


def route(topic: str | None, words: Sequence[str], text: str, city: City) -> str | None:
    """The code of the body that a post on `topic` goes to; None where the topic is undecided or unknown.

    A body named in the text wins if it is one that answers for the topic. Otherwise the rule of routing.toml with
    the longest phrase in the text wins, then the one with more phrases; without any, the topic's own body.

    Args:
        words: the normalised words of the text, so that slang meets the written words of the rules.
        text: the text itself, for names and abbreviations as they stand.
    """
    if topic is None or topic not in city.topics:
        return None
    heard = f" {' '.join(words)} | {' '.join(WORD.findall(text.lower()))} "
    ranked = sorted(_fits(topic, heard, city), reverse=True)
    return ranked[0][-1] if ranked else city.topics[topic].agency


def _fits(topic: str, heard: str, city: City) -> Iterator[tuple[bool, int, int, int, str]]:
    """Every body that may answer: (named, length of the best phrase, phrases, earlier rule first, code)."""
    rules = [rule for rule in city.routes if rule.topic == topic]
    for code in {city.topics[topic].agency, *(rule.agency for rule in rules)}:
        agency = city.agencies[code]
        names = [name for name in (agency.short, agency.handle) if name]
        if found := [name for name in map(_spoken, names) if f" {name} " in heard]:
            yield True, max(map(len, found)), len(found), 0, code
    for position, rule in enumerate(rules):
        if found := [phrase for phrase in map(_spoken, rule.words) if f" {phrase} " in heard]:
            yield False, max(map(len, found)), len(found), -position, rule.agency


def _spoken(phrase: str) -> str:
    """A phrase as it stands among lower-case words: `E-KTP` to `e ktp`."""
    return " ".join(WORD.findall(phrase.lower()))
