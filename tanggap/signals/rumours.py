"""Rumours: hearsay that spreads in an issue, its first posts, what official voices said, and its clarification."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError

from tanggap.clock import stamp
from tanggap.errors import SettingsError
from tanggap.records import PostKind
from tanggap.settings import Section, explain, read_toml
from tanggap.text import fold

#: Accounts from which hearsay spreads, and the share of an issue's accounts that they must be.
SPREAD, SHARE = 3, 0.25
#: The share that is enough where so many tell it.
LOUD, LOUD_SHARE = 8, 0.1
#: First posts that are kept.
FIRST = 3
#: A sentence, without the blanks before it.
SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")


class Mark(Section):
    """One way in which hearsay sounds."""

    name: str
    weight: int = Field(ge=1)
    words: tuple[str, ...] = Field(min_length=1)
    #: Its words are what is claimed, not only how it is told.
    claim: bool = False

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

    def grave(self, marks: Collection[str]) -> bool:
        """Whether one of these marks tells of danger or of something large."""
        return any(mark.claim and mark.name in marks for mark in self.mark)

    def telling(self, text: str) -> frozenset[str]:
        """The folded words of a text that only say how it is told, and so nothing of what is claimed."""
        plain = _plain(text)
        found = (mark.pattern.finditer(plain) for mark in self.mark if not mark.claim)
        return frozenset(word for hits in found for hit in hits for word in fold(hit.group()).split())

    def clarifying(self, text: str) -> tuple[int, int] | None:
        """Where the first sentence begins and ends with which a newspaper or an office would clear a claim up."""
        sentences = ((found.start(), found.end()) for found in SENTENCE.finditer(text))
        return next(((a, b) for a, b in sentences if self.clarified.pattern.search(_plain(text[a:b]))), None)


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
    #: Where the sentence that clarifies begins and ends in the text of that post.
    sentence: tuple[int, int] | None
    marks: Mapping[str, int]
    #: All posts that tell it, oldest first.
    tellings: tuple[int, ...]

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
    """The rumour in the posts of one issue, or of one claim outside issues, oldest first, or None.

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
    clear, sentence = next(((one, at) for one in voices if (at := ear.clarifying(one.text))), (None, None))
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
        sentence=sentence,
        marks=counted,
        tellings=tuple(one.post for one, _ in heard),
    )
