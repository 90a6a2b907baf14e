"""Evidence photos as links and hashes, so that one picture used for two reports is seen without keeping pictures.

Nothing is fetched. Where a payload carries the picture itself (base64), the hash is that of its bytes and says
`"of": "content"`; for a link it is that of the normalised address and says `"of": "url"`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawlers.news.urls import clean_url

#: Fields of a photo that may hold its address, where it comes as an object.
KEYS = ("url", "href", "src", "file", "image", "media_url")

#: Most photos of one report.
MOST = 20

DATA = re.compile(r"data:image/[\w.+\-]{1,30}(?:;[\w=.\-]{1,40}){0,3};base64,", re.IGNORECASE)
#: First letters of JPEG, PNG, GIF and WebP in base64.
BARE = re.compile(r"(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR)[A-Za-z0-9+/=\s]{60,}")


def photos(*values: Any) -> list[dict[str, str]]:
    """The photos that fields of a report name: links, base64, lists or objects of them; each once."""
    found: dict[str, dict[str, str]] = {}
    for value in flat(values):
        photo = read_photo(value)
        if photo and len(found) < MOST:
            found.setdefault(photo["hash"], photo)
    return list(found.values())


def flat(value: Any, depth: int = 4) -> list[str]:
    """The texts in lists and in the address fields of objects."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and depth:
        return [text for key in KEYS if key in value for text in flat(value[key], depth - 1)]
    if isinstance(value, list | tuple) and depth:
        return [text for inner in value[:MOST] for text in flat(inner, depth - 1)]
    return []


def read_photo(value: str) -> dict[str, str] | None:
    """One photo; None for an empty field."""
    value = value.strip()
    content = embedded(value)
    if content is not None:
        return {"hash": hashlib.sha256(content).hexdigest(), "of": "content"}
    if not value:
        return None
    return {
        "url": value[:2000],
        "hash": hashlib.sha256(normalised(value).encode("utf-8", "replace")).hexdigest(),
        "of": "url",
    }


def embedded(value: str) -> bytes | None:
    """The bytes of a picture that stands in the payload as base64, None where none does."""
    announced = DATA.match(value)
    if not announced and not BARE.match(value):
        return None
    try:
        return base64.b64decode(re.sub(r"\s+", "", value[announced.end() if announced else 0 :]), validate=False)
    except (binascii.Error, ValueError):
        return None


def normalised(address: str) -> str:
    """One spelling per picture: host in lower case, no scheme, fragment or trackers."""
    cleaned = clean_url(address)
    return urlunsplit(("", *urlsplit(cleaned)[1:])) if cleaned else address


def link(value: Any) -> str:
    """A photo field as it may be kept: its first link, "" where it holds none or the picture itself."""
    return next((text for text in flat(value) if embedded(text.strip()) is None), "")
