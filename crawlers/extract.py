"""Turns one news page into an article: title, author, time, text, address and the other parts of a split article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from lxml import etree, html

from crawlers.body import SHORTEST, article_text
from crawlers.dates import DAY_FIRST, assemble, read_time
from crawlers.marks import Marks, read_marks
from crawlers.urls import canonical, clean_url, part_of
from tanggap.errors import PayloadError

#: `Penulis: Rina Wati`, `Pewarta : Rina Wati`; a dash or a new label ends the name.
BYLINE = re.compile(
    r"^\W*(?:penulis|pewarta|reporter|oleh|laporan|by)\s*:?\s+(?P<name>[A-Z][\w'. -]{2,50})", re.IGNORECASE
)

BYLINE_CHARS = 90

#: A signature in capitals under the text.
SIGNATURE = re.compile(r"^[A-Z][A-Z.'-]+( [A-Z][A-Z.'-]*){1,3}$")

#: What parts a headline from the name of the site.
SUFFIX = re.compile(r"\s+(?:[-–—|»]|::)\s+(?P<tail>[^|]{2,40})$")

#: A headline that is only the site or a section is shorter than this.
HEADLINE = 12

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
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
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
    lines = [line for line in article_text(tree).splitlines() if line != title]
    signature = lines.pop() if lines and SIGNATURE.match(lines[-1]) else ""
    text = "\n".join(lines)
    if len(title) < HEADLINE:
        raise PayloadError("it has no headline")
    if len(text) < SHORTEST:
        raise PayloadError(f"it holds {len(text)} characters of running text, too few for an article")
    return Article(
        url=canonical(marks.canonical, url),
        title=title,
        text=text,
        author=byline(tree) or person(marks) or signature.title(),
        published_at=published(tree, marks, heading, hint),
        parts=other_parts(tree, url),
    )


def find_heading(tree: html.HtmlElement, marks: Marks) -> html.HtmlElement | None:
    """The heading that the marks repeat; of several the longest, for sites put their section into h1 too."""
    told = [key(value) for value in (marks.headline, marks.title, tree.findtext(".//title") or "") if value]
    found = [
        (len(words), element)
        for element in tree.iter("h1", "h2")
        if len(words := key(element.text_content())) >= HEADLINE
        and any(value.startswith(words) or words == value for value in told)
    ]
    if found:
        return max(found, key=lambda pair: pair[0])[1]
    marked = tree.xpath("//h1[@itemprop='headline']") or tree.xpath("//article//h1") or tree.xpath("//h1")
    long_enough = [element for element in marked if len(key(element.text_content())) >= HEADLINE]
    return long_enough[0] if len(long_enough) == 1 and not told else None


def key(text: str) -> str:
    """A text for comparison: letters and digits only."""
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def shorn(marks: Marks) -> str:
    """The stated title without the name of the site behind it."""
    match = SUFFIX.search(marks.title)
    return marks.title[: match.start()] if match and match.start() >= HEADLINE else marks.title


def byline(tree: html.HtmlElement) -> str:
    """The name behind `Penulis:` or its like, in a short line of the page."""
    for element in tree.iter("p", "div", "span", "td", "li", "strong", "b", "br"):
        told = element.tail or "" if element.tag == "br" else element.text_content()
        line = " ".join(told[:400].split())
        match = BYLINE.match(line) if len(line) < BYLINE_CHARS else None
        if match:
            return re.split(r"\s*(?:\||-|editor|,)\s*", match["name"], maxsplit=1, flags=re.IGNORECASE)[0].strip()
    return ""


def person(marks: Marks) -> str:
    """The stated author, unless it is an address or the site itself."""
    name = marks.author
    return "" if name.startswith("http") or (marks.site and key(marks.site) in key(name)) else name


def published(
    tree: html.HtmlElement, marks: Marks, heading: html.HtmlElement | None, hint: datetime | None
) -> datetime | None:
    """The publishing time: as marked for machines, else the feed's, a <time>, the date nearest to the headline.

    Some sites mark their local time as UTC; where the page shows the same clock time to people, it is Jakarta's.
    """
    shown = shown_time(tree, heading)
    for value in (*marks.times, hint.isoformat() if hint else "", *time_elements(tree)):
        marked = read_time(value)
        if marked is None:
            continue
        if shown and marked.utcoffset() == timedelta(0) and same_clock(marked, shown):
            return shown.replace(second=marked.second)
        return marked
    return shown


def same_clock(one: datetime, other: datetime) -> bool:
    """Whether two times show the same day, hour and minute, whatever their zones."""
    return one.replace(tzinfo=UTC, second=0, microsecond=0) == other.replace(tzinfo=UTC, second=0, microsecond=0)


def time_elements(tree: html.HtmlElement) -> list[str]:
    """The first <time> of the page, as a value for machines or for people."""
    found = [element.get("datetime") or element.text_content() for element in tree.iter("time")]
    return [value for value in found if value.strip()][:1]


def shown_time(tree: html.HtmlElement, heading: html.HtmlElement | None) -> datetime | None:
    """The date with a time of day that stands nearest to the headline, in reading order."""
    best: tuple[int, datetime] | None = None
    at = 0
    texts: list[tuple[int, str]] = []
    for place, element in enumerate(tree.iter()):
        if element is heading:
            at = place
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "title"):
            continue
        texts.extend((place, piece) for piece in (element.text, element.tail) if piece and 8 < len(piece) < 300)
    for place, piece in texts:
        match = DAY_FIRST.search(" ".join(piece.split()))
        moment = assemble(match.groupdict()) if match and match["hour"] else None
        if moment and (best is None or abs(place - at) < best[0]):
            best = abs(place - at), moment
    return best[1] if best else None


def other_parts(tree: html.HtmlElement, url: str) -> tuple[str, ...]:
    """Addresses of the parts of a split article that this page links to."""
    here = clean_url(url) or url
    found: dict[int, str] = {}
    for link in tree.xpath("//a/@href"):
        target = absolute(url, link)
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
