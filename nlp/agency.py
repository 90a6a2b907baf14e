"""Which body answers for a post: the one it names, else the one whose routing words fit best, else the topic's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from tanggap.city import City

WORD = re.compile(r"[a-z0-9]+")


class Claim(NamedTuple):
    """What makes a body answer: its name, or the words of a rule; a name goes before any rule, early rules first."""

    named: bool
    rank: int
    agency: str
    #: Each with a blank on both sides.
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Router:
    """The claims on each topic and the body that answers where no claim fits."""

    claims: Mapping[str, tuple[Claim, ...]]
    usual: Mapping[str, str]
    #: Per topic: first word of a phrase -> the phrases that begin so, each with the number of its claim.
    _heads: Mapping[str, Mapping[str, Sequence[tuple[str, int]]]]

    @classmethod
    def of(cls, city: City) -> Self:
        """The router of routing.toml, agencies.toml and topics.toml."""
        claims = {topic: tuple(_claims(topic, city)) for topic in city.topics}
        return cls(
            claims,
            {name: topic.agency for name, topic in city.topics.items()},
            {topic: _by_head(own) for topic, own in claims.items()},
        )

    def route(self, topic: str | None, heard: str) -> str | None:
        """The code of the body that a post on `topic` goes to; None where the topic is undecided or unknown.

        A body named in the text wins if it is one that answers for the topic. Otherwise the rule of routing.toml with
        the longest phrase in the text wins, then the one with more phrases; without any, the topic's own body.

        Args:
            heard: the normalised words of the text, a sign that is no word, and its words as they stand, with single
                blanks between, before and after them, so that slang meets the written words of the rules.
        """
        if topic is None or topic not in self.usual:
            return None
        heads = self._heads[topic]
        found: dict[int, list[int]] = {}
        for head in heads.keys() & heard.split():
            for phrase, claim in heads[head]:
                if phrase in heard:
                    found.setdefault(claim, []).append(len(phrase))
        if not found:
            return self.usual[topic]
        claims = self.claims[topic]
        fits = [
            (claims[at].named, max(sizes), len(sizes), claims[at].rank, claims[at].agency)
            for at, sizes in found.items()
        ]
        return max(fits)[-1]


def _claims(topic: str, city: City) -> Iterator[Claim]:
    """Every claim on a topic."""
    rules = [rule for rule in city.routes if rule.topic == topic]
    for code in sorted({city.topics[topic].agency, *(rule.agency for rule in rules)}):
        names = (city.agencies[code].short, city.agencies[code].handle)
        yield Claim(True, 0, code, tuple(spoken(name) for name in names if name))
    for position, rule in enumerate(rules):
        yield Claim(False, -position, rule.agency, tuple(map(spoken, rule.words)))


def _by_head(claims: Sequence[Claim]) -> dict[str, list[tuple[str, int]]]:
    """The phrases of claims by their first word."""
    heads: dict[str, list[tuple[str, int]]] = {}
    for number, claim in enumerate(claims):
        for phrase in filter(str.strip, claim.phrases):
            heads.setdefault(phrase.split()[0], []).append((phrase, number))
    return heads


def spoken(phrase: str) -> str:
    """A phrase as it stands among lower-case words: `E-KTP` to ` e ktp `."""
    return f" {' '.join(WORD.findall(phrase.lower()))} "
