"""The word tables of config/language: one reader, one fault message, and the plain lists built from them."""

from __future__ import annotations

import csv
from pathlib import Path

from tanggap.city import OFFICE_SLANG
from tanggap.errors import SettingsError


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header; values are stripped, empty lines and lines starting with # are skipped.

    Raises:
        SettingsError: the file is missing, not UTF-8, or a line has too few or too many values; names the line.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            header = next(lines, [])
            rows = [
                _row(path, lines.line_num, header, values)
                for values in lines
                if values and not values[0].startswith("#")
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} cannot be read as a word table: {error}.") from None
    return rows


def _row(path: Path, line: int, header: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(header):
        raise SettingsError(
            f"{path}, line {line}: {len(values)} values instead of {len(header)} ({', '.join(header)})."
        )
    return {key: value.strip() for key, value in zip(header, values, strict=True)}


def read_slang(language_dir: Path) -> dict[str, str]:
    """What people type -> what it means: the shipped table, and over it what the office added or retired."""
    office = language_dir / OFFICE_SLANG
    rows = read_table(language_dir / "slang.csv") + (read_table(office) if office.exists() else [])
    meant = {row["slang"]: row["normal"] for row in rows}
    return {typed: normal for typed, normal in meant.items() if normal}


def read_acronyms(language_dir: Path) -> dict[str, str]:
    """Acronyms that stay as people type them -> what they stand for; {} in a folder older than the table."""
    path = language_dir / "acronyms.csv"
    return {row["acronym"]: row["meaning"] for row in read_table(path)} if path.exists() else {}


def read_words(path: Path) -> frozenset[str]:
    """The `word` column of a table as a set."""
    return frozenset(row["word"] for row in read_table(path))


def read_classes(language_dir: Path) -> dict[str, list[str]]:
    """Classes of meaning -> their words and phrases, which training reads; {} in a folder older than the table."""
    path = language_dir / "classes.csv"
    found: dict[str, list[str]] = {}
    for row in read_table(path) if path.exists() else ():
        found.setdefault(row["class"], []).append(row["word"])
    return found
