"""Addresses of pages: one spelling per page, so that the same article is known again."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

#: Query fields that say where a reader came from, not what they read.
TRACKERS = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|yclid|igshid|mc_[ce]id|_ga|ref|ref_src|referrer|source|src|from|campaign|"
    r"tag_from|single|browser|zarsrc|traffic_source|medium|cmpid|s_cid|amp|r)$",
    re.IGNORECASE,
)

#: Query fields that ask for the whole of a split article, and those that ask for one part of it.
WHOLE = {"page": "all", "halaman": "all", "single": "1", "showpage": "all", "singlepage": "1"}
PART = ("page", "halaman", "hal", "p")

#: Longest address we ask for; longer ones are traps.
LONGEST = 2000


def clean_url(url: str, base: str = "") -> str | None:
    """`url` as it is kept: absolute, http(s), host in lower case, no fragment and no trackers; None if unusable."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username or len(url) > LONGEST:
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    place = f"[{host}]" if ":" in host else host
    netloc = place if port in (None, default) else f"{place}:{port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not TRACKERS.match(key)]
    return urlunsplit((parts.scheme, netloc, parts.path or "/", urlencode(kept), ""))


def canonical(declared: str | None, url: str) -> str:
    """The page's own idea of its address where it is believable (same site, not the home page), else `url`."""
    cleaned = clean_url(url) or url
    named = clean_url(declared, url) if declared else None
    if named is None or urlsplit(named).path in ("", "/") or not same_site(named, cleaned):
        return without_part(cleaned)
    return without_part(named)


def without_part(url: str) -> str:
    """The address of the article a part belongs to: `?page=2` and `?page=all` dropped."""
    parts = urlsplit(url)
    kept = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if part_number(key, value) is None
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def part_number(key: str, value: str) -> int | None:
    """Which part a query field asks for; 0 is the whole article, None that it asks for no part."""
    if WHOLE.get(key.lower()) == value.lower():
        return 0
    return int(value) if key.lower() in PART and value.isdecimal() and 0 < int(value) < 30 else None


def part_of(link: str, article: str) -> int | None:
    """Which part of `article` the address `link` shows: 2 for `?page=2` or `/2`, 0 for the whole; None if none."""
    there, here = urlsplit(link), urlsplit(article)
    if there.netloc != here.netloc:
        return None
    if there.path == here.path:
        numbers = [part_number(key, value) for key, value in parse_qsl(there.query)]
        return next((number for number in numbers if number is not None), None)
    tail = re.fullmatch(re.escape(here.path.rstrip("/")) + r"/(?:page/|halaman/?)?(\d{1,2}|all)/?", there.path)
    if not tail:
        return None
    return 0 if tail[1] == "all" else int(tail[1])


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one publisher: equal hosts, or equal last two labels (three under .co.id)."""
    return site(urlsplit(one).hostname or "") == site(urlsplit(other).hostname or "")


def site(host: str) -> str:
    """The part of a host name that one publisher owns."""
    if re.fullmatch(r"[\d.]+|[\da-f:]+", host):
        return host
    labels = host.split(".")
    take = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-take:])
