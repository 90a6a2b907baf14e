"""The pages extraction is measured on: our own fixtures beside this file, and saved real pages where they exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from tanggap.clock import WIB

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: Real pages with their true title, time and author; they stand beside the project, not in it.
SAVED = ROOT.parent / "shared" / "data" / "pages"

#: Words per shingle, as in scrapinghub/article-extraction-benchmark.
SHINGLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article as its page should be read."""

    site: str
    #: Path on the site.
    url: str
    page: Path
    title: str
    published_at: datetime
    #: "" where the page names no person; None where nobody has told who wrote it.
    author: str | None
    #: The paragraphs, or the first and last sentence of a saved page.
    text: tuple[str, ...]
    #: Query string of the other parts -> their page.
    parts: Mapping[str, Path] = field(default_factory=dict)
    #: Words of the page that are not the article's.
    absent: tuple[str, ...] = ()

    def pages(self) -> dict[str, bytes]:
        """Every address of the article on its site -> what stands there."""
        others = {self.url + query: path.read_bytes() for query, path in self.parts.items()}
        return {self.url: self.page.read_bytes(), **others}


def own_cases() -> list[Case]:
    """Our fixtures, one per site layout."""
    cases = []
    for path in sorted(HERE.glob("*/expected.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        cases.append(
            Case(
                site=path.parent.name,
                url=told["url"],
                page=path.with_name("page.html"),
                title=told["title"],
                published_at=datetime.fromisoformat(told["published_at"]),
                author=told["author"],
                text=tuple(told["text"]),
                parts={query: path.with_name(name) for query, name in told.get("parts", {}).items()},
                absent=tuple(told["absent"]),
            )
        )
    return cases


def saved_cases() -> list[Case]:
    """The saved pages; none where the folder is missing."""
    index = SAVED / "index.jsonl"
    rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()] if index.is_file() else []
    return [
        Case(
            site=Path(row["file"]).stem.removeprefix("anpandu__"),
            url=f"/berita/{Path(row['file']).stem}",
            page=SAVED / row["file"],
            title=row["title"],
            published_at=datetime.fromisoformat(row["date"]),
            author=row["author"],
            text=(row["first_sentence"], row["last_sentence"]),
        )
        for row in rows
    ]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words in a text, or the whole of a shorter one."""
    words = re.findall(r"\w+", text.lower())
    runs = [tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))]
    return Counter(runs if words else [])


def text_f1(found: str, expected: Sequence[str]) -> float:
    """F1 over four-word shingles, 1.0 for an exact text; line breaks and punctuation do not count."""
    got, due = shingles(found), shingles(" ".join(expected))
    shared = sum((got & due).values())
    return 2 * shared / (got.total() + due.total()) if got or due else 1.0


def nameless(page: str) -> str:
    """The page with each class and id replaced by a hash, as on a site whose names tell nothing."""
    return re.sub(r'\b(class|id)="([^"]*)"', lambda found: f'{found[1]}="x{crc32(found[2].encode()):08x}"', page)


def same_minute(found: datetime, expected: datetime) -> bool:
    """Whether two instants differ by less than a minute; many pages tell no seconds."""
    return abs(found.astimezone(WIB) - expected) < timedelta(minutes=1)


def holds(text: str, sentence: str) -> bool:
    """Whether a text holds a sentence, blanks before punctuation aside."""

    def plain(words: str) -> str:
        return re.sub(r"\s+([,.])", r"\1", " ".join(words.split()))

    return plain(sentence) in plain(text)
