"""Finds the text of an article in a page: the densest column, without inserts, read by trafilatura."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass

import trafilatura
from lxml import etree, html

from crawlers.news.lines import READ_ALSO, SUMMARY, opening, tidy

#: Elements that never hold the article's own words; those of AMP pages are told by their prefix.
FOREIGN = frozenset(
    "script style noscript template iframe form nav aside footer figure button select svg video audio object "
    "embed ins dialog textarea".split()
)

#: Elements that may be an insert.
BOXES = frozenset("div section ul ol table p blockquote span strong b em h2 h3 h4 h5 a figcaption article".split())

#: Boxes of which the words run on in the line around them; a label in one takes nothing with it.
INLINE = frozenset("span strong b em a".split())

#: Elements that may hold a paragraph of their own.
BLOCKS = frozenset("p div td section article span blockquote li".split())

#: Names of boxes inside the column: links to other articles, sharing, advertisements, captions.
INSERTS = re.compile(
    r"baca-?juga|bacajuga|simak-?juga|lihat-?juga|berita-?terkait|related|linksisip|sisip|parallax|"
    r"\bshare|sharing|social|\bads?\b|\bads?[-_]|advert|iklan|banner|twitter-tweet|"
    r"instagram-media|tiktok-embed|\btags?\b|paging|pagination|caption|copyright|ten-second|summary-article",
    re.IGNORECASE,
)

#: Names of what readers say, which may be longer than the article.
COMMENTS = re.compile(r"\b(comments?|komentar)(\b|_)|commentlist", re.IGNORECASE)

#: Names of boxes beside the column: other articles, who we are.
BESIDE = re.compile(
    r"\b(related|terkait|rekomendasi|recommend\w*|(ter)?popul[ae]r|trending|terkini|lainnya|"
    r"next-article|sidebar|author-?box|newsletter|cookies?|kuki|footer|disclaimer)(\b|_)",
    re.IGNORECASE,
)

#: Characters of running text that make a block count.
BLOCK = 40

#: Characters of a block that is surely a sentence.
SENTENCE = 80

#: A box with a headline and a teaser holds fewer characters.
CARD = 600

#: Below this an extract is no article.
SHORTEST = 200


@dataclass(slots=True)
class Mass:
    """Characters inside one element."""

    text: int = 0
    #: Inside links.
    linked: int = 0
    #: Inside blocks long enough for a sentence.
    running: int = 0


def article_lines(page: html.HtmlElement, heading: html.HtmlElement | None) -> list[str]:
    """The paragraphs of the article, none where the page holds none; the page is taken apart."""
    masses = without_inserts(page, heading)
    column = densest(page)
    narrow = [] if column is None else paragraphs(widened(column, masses))
    return narrow if sum(map(len, narrow)) >= SHORTEST else tidy(read(page))


def without_inserts(page: html.HtmlElement, heading: html.HtmlElement | None) -> dict[html.HtmlElement, Mass]:
    """Takes foreign elements and inserts out of a page; the masses of its elements as they were before."""
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    masses = weigh(elements)
    holders = set() if heading is None else {heading, *heading.iterancestors()}
    whole = masses[page].running
    in_rows = cards(elements, masses)
    gone: set[html.HtmlElement] = set()
    for element in elements:
        if element.getparent() in gone:
            gone.add(element)
        elif element in holders or element.tag == "body":
            continue
        elif element in in_rows or is_foreign(element, masses[element], whole):
            gone.add(element)
            element.drop_tree()
    return masses


def weigh(elements: list[html.HtmlElement]) -> dict[html.HtmlElement, Mass]:
    """The mass of each element of a tree given in document order."""
    masses = {element: Mass() for element in elements}
    for element in reversed(elements):
        mass = masses[element]
        mass.text += size(element.text)
        if element.tag == "a":
            mass.linked = mass.text
        if element.tag in BLOCKS and (own := own_text(element)) >= SENTENCE:
            mass.running += own
        above = masses.get(element.getparent())
        if above is not None:
            above.text += mass.text + size(element.tail)
            above.linked += mass.linked
            above.running += mass.running
    return masses


def size(text: str | None) -> int:
    """Characters of a text, runs of blanks counted once."""
    return len(" ".join(text.split())) if text else 0


def own_text(element: html.HtmlElement) -> int:
    """Characters that stand directly in an element or in its inline children, links left out."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag in ("b", "strong", "i", "em", "u", "font", "sup", "sub"):
            pieces.append(child.text_content())
        pieces.append(child.tail or "")
    return size(" ".join(pieces))


