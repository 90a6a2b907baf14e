"""Finds the text of an article in a page: the densest column, without inserts, read by trafilatura."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from typing import Any

import trafilatura
from lxml import etree, html

#: Elements that never hold the article's own words.
FOREIGN = ("script", "style", "noscript", "template", "iframe", "form", "nav", "aside", "footer", "figure", "button",
           "select", "svg", "video", "audio", "object", "embed")  # fmt: skip

#: Elements that may be such an insert.
BOXES = ("div", "section", "ul", "ol", "table", "p", "blockquote", "span", "strong", "b", "em", "h3", "h4", "h5", "a")

#: Boxes inside the column that are not the article: links to other articles, sharing, advertisements, comments.
INSERTS = re.compile(
    r"baca-?juga|bacajuga|simak-?juga|lihat-?juga|berita-?terkait|related|linksisip|sisip|parallax|"
    r"\bshare|sharing|social|komentar|comment|\bads?\b|\bads?[-_]|advert|iklan|banner|newsletter|twitter-tweet|"
    r"instagram-media|tiktok-embed|\btags?\b|paging|pagination|caption|copyright|disclaimer",
    re.IGNORECASE,
)

#: An insert that only its words give away.
READ_ALSO = re.compile(
    r"^\W*(baca|simak|lihat|tonton|saksikan|dengarkan|cek)(\s+(juga|pula|selengkapnya))?\s*(:|\b(?<=juga)|berita\b|video\b)",
    re.IGNORECASE,
)

#: Whole lines that sites put around an article.
BOILERPLATE = re.compile(
    r"^\W*("
    r"(advertisement|iklan|scroll to (continue|resume)[\w ]*|load more.*|komentar|halaman( \d+)*( selanjutnya)?:?|"
    r"(selanjutnya|sebelumnya)\W*(halaman)?|bagikan( artikel)?( ini)?|share( this)?( article)?|tag(s|ar)?:.*|topik:.*|"
    r"(berita |artikel )?(terkait|lainnya|terpopuler)|(baca|simak|lihat) juga)\W*$"
    r"|copyright\b|hak cipta|©|\(c\)\s*\d{4}|all rights reserved|disclaimer\b|"
    r"(editor|redaktur|penulis|pewarta|reporter|uploader|penyunting|red|sumber|source|rep)\s*:.{0,80}$|"
    r"(ikuti|dapatkan|gabung|download|unduh|follow)\b.{0,160}\b"
    r"(whatsapp|telegram|google news|aplikasi|channel|saluran|kami di)\b|"
    r"\[gambas:.*\]|\(\w{2,6}(/\w{2,6}){0,3}\)\W*$|(foto|photo|ilustrasi)\s*:.{0,120}$|.{0,160}\bfoto:\s[\w/ .-]{2,40}$"
    r")",
    re.IGNORECASE,
)

#: Characters of running text that make a block count.
BLOCK = 40

#: Below this an extract is no article.
SHORTEST = 200


def article_text(tree: html.HtmlElement) -> str:
    """The paragraphs of the article, one per line; "" where the page holds none."""
    whole = cleaned(tree)
    column = densest(whole)
    narrow = "" if column is None else paragraphs(column)
    return narrow if len(narrow) >= SHORTEST else tidy(read(whole))


def cleaned(tree: html.HtmlElement) -> html.HtmlElement:
    """A copy of the page without foreign elements and inserts."""
    page = deepcopy(tree)
    etree.strip_tags(page, etree.Comment, etree.ProcessingInstruction)
    for element in list(page.iter(*FOREIGN)):
        drop(element)
    for element in list(page.iter(*BOXES)):
        if element.getparent() is not None and is_insert(element):
            drop(element)
    return page


def drop(element: html.HtmlElement) -> None:
    """Removes an element but keeps the words that follow it."""
    if element.getparent() is not None and element.tag not in ("html", "body"):
        element.drop_tree()


def is_insert(element: html.HtmlElement) -> bool:
    """Whether an element is a box of links or words that do not belong to the article."""
    text = words(element)
    if len(text) < 400 and READ_ALSO.match(text) and (linked(element) > 0.2 or len(text) < 30):
        return True
    marked = f"{element.get('class', '')} {element.get('id', '')}"
    if INSERTS.search(marked) and len(text) < 1500 and running_text(element) < SHORTEST:
        return True
    return element.tag in ("ul", "ol", "table", "div") and linked(element) > 0.7


def running_text(element: html.HtmlElement) -> int:
    """Characters of an element that stand in blocks long enough for a sentence."""
    return sum(mass for block in element.iter("p", "div", "td", "span") if (mass := own_text(block)) >= 2 * BLOCK)


def linked(element: html.HtmlElement) -> float:
    """The share of an element's words that stand in links."""
    length = len(words(element))
    return sum(len(words(a)) for a in element.iter("a")) / length if length else 0.0


def words(element: html.HtmlElement) -> str:
    """The text of an element in one line."""
    return " ".join(element.text_content().split())


def densest(page: html.HtmlElement) -> html.HtmlElement | None:
    """The element that holds most running text: each block counts for its container, less for those around it."""
    weight: dict[Any, float] = defaultdict(float)
    for element in page.iter("p", "div", "td", "section", "article", "span", "blockquote", "li"):
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


def own_text(element: html.HtmlElement) -> int:
    """Characters that stand directly in an element or in its inline children, links left out."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag in ("b", "strong", "i", "em", "u", "font", "sup", "sub"):
            pieces.append(child.text_content())
        pieces.append(child.tail or "")
    return len(" ".join(" ".join(pieces).split()))


def paragraphs(column: html.HtmlElement) -> str:
    """The column read by trafilatura, or by its own line breaks where trafilatura drops a good part of it."""
    page = html.Element("html")
    body = etree.SubElement(page, "body")
    etree.SubElement(body, "article").append(deepcopy(column))
    found, plain = tidy(read(page)), tidy(broken_lines(column))
    return found if len(found) >= 0.9 * len(plain) else plain


def read(page: html.HtmlElement) -> str:
    """trafilatura's reading of a tree; comments and tables are no news text."""
    document = trafilatura.bare_extraction(
        deepcopy(page), fast=True, with_metadata=False, include_comments=False, include_tables=False
    )
    return str(getattr(document, "text", None) or "")


def broken_lines(column: html.HtmlElement) -> str:
    """The text of a column with a line per block element or line break."""
    copy = deepcopy(column)
    for element in copy.iter("br", "p", "div", "li", "h2", "h3", "h4", "blockquote", "tr"):
        element.tail = "\n" + (element.tail or "")
        element.text = "\n" + (element.text or "")
    return str(copy.text_content())


def tidy(text: str) -> str:
    """Lines without boilerplate, inserts and repeats; list marks dropped."""
    lines: dict[str, None] = {}
    for raw in text.splitlines():
        line = " ".join(raw.split()).removeprefix("- ").strip()
        if line and not BOILERPLATE.match(line) and not (len(line) < 250 and READ_ALSO.match(line)):
            lines.setdefault(line)
    return "\n".join(lines)
