"""Labelled texts: our JSON Lines, SmSA's TSV and NusaX's CSV as they are, and which of them may be trained on."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from tanggap.errors import PayloadError

Origin = Literal["city", "written", "corrected", "smsa", "nusax"]
#: Origins of texts of the kind the product reads.
HOME = ("city", "written", "corrected")

#: Texts written to be watched: what models answer on them is compared whenever one changes. Never trained on.
CANARY = Path(__file__).parent / "models" / "canary.jsonl"

#: Words in a row that make two texts copies when they share enough of them.
SHINGLE = 5
#: Share of the shorter text's word rows that makes it a near copy.
NEAR_COPY = 0.5
#: Word rows that stand in more texts than this are greetings and templates; they make no copy.
TEMPLATE = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    id: str
    text: str
    #: "city" rows are what the product reads, "corrected" ones what staff set right; only those are measured.
    origin: Origin
    channel: str
    labels: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-1 of the normalised text: what a list of held-out texts names."""
        return hashlib.sha1(normalised(self.text).encode(), usedforsecurity=False).hexdigest()


def read_rows(path: Path) -> list[Row]:
    """The rows of a labelled file, told apart by its ending: .jsonl, .tsv (SmSA) or .csv (NusaX).

    Raises:
        PayloadError: the file cannot be read, or a line of it is not a labelled text; names the line.
    """
    reader = {".jsonl": _json_rows, ".tsv": _smsa_rows, ".csv": _nusax_rows}.get(path.suffix)
    if reader is None:
        raise PayloadError(f"{path}: labelled texts are .jsonl, .tsv (SmSA) or .csv (NusaX) files.")
    try:
        with path.open(encoding="utf-8", newline="" if path.suffix == ".csv" else None) as lines:
            return list(reader(path, lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PayloadError(f"{path} cannot be read: {error}.") from None


def _json_rows(path: Path, lines: Iterable[str]) -> Iterator[Row]:
    """Rows of our own format; a file named written* holds texts made for training."""
    origin: Origin = "written" if path.name.startswith("written") else "city"
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                channel = str(row.get("channel") or ("news" if "outlet" in row else path.stem))
                yield Row(str(row["id"]), str(row["text"]), origin, channel, row)
            except (ValueError, KeyError, AttributeError) as error:
                raise PayloadError(f"{path}, line {number}: no labelled text ({error}).") from None


def _smsa_rows(path: Path, lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        text, tab, label = line.rstrip("\n").rpartition("\t")
        if not tab:
            raise PayloadError(f"{path}, line {number}: no tab between text and label.")
        yield Row(f"{path.stem}-{number}", text, "smsa", path.stem, {"sentiment": label})


def _nusax_rows(path: Path, lines: Iterable[str]) -> Iterator[Row]:
    for number, row in enumerate(csv.DictReader(lines), 2):
        try:
            yield Row(f"{path.stem}-{row['id']}", row["text"], "nusax", path.stem, {"sentiment": row["label"]})
        except KeyError as error:
            raise PayloadError(f"{path}, line {number}: no column {error}.") from None


def normalised(text: str) -> str:
    """Lower case, links and @mentions removed, anything but a-z0-9 one space, stripped."""
    plain = re.sub(r"@\w+", " ", re.sub(r"https?://\S+|www\.\S+", " ", text.lower()))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def shingles(text: str) -> frozenset[str]:
    """All rows of five words of a text; a shorter text is one."""
    words = normalised(text).split()
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))


def allowed(rows: Sequence[Row], fingerprints: frozenset[str], gold: Sequence[Row]) -> list[Row]:
    """The rows that may be trained on: neither named by a fingerprint nor a copy or near copy of a gold text."""
    named = fingerprints | {row.fingerprint for row in gold}
    fresh = [row for row in rows if row.fingerprint not in named]
    families = copy_families([row.text for row in [*gold, *fresh]])
    held = set(families[: len(gold)])
    return [row for row, family in zip(fresh, families[len(gold) :], strict=True) if family not in held]


def copy_families(texts: Sequence[str]) -> list[int]:
    """A number per text: that of the first text it is a near copy of, directly or through others, else its own."""
    rows = [shingles(text) for text in texts]
    family = list(range(len(texts)))

    def head(number: int) -> int:
        while family[number] != number:
            family[number] = number = family[family[number]]
        return number

    for (one, other), shared in _shared(rows).items():
        if shared >= NEAR_COPY * min(len(rows[one]), len(rows[other])):
            first, later = sorted((head(one), head(other)))
            family[later] = first
    return [head(number) for number in range(len(texts))]


def _shared(rows: Sequence[frozenset[str]]) -> Counter[tuple[int, int]]:
    """How many word rows each pair of texts has in common, pairs without any left out."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for shingle in row - {""}:
            holders[shingle].append(number)
    return Counter(pair for texts in holders.values() if 1 < len(texts) <= TEMPLATE for pair in combinations(texts, 2))