def is_foreign(element: html.HtmlElement, mass: Mass, whole: int) -> bool:
    """Whether an element does not belong to the article; `whole` is the running text of the page."""
    if element.tag in FOREIGN or element.tag.startswith("amp-"):
        return True
    if element.tag not in BOXES or not mass.text:
        return False
    named = f"{element.get('class', '')} {element.get('id', '')}"
    few = mass.running < SHORTEST and mass.text < 1500
    if (few and INSERTS.search(named)) or (2 * mass.running < whole and BESIDE.search(named)):
        return True
    if whole - mass.running >= SHORTEST and COMMENTS.search(named):
        return True
    return is_box_of_links(element, mass) or (few and is_told(element, mass))


def is_box_of_links(element: html.HtmlElement, mass: Mass) -> bool:
    """Whether a box holds little more than links."""
    share = mass.linked / mass.text
    listing = (share > 0.7 and mass.running < SHORTEST) or (share > 0.5 and not mass.running)
    return listing and element.tag in ("ul", "ol", "table", "div", "section")


def cards(elements: list[html.HtmlElement], masses: dict[html.HtmlElement, Mass]) -> set[html.HtmlElement]:
    """Boxes that stand in a row of their like and each link to another article, with or without a teaser."""
    rows: dict[tuple[html.HtmlElement, str, str], list[html.HtmlElement]] = defaultdict(list)
    for element in elements:
        if element.tag in ("div", "section", "article", "table", "ul", "h3", "h4") and masses[element].text < CARD:
            rows[element.getparent(), element.tag, element.get("class", "")].append(element)
    found: set[html.HtmlElement] = set()
    for row in rows.values():
        linking = [box for box in row if masses[box].linked > 0.2 * masses[box].text]
        if len(linking) >= 3 and len(linking) > 0.7 * len(row):
            found.update(linking)
    return found


def is_told(element: html.HtmlElement, mass: Mass) -> bool:
    """Whether the first words of a box tell that it is an insert."""
    words = opening(element)
    if READ_ALSO.match(words):
        return mass.text < 400 and (mass.linked > 0.2 * mass.text or (mass.text < 30 and element.tag not in INLINE))
    return element.tag not in INLINE and element.find(".//li") is not None and bool(SUMMARY.match(words))


def densest(page: html.HtmlElement) -> html.HtmlElement | None:
    """The element that holds most running text: each block counts for its container, less for those around it."""
    weight: dict[html.HtmlElement, float] = defaultdict(float)
    for element in page.iter(*BLOCKS):
        mass = own_text(element)
        if mass < BLOCK:
            continue
        holder = element.getparent() if element.tag in ("p", "span", "blockquote", "li") else element
        share = 1.0
        for _ in range(3):
            if holder is None or holder.tag in ("html", "body"):
                break
            weight[holder] += mass * share
            holder, share = holder.getparent(), share * 0.6
    return max(weight, key=weight.__getitem__, default=None)


def widened(column: html.HtmlElement, masses: dict[html.HtmlElement, Mass]) -> html.HtmlElement:
    """The column, or what holds it and its like: some sites put each part of a text into a box of its own."""
    for box in (column, *list(column.iterancestors())[:2]):
        holder = box.getparent()
        if box.tag == "body" or holder is None:
            break
        alike = (other for other in holder if (other.tag, other.get("class")) == (box.tag, box.get("class")))
        if box.get("class") and any(masses[other].running >= SHORTEST for other in alike if other is not box):
            return holder
    return column


def paragraphs(column: html.HtmlElement) -> list[str]:
    """The column read by trafilatura, or by its own line breaks where trafilatura drops a good part of it."""
    page = html.Element("html")
    body = etree.SubElement(page, "body")
    etree.SubElement(body, "article").append(deepcopy(column))
    found, plain = tidy(read(page)), tidy(broken_lines(column))
    return found if sum(map(len, found)) >= 0.9 * sum(map(len, plain)) else plain


def read(page: html.HtmlElement) -> str:
    """trafilatura's reading of a tree; comments and tables are no news text."""
    document = trafilatura.bare_extraction(
        page, fast=True, with_metadata=False, include_comments=False, include_tables=False
    )
    return str(getattr(document, "text", None) or "")


def broken_lines(column: html.HtmlElement) -> str:
    """The text of a column with a line per block element or line break."""
    for element in column.iter("br", "p", "div", "li", "h2", "h3", "h4", "blockquote", "tr"):
        element.tail = "\n" + (element.tail or "")
        element.text = "\n" + (element.text or "")
    return str(column.text_content())
