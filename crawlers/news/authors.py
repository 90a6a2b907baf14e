"""Finds who wrote an article: a byline, the page's marks, a link to the author's page, or a signature in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html

from crawlers.news.lines import OPENING_CHARS, opening, stem
from crawlers.news.marks import Marks

#: Up to five words with a capital each; a word before a colon is a label. `Kontributor Depok, Rina Wati` stays whole.
NAME = r"(?:Kontributor [A-Z]\w+, )?[A-Z][\w'’.-]*(?!\w*\s*:)(?: [A-Z][\w'’.-]*(?!\w*\s*:)){0,4}"

#: `Penulis: Rina Wati`, `Oleh Rina Wati`; behind other words only after a bar and with a colon.
BYLINE = re.compile(
    rf"(?:^\W*(?i:penulis|pewarta|reporter|rep|oleh|laporan|by)\b\s*:?\s+|[|•·]\s*(?i:penulis|pewarta|reporter)\s*:\s*)"
    rf"(?P<name>{NAME})"
)

#: Elements named after what they hold.
MARKED = re.compile(r"\b(author|penulis|journalist|jurnalis|reporter|nmreporter|writer)", re.IGNORECASE)

#: Addresses of pages about one author.
PROFILE = re.compile(r"/(author|penulis|reporter|jurnalis|wartawan|profil)/", re.IGNORECASE)

#: A signature in capitals under the text.
SIGNATURE = re.compile(r"^[A-Z][A-Z.'-]+( [A-Z][A-Z.'-]*){1,3}$")

#: Words of a newsroom or its software; who is named so is no person.
NEWSROOM = re.compile(
    r"\b(admin\w*|redaksi|tim|team|newsroom|kominfo\w*|humas|diskominfo\w*|desk)\b|\.(com|co|id|net)\b|https?:|@",
    re.IGNORECASE,
)


def find_author(page: html.HtmlElement, heading: html.HtmlElement | None, marks: Marks) -> str:
    """The first person that a byline, the marks or a link by the headline names; "" for nobody."""
    return next(persons(bylines(page), marks), "") or next(persons(marks.authors, marks), "") or beside(heading, marks)


def persons(names: Iterable[str], marks: Marks) -> Iterator[str]:
    """Those of some names that are neither the outlet nor its newsroom."""
    outlets = {stem(outlet) for outlet in marks.outlets}
    return (name for name in names if name and not NEWSROOM.search(name) and stem(name) not in outlets)


def bylines(page: html.HtmlElement) -> Iterator[str]:
    """The names behind `Penulis:` or its like, in short lines of the page."""
    for element in page.iter("p", "div", "span", "td", "li", "strong", "b", "em", "h6", "tr", "br"):
        told = element.tail or "" if element.tag == "br" else opening(element)
        match = BYLINE.search(told) if len(told) < OPENING_CHARS else None
        if match:
            yield match["name"].rstrip(" .-")


def beside(heading: html.HtmlElement | None, marks: Marks) -> str:
    """The name in an element marked as the author's, or in a link to an author's page, after the headline."""
    if heading is None:
        return ""
    for element in heading.xpath("following::*[self::a or @class or @itemprop]"):
        named = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('rel', '')}"
        if MARKED.search(named) or (element.tag == "a" and PROFILE.search(element.get("href", ""))):
            match = re.match(NAME, opening(element))
            found = next(persons([match[0]], marks), "") if match else ""
            if found:
                return found
    return ""
