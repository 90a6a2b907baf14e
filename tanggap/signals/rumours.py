"""Rumours: hearsay that spreads in an issue, its first posts, what official voices said, and its clarification."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError

from tanggap.clock import stamp
from tanggap.errors import SettingsError
from tanggap.records import PostKind
from tanggap.settings import Section, explain, read_toml

#: Accounts from which hearsay spreads, and the share of an issue's accounts that they must be.
SPREAD, SHARE = 3, 0.25
#: The share that is enough where so many tell it.
LOUD, LOUD_SHARE = 8, 0.1
#: First posts that are kept.
FIRST = 3


class Mark(Section):
    """One way in which hearsay sounds."""

    name: str
    weight: int = Field(ge=1)
    words: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of its words."""
        return _any(self.words)


class Words(Section):
    """Any of these expressions."""

    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of its words."""
        return _any(self.words)


class Ear(Section):
    """The tables of language/rumours.toml."""

    least: int = Field(ge=1)
    mark: tuple[Mark, ...]
    exempt: Words = Field(alias="not")
    clarified: Words

    @classmethod
    def load(cls, language_dir: Path) -> Ear:
        """Reads rumours.toml; SettingsError for a wrong line or an expression that cannot be read."""
        path = language_dir / "rumours.toml"
        try:
            ear = cls.model_validate(read_toml(path))
            for words in (*(mark.words for mark in ear.mark), ear.exempt.words, ear.clarified.words):
                _any(words)
        except ValidationError as error:
            raise SettingsError(explain(error, path, cls)) from None
        except re.error as error:
            raise SettingsError(f"{path} holds an expression that cannot be read: {error}.") from None
        return ear

    def hears(self, text: str) -> tuple[str, ...]:
        """The names of the marks by which a text is hearsay; empty for one that is not.

        It is a guess about how something is said, never about whether it is so.
        """
        plain = _plain(text)
        if self.exempt.pattern.search(plain):
            return ()
        found = [mark for mark in self.mark if mark.pattern.search(plain)]
        return tuple(mark.name for mark in found) if sum(mark.weight for mark in found) >= self.least else ()

    def clarifies(self, text: str) -> bool:
        """Whether a newspaper or an office would say so to clear a claim up."""
        return bool(self.clarified.pattern.search(_plain(text)))


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{word})(?!\w)" for word in words))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One post of an issue, as far as hearsay is concerned."""

    post: int
    at: datetime
    kind: PostKind
    text: str
    account: str
    #: Whether an office speaks.
    official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """A claim that spreads. It is never said to be true or false here: people and sources do that."""

    since: datetime
    posts: int
    accounts: int
    #: Post numbers, oldest first.
    first: tuple[int, ...]
    #: News and official posts on the issue since then, and the first of them that clarifies.
    said: tuple[int, ...]
    clarification: int | None
    clarified_at: datetime | None
    marks: Mapping[str, int]

    @property
    def told(self) -> str:
        """What is known, in one sentence."""
        spread = f"Kabar beredar: {self.posts} kiriman dari {self.accounts} akun sejak"
        if self.clarified_at:
            end = f"klarifikasi {stamp(self.clarified_at)}"
        elif self.said:
            end = f"{len(self.said)} berita atau pernyataan resmi, belum ada klarifikasi"
        else:
            end = "belum ada berita atau pernyataan resmi"
        return f"{spread} {stamp(self.since)}; {end}. Belum tentu benar atau salah."


def listen(told: Sequence[Told], ear: Ear) -> Rumour | None:
    """The rumour in the posts of one issue, oldest first, or None.

    It needs hearsay from three accounts that make a quarter of the issue's, or from eight that make a tenth. Retellings
    count, for they are how a rumour spreads.
    """
    people = [one for one in told if one.kind is not PostKind.NEWS and not one.official]
    heard = [(one, marks) for one in people if (marks := ear.hears(one.text))]
    accounts = {one.account for one, _ in heard}
    everyone = {one.account for one in people}
    share = LOUD_SHARE if len(accounts) >= LOUD else SHARE
    if len(accounts) < max(SPREAD, share * len(everyone)):
        return None
    since = heard[0][0].at
    voices = [one for one in told if (one.kind is PostKind.NEWS or one.official) and one.at >= since]
    clear = next((one for one in voices if ear.clarifies(one.text)), None)
    counted: dict[str, int] = {}
    for _, marks in heard:
        for mark in marks:
            counted[mark] = counted.get(mark, 0) + 1
    return Rumour(
        since=since,
        posts=len(heard),
        accounts=len(accounts),
        first=tuple(one.post for one, _ in heard[:FIRST]),
        said=tuple(one.post for one in voices),
        clarification=clear.post if clear else None,
        clarified_at=clear.at if clear else None,
        marks=counted,
    )
