"""Pages per second and text F1 of our extraction beside trafilatura's own; `python -m benchmarks.extraction`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import trafilatura

from crawlers.news.charset import decode
from crawlers.news.extract import extract, joined
from tests.corpus.cases import Case, nameless, own_cases, saved_cases, text_f1

#: Rounds over all pages, of which the fastest counts.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to get the text out of a page."""

    name: str
    read: Callable[[str, str], str]


def ours(page: str, url: str) -> str:
    """Title, author, time, text, address and other parts."""
    return extract(page, url).text


def bare(page: str, _url: str) -> str:
    """The text alone, as the fastest trafilatura can."""
    return trafilatura.extract(page, fast=True, include_comments=False, include_tables=False) or ""


def with_metadata(page: str, url: str) -> str:
    """trafilatura's text, title, author and date."""
    document = trafilatura.bare_extraction(
        page, url=url, fast=True, with_metadata=True, include_comments=False, include_tables=False
    )
    return str(document.text) if document else ""


READERS = (
    Reader("tanggap, all fields", ours),
    Reader("trafilatura fast, text", bare),
    Reader("trafilatura fast, all fields", with_metadata),
)


def pages_of(cases: Iterable[Case]) -> list[tuple[str, str]]:
    """Text and address of every page, parts of split articles included."""
    return [(decode(body), f"https://a.example{url}") for case in cases for url, body in case.pages().items()]


def speed(reader: Reader, pages: list[tuple[str, str]]) -> float:
    """Pages per second of processor time on one core."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for page, url in pages:
            reader.read(page, url)
        spent.append(time.process_time() - begun)
    return len(pages) / min(spent)


def quality(reader: Reader, cases: list[Case], change: Callable[[str], str] = str) -> float:
    """Mean F1 of the texts, four-word shingles, over articles whose whole text is known."""
    return sum(
        text_f1(joined([reader.read(change(page), url) for page, url in pages_of([case])]), case.text) for case in cases
    ) / len(cases)


def main() -> None:
    """Prints one table per set of pages."""
    own, saved = own_cases(), saved_cases()
    for name, cases in (("our fixtures", own), ("saved real pages", saved)):
        pages = pages_of(cases)
        if not pages:
            print(f"\n{name}: not here")
            continue
        average = sum(len(page) for page, _ in pages) / len(pages) / 1024
        print(f"\n{name}: {len(pages)} pages, {average:.0f} KiB on average")
        print(f"{'':30}{'pages/s/core':>14}" + (f"{'F1':>8}{'F1 nameless':>14}" if cases is own else ""))
        for reader in READERS:
            scores = f"{quality(reader, own):8.3f}{quality(reader, own, nameless):14.3f}" if cases is own else ""
            print(f"{reader.name:30}{speed(reader, pages):14.0f}{scores}")


if __name__ == "__main__":
    main()
