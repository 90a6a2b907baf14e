"""First drafts of answers from config/templates/answers.toml, chosen by kind, topic and state, with facts filled in."""

from __future__ import annotations

import string
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator

from tanggap.city import City
from tanggap.clock import city_day, clock_time, long_day
from tanggap.errors import SettingsError
from tanggap.records import Issue, Status
from tanggap.records.desk import ResponseKind
from tanggap.settings import Section, explain, read_toml

Fact = Literal["tempat", "tanggal", "jam", "pihak", "urusan", "kiriman", "suara"]
FACTS: tuple[Fact, ...] = ("tempat", "tanggal", "jam", "pihak", "urusan", "kiriman", "suara")


class Draft(Section):
    """One template: empty `topics` or `states` fit all."""

    kind: ResponseKind
    topics: tuple[str, ...] = ()
    states: tuple[Status, ...] = ()
    text: str

    @field_validator("text")
    @classmethod
    def names_only_facts(cls, text: str) -> str:
        """A gap nobody fills would be published."""
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None and name not in FACTS:
                raise ValueError(f"there is no fact {{{name}}}; known are {', '.join(FACTS)}")
        return " ".join(text.split())

    def fits(self, kind: ResponseKind, issue: Issue) -> bool:
        """Whether it is meant for such an answer."""
        topic = not self.topics or issue.topic in self.topics
        return self.kind == kind and topic and (not self.states or issue.status in self.states)


class Drafts(Section):
    """All templates, the more special ones first."""

    template: tuple[Draft, ...] = Field(min_length=1)

    @classmethod
    def load(cls, city: City) -> Self:
        """The templates of a city.

        Raises:
            SettingsError: the file is missing, or a template names an unknown kind, state or fact.
        """
        path = city.places_dir.parent / "templates" / "answers.toml"
        try:
            return cls.model_validate(read_toml(path))
        except ValidationError as error:
            raise SettingsError(explain(error, path, Draft)) from None

    def write(self, kind: ResponseKind, issue: Issue, city: City) -> str:
        """The draft for an issue; "" where no template fits."""
        fitting = next((draft for draft in self.template if draft.fits(kind, issue)), None)
        return fitting.text.format_map(facts(issue, city)) if fitting else ""


def facts(issue: Issue, city: City) -> dict[str, str]:
    """What is known of an issue, in the words of an answer."""
    topic = city.topics.get(issue.topic)
    body = city.body(issue.agency)
    return {
        "tempat": issue.place or "[tempat]",
        "tanggal": long_day(city_day(issue.last_at)),
        "jam": clock_time(issue.first_at),
        "pihak": body.short if body else "[pihak]",
        "urusan": (topic.label if topic else issue.topic).lower(),
        "kiriman": str(issue.posts),
        "suara": str(issue.accounts),
    }
