"""The phrases of config/templates/checks.toml, compiled: what the answer checker and the promise finder look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, RootModel, ValidationError

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.settings import Section, explain, read_toml

Rule = Literal[
    "placeholder", "promise_without_date", "blame", "denial", "personal_data", "no_next_step", "hard_to_read",
    "contradiction",
]  # fmt: skip
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")


def compiles(phrase: str) -> str:
    """Refuses a phrase that is no regular expression."""
    try:
        re.compile(phrase)
    except re.error as error:
        raise ValueError(f"`{phrase}` is no regular expression: {error}") from None
    return phrase


Phrase = Annotated[str, AfterValidator(compiles)]


class CheckSection(Section):
    """One rule of the file."""

    label: str
    advice: str
    phrases: tuple[Phrase, ...] = ()
    excused: tuple[Phrase, ...] = Field((), alias="except")
    longest: int = 30
    nouns: str = ""
    changed: tuple[str, ...] = ()


class ChecksFile(RootModel[dict[Rule, CheckSection]]):
    """The whole file."""


@dataclass(frozen=True)
class Check:
    """One rule with its phrases ready to search."""

    section: CheckSection = field(repr=False)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any(self.section.phrases)

    @cached_property
    def _excuse(self) -> re.Pattern[str]:
        return _any(self.section.excused)

    def first(self, text: str) -> re.Match[str] | None:
        """The first phrase found."""
        return self._pattern.search(text)

    def all(self, text: str) -> Iterator[re.Match[str]]:
        """Every phrase found."""
        return self._pattern.finditer(text)

    def excused(self, text: str) -> bool:
        """Whether the rule does not stand here."""
        return bool(self.section.excused) and self._excuse.search(text) is not None


class Checks(dict[Rule, Check]):
    """All rules by name."""

    @classmethod
    def load(cls, city: City) -> Self:
        """The rules of a city.

        Raises:
            SettingsError: the file is missing, or a line of it does not fit; names it.
        """
        path = city.places_dir.parent / "templates" / "checks.toml"
        try:
            file = ChecksFile.model_validate(read_toml(path))
        except ValidationError as error:
            raise SettingsError(explain(error, path, CheckSection)) from None
        return cls({name: Check(section) for name, section in file.root.items()})


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text with where each begins; 07.30 and jakarta.go.id end none."""
    for match in SENTENCE.finditer(text):
        if match[0].strip():
            yield match.start(), match[0]


def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{phrase})(?!\w)" for phrase in phrases) or r"(?!)", re.IGNORECASE)
