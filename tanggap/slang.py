"""Slang that the office adds to the shipped table: a file of its own beside it, so that no update overwrites it."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from tanggap.city import OFFICE_SLANG, Region
from tanggap.errors import RuleError, SettingsError

COLUMNS = ("slang", "normal", "region", "by", "day")
#: One word as people type it, and the plain words it stands for.
TYPED = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
MEANT = re.compile(r"[a-z]{2,30}(?: [a-z]{2,30}){0,4}")


@cache
def plain_words() -> frozenset[str]:
    """The root words of Sastrawi's dictionary: they mean what they say."""
    return frozenset(word for word in StemmerFactory().get_words() if word.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Slang:
    """What people type, what it means ("" once it is retired), where it is said, and who said so when."""

    slang: str
    normal: str
    region: Region = "id"
    by: str
    day: date

    def check(self, known: Container[str]) -> None:
        """Refuses an entry that would spoil other words; RuleError says why."""
        if not TYPED.fullmatch(self.slang):
            raise RuleError(f"`{self.slang}` bukan satu kata dengan huruf kecil dan angka.")
        if not MEANT.fullmatch(self.normal):
            raise RuleError(f"`{self.normal}`: tulis artinya dengan satu sampai lima kata baku, huruf kecil.")
        if self.region not in get_args(Region):
            raise RuleError(f"Daerah `{self.region}` tidak ada; pilih dari {', '.join(get_args(Region))}.")
        if self.slang in known:
            raise RuleError(f"`{self.slang}` sudah kata baku; mengubah artinya akan merusak kiriman lain.")
        if self.slang in self.normal.split():
            raise RuleError(f"`{self.slang}` tidak bisa berarti dirinya sendiri.")


def entries(language_dir: Path) -> list[Slang]:
    """What the office added, in alphabetical order; [] while there is nothing.

    Raises:
        SettingsError: the file is broken.
    """
    path = language_dir / OFFICE_SLANG
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [Slang(**{**row, "day": date.fromisoformat(row["day"])}) for row in csv.DictReader(file)]  # type: ignore[arg-type]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as a table of {', '.join(COLUMNS)}: {error}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A line of the dictionary that the product reads with: a spelling, what it stands for, and whose word it is."""

    typed: str
    meaning: str
    region: str
    #: Shipped with the product, an acronym that stays as typed, or the office's own.
    origin: Literal["shipped", "acronym", "office"]
    by: str = ""
    day: date | None = None
    retired: bool = False


def words(language_dir: Path) -> list[Word]:
    """Every spelling and acronym in alphabetical order, the office's word over the shipped one.

    Raises:
        SettingsError: a table is missing or broken.
    """
    found = {typed: Word(typed=typed, meaning=meaning, region=region, origin="shipped")
             for typed, meaning, region in shipped(language_dir / "slang.csv")}  # fmt: skip
    if (acronyms := language_dir / "acronyms.csv").exists():
        found |= {typed: Word(typed=typed, meaning=meaning, region=region, origin="acronym")
                  for typed, meaning, region in shipped(acronyms)}  # fmt: skip
    for one in entries(language_dir):
        before = found.get(one.slang)
        meaning = one.normal or (before.meaning if before else "")
        found[one.slang] = Word(
            typed=one.slang, meaning=meaning, region=one.region, origin="office", by=one.by, day=one.day,
            retired=not one.normal,
        )  # fmt: skip
    return sorted(found.values(), key=lambda word: word.typed)


def shipped(path: Path) -> list[tuple[str, str, str]]:
    """Spelling, meaning and region of each line of a shipped table; SettingsError when it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(line for line in file if line.strip() and not line.startswith("#"))
        return [(typed, meaning, region) for typed, meaning, region in rows]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as a word table: {error}.") from None


def retire(language_dir: Path, typed: str, by: str, day: date) -> str:
    """Lets a spelling mean nothing but itself from the next batch of posts on; returns what it meant.

    An entry of the office goes; a shipped one is overruled, so that it comes back when the office's line is removed.

    Raises:
        RuleError: there is no such entry, or it is an acronym, which stays as typed anyway.
    """
    word = next((one for one in words(language_dir) if one.typed == typed and not one.retired), None)
    if word is None or word.origin == "acronym":
        raise RuleError(f"`{typed}` tidak punya arti lain dalam kamus.")
    left = [one for one in entries(language_dir) if one.slang != typed]
    if any(spelling == typed for spelling, _, _ in shipped(language_dir / "slang.csv")):
        left.append(Slang(slang=typed, normal="", region=word.region, by=by, day=day))  # type: ignore[arg-type]
    write(language_dir, left)
    return word.meaning


def add(language_dir: Path, entry: Slang, known: Container[str] = ()) -> None:
    """Adds an entry, or replaces the one of the same word; the next batch of posts is read with it.

    Args:
        known: words that mean what they say and take no other meaning.

    Raises:
        RuleError: the entry would spoil other words.
        SettingsError: the file is broken or cannot be written.
    """
    own = {typed for typed, _, _ in shipped(language_dir / "slang.csv")}
    entry.check(() if entry.slang in own else known)
    write(language_dir, [*(one for one in entries(language_dir) if one.slang != entry.slang), entry])


def remove(language_dir: Path, slang: str) -> Slang:
    """Takes an entry of the office out and returns it; RuleError when there is none."""
    found = entries(language_dir)
    gone = [one for one in found if one.slang == slang]
    if not gone:
        raise RuleError(f"`{slang}` tidak ada dalam daftar kantor ini.")
    write(language_dir, [one for one in found if one.slang != slang])
    return gone[0]


def write(language_dir: Path, found: Sequence[Slang]) -> None:
    """Writes the table at once, whole."""
    path = language_dir / OFFICE_SLANG
    fresh = path.with_suffix(".partial")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            rows.writerows([getattr(one, name) for name in COLUMNS] for one in sorted(found, key=lambda one: one.slang))
        fresh.replace(path)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}; `tanggap init` makes a folder of your own."
        ) from None
