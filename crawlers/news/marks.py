"""What a page says about its article in marks for machines: JSON-LD, meta fields, canonical address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html

#: schema.org types that are an article.
ARTICLE_TYPES = (
    "Article",
    "NewsArticle",
    "ReportageNewsArticle",
    "BlogPosting",
    "AnalysisNewsArticle",
    "LiveBlogPosting",
)

#: Meta fields of the publishing time, most telling first.
TIME_NAMES = (
    "article:published_time", "datepublished", "og:published_time", "publishdate", "pubdate", "publish-date",
    "content_publisheddate", "dtk:publishdate", "originalpublicationdate", "parsely-pub-date", "dc.date.issued",
    "dc.date", "date",
)  # fmt: skip

#: Meta fields of the author, `content_author` and `dtk:author` before the plain one, which often names the outlet.
AUTHOR = re.compile(r"(.+[:_.-])?author")

#: Meta fields that name the outlet.
OUTLET_NAMES = ("og:site_name", "twitter:site", "copyright")

TITLE_NAMES = ("og:title", "twitter:title", "title")


@dataclass(frozen=True, slots=True)
class Marks:
    """Machine-readable statements of one page; "" where it makes none."""

    #: Of the <title> element, of the meta fields, and of JSON-LD.
    title: str = ""
    stated_title: str = ""
    headline: str = ""
    #: Every stated publishing time, most telling first, as written.
    times: tuple[str, ...] = ()
    #: Every stated author, most telling first; outlets and addresses among them.
    authors: tuple[str, ...] = ()
    #: How the outlet calls itself.
    outlets: tuple[str, ...] = ()
    canonical: str = ""


def read_marks(tree: html.HtmlElement) -> Marks:
    """The marks of a parsed page; broken JSON-LD is passed over."""
    article: Mapping[str, Any] = next(articles(tree), {})
    meta = metas(tree)
    links = tree.xpath("//link[@rel='canonical']/@href")
    named = [str(article[key]) for key in ("datePublished", "dateCreated") if article.get(key)]
    return Marks(
        title=" ".join((tree.findtext(".//title") or "").split()),
        stated_title=first(meta, TITLE_NAMES),
        headline=plain(article.get("headline")),
        times=(*named[:1], *(meta[name] for name in TIME_NAMES if name in meta), *stamped(tree)),
        authors=(
            *names(article.get("author")),
            *(meta[name] for name in sorted(meta, key=len, reverse=True) if AUTHOR.fullmatch(name)),
        ),
        outlets=(*names(article.get("publisher")), *(meta[name] for name in OUTLET_NAMES if name in meta)),
        canonical=str(links[0]) if links else "",
    )


def metas(tree: html.HtmlElement) -> dict[str, str]:
    """Name, property or itemprop of each meta element -> its first content that is not empty."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for key in ("property", "name", "itemprop"):
            if content and element.get(key):
                found.setdefault(element.get(key).strip().lower(), content)
    return found


def stamped(tree: html.HtmlElement) -> list[str]:
    """Times of elements marked as the publishing time of the article."""
    marked = tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]")
    return [value for value in (e.get("datetime") or e.get("content") or e.text_content() for e in marked) if value]


def articles(tree: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """JSON-LD objects that are an article."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (thing for thing in things(data) if typed(thing))


def things(data: Any, depth: int = 4) -> Iterator[Mapping[str, Any]]:
    """Every object of a JSON-LD document, through lists, `@graph` and `mainEntity`."""
    if isinstance(data, list) and depth:
        for entry in data[:50]:
            yield from things(entry, depth - 1)
    elif isinstance(data, Mapping):
        yield data
        for key in ("@graph", "mainEntity"):
            if depth and key in data:
                yield from things(data[key], depth - 1)


def typed(thing: Mapping[str, Any]) -> bool:
    """Whether an object calls itself an article."""
    kinds = thing.get("@type")
    return any(kind in ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds]))


def names(value: Any) -> tuple[str, ...]:
    """The names of a field that may hold a name, an object or a list of either."""
    if isinstance(value, list):
        return tuple(name for entry in value[:10] for name in names(entry))
    name = plain(value.get("name") if isinstance(value, Mapping) else value)
    return (name,) if name else ()


def plain(value: Any) -> str:
    """A text value in one line, entities resolved; "" for anything else."""
    if not isinstance(value, str) or not value.strip():
        return ""
    return " ".join(html.fromstring(f"<p>{value}</p>").text_content().split())


def first(meta: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of `names` that the page states."""
    return next((meta[name] for name in names if name in meta), "")
