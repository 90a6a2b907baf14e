"""Turns the bytes of a page into text although their charset is wrong, unknown or not told."""

from __future__ import annotations

import codecs
import re

#: `<meta charset=...>` and its older spelling, within the first bytes of a page.
META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(body: bytes, declared: str = "") -> str:
    """The text of `body`: by its mark, as UTF-8 where that fits, as declared, and last as Windows-1252.

    UTF-8 goes before the declaration because text that is valid UTF-8 almost never is anything else, while
    declarations are often left over from another template.
    """
    for mark, name in MARKS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    if b"\0" in body[:200]:
        return body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", errors="replace")
    named = META.search(body[:4096])
    for name in ("utf-8", declared or "utf-8", named[1].decode("ascii") if named else "utf-8"):
        try:
            return body.decode(name)
        except (ValueError, LookupError):
            continue
    return mostly_utf8(body)


def mostly_utf8(body: bytes) -> str:
    """UTF-8 with its broken bytes replaced, or Windows-1252 where more characters broke than came out whole."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(char > "\x7f" for char in text) - broken
    return text if whole > broken else body.decode("cp1252", errors="replace")
