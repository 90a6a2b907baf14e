"""Keeps protests and persons out of what is asked of X, paid for and stored: X and the city's mission forbid both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tanggap.errors import SettingsError, SourceError
from tanggap.records import Source
from tanggap.settings import explain, packaged_config, read_toml
from tanggap.text import fold

FILE = "x_guard.toml"

#: Longest query of recent search.
LONGEST = 512

#: `-word`, `-"two words"` and `-(a group)`: what a query leaves out anyway.
LEFT_OUT = re.compile(r'(?<!\S)-(?:"[^"]*"|\([^)]*\)|\S+)')


class Guard(BaseModel):
    """The words of x_guard.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]


def guarded_words(source: Source, config_dir: Path) -> tuple[str, ...]:
    """What a source of X keeps out: its own words, the operator's names of persons among them, then the city's list.

    A phrase stands for its hashtag too.

    Raises:
        SettingsError: x_guard.toml is broken.
    """
    path = config_dir / FILE
    path = path if path.is_file() else packaged_config() / FILE
    try:
        shipped = Guard.model_validate(read_toml(path)).words
    except ValidationError as error:
        raise SettingsError(explain(error, path, Guard)) from None
    words = [fold(word) for word in (*source.topic_guard, *shipped)]
    return tuple(dict.fromkeys(form for word in words if word for form in (word, word.replace(" ", ""))))


def refuse_topic(source: Source, words: Sequence[str]) -> None:
    """
    Raises:
        SourceError: the query asks for what the guard keeps out; failure `config`.
    """
    asked = f" {fold(LEFT_OUT.sub(' ', source.query))} "
    for word in words:
        if f" {word} " in asked:
            told = f"{source.id}: its query asks for `{word}`; protests and persons are out of scope, see {FILE}"
            raise SourceError(f"{told}.", "config")


def guarded_query(query: str, words: Sequence[str]) -> str:
    """`query` without guarded posts, as far as 512 characters allow, so that they are not even paid for.

    Words are left out in the order of the list; what finds no room is refused at the door instead.
    """
    already = f" {fold(' '.join(LEFT_OUT.findall(query)))} "
    whole = f"({query})"
    for word in words:
        more = f' -"{word}"' if " " in word else f" -{word}"
        if f" {word} " not in already and len(whole) + len(more) <= LONGEST:
            whole += more
    return whole if len(whole) <= LONGEST else query
