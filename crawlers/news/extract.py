"""Turns one news page into an article: title, author, time, text, address and the other parts of a split article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree, html

from crawlers.news.authors import SIGNATURE, find_author
from crawlers.news.body import SHORTEST, article_lines
from crawlers.news.lines import signed_off
from crawlers.news.marks import Marks, read_marks
from crawlers.news.published import published
from crawlers.news.urls import canonical, clean_url, part_of
from tanggap.errors import PayloadError

#: What parts a headline from the name of the site.
SUFFIX = re.compile(r"\s+(?:[-–—|»]|::)\s+(?P<tail>[^|]{2,40})$")

#: Class names of headlines.
HEADED = re.compile(r"judul|title|headline", re.IGNORECASE)

#: A headline that is only the site or a section is shorter than this.
HEADLINE = 12

#: Links that may lead to another part of the same article.
PART = re.compile(r"[?&]\w+=(all|\d{1,2})(&|#|$)|(/|halaman)(\d{1,2}|all)/?(#|$)", re.IGNORECASE)

#: Most parts of a split article that are followed.
PARTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, before the door."""

    url: str
    title: str
    text: str
    author: str
    #: None where page and feed name no time.
    published_at: datetime | None
    #: Addresses of the other parts in reading order, or the one address of the whole.
    parts: tuple[str, ...] = ()


def parse(page: str) -> html.HtmlElement:
    """The tree of a page.

    Raises:
        PayloadError: there is nothing in it, or it is nested like a trap.
    """
    try:
        # Bytes, because lxml refuses text that begins with an encoding declaration.
        reader = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=reader)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PayloadError(f"it is no page: {error}") from None


def extract(page: str, url: str, hint: datetime | None = None) -> Article:
    """The article of a page; `hint` is the time its feed gives it.

    Raises:
        PayloadError: the page is empty, has no headline, or too little running text to be an article.
    """
    tree = parse(page)
    marks = read_marks(tree)
    heading = find_heading(tree, marks)
    title = " ".join(heading.text_content().split()) if heading is not None else marks.headline or shorn(marks)
    author = find_author(tree, heading, marks)
    time = published(tree, marks, heading, hint)
    parts = other_parts(tree, url)
    lines = [line for line in article_lines(tree, heading) if line != title]
    signature = lines.pop() if lines and SIGNATURE.match(lines[-1]) else ""
    text = "\n".join(signed_off(lines, marks.outlets))
    if len(title) < HEADLINE:
        raise PayloadError("it has no headline")
    if len(text) < SHORTEST:
        raise PayloadError(f"it holds {len(text)} characters of running text, too few for an article")
    return Article(
        url=canonical(marks.canonical, url),
        title=title,
        text=text,
        author=author or signature.title(),
        published_at=time,
        parts=parts,
    )


def find_heading(tree: html.HtmlElement, marks: Marks) -> html.HtmlElement | None:
    """The heading that the marks repeat; of several the longest, for sites put their section into h1 too."""
    told = [key(value) for value in (marks.headline, marks.stated_title, marks.title) if value]
    found = [
        (len(words), element)
        for element in tree.iter("h1", "h2")
        if len(words := key(element.text_content())) >= HEADLINE
        and any(value.startswith(words) or words == value for value in told)
    ]
    if found:
        return max(found, key=lambda pair: pair[0])[1]
    if marks.headline or marks.stated_title:
        return None
    named = [element for element in tree.iter("h1", "h2") if HEADED.search(element.get("class", ""))]
    long_enough = [element for element in named if len(key(element.text_content())) >= HEADLINE]
    return long_enough[0] if len(long_enough) == 1 else None


def key(text: str) -> str:
    """A text for comparison: letters and digits only."""
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def shorn(marks: Marks) -> str:
    """The stated title without the name of the site behind it."""
    title = marks.stated_title or marks.title
    match = SUFFIX.search(title)
    return title[: match.start()] if match and match.start() >= HEADLINE else title


def other_parts(tree: html.HtmlElement, url: str) -> tuple[str, ...]:
    """Addresses of the parts of a split article that this page links to."""
    here = clean_url(url) or url
    found: dict[int, str] = {}
    for link in tree.xpath("//a/@href"):
        target = absolute(url, link) if PART.search(link.strip()) else ""
        number = part_of(target, here) if target else None
        if number is not None and number != 1:
            found.setdefault(number, target)
    if 0 in found:
        return (found[0],)
    return tuple(found[number] for number in sorted(found)[: PARTS - 1])


def absolute(base: str, link: str) -> str:
    """`link` as an http(s) address; "" for anything else."""
    try:
        target = urljoin(base, link.strip())
    except ValueError:
        return ""
    return target.split("#")[0] if target.startswith(("http://", "https://")) else ""


def joined(texts: list[str]) -> str:
    """The parts of a split article as one text; lines that every part repeats stand once."""
    return "\n".join(dict.fromkeys(line for text in texts for line in text.splitlines()))
