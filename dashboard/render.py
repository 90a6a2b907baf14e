"""The only place where text of the public reaches the screen: neutralised here, drawn as text nodes there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

COMPONENTS: Final = Path(__file__).resolve().parent / "components"

#: Characters that turn the direction of a line; shown by name, so that a reader sees that they are there.
TURNERS: Final = {
    "\u061c": "ALM", "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF",
    "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
}  # fmt: skip
#: Characters without width; dropped, for they only hide words from readers and from searches.
WIDTHLESS: Final = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: More marks than this on one letter climb over the neighbouring lines.
MARKS: Final = 3
#: A joiner between these makes one emoji of two and stays.
EMOJI: Final = ("So", "Sk")
MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=\"'@/])")


def plain(text: str) -> str:
    """`text` as it may be shown: no turned lines, no hidden characters, no controls, no tower of marks."""
    text = WIDTHLESS.sub("", text)
    shown: list[str] = []
    marks = 0
    for place, char in enumerate(text):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") and char != "\ufe0f" else 0
        if marks > MARKS or (char == "\u200d" and not _joins_emoji(text, place)):
            continue
        if char in TURNERS:
            shown.append(f"[{TURNERS[char]}]")
        elif char in "\n\t" or kind not in ("Cc", "Cs", "Zl", "Zp"):
            shown.append(char)
        else:
            shown.append("\n" if kind in ("Zl", "Zp") else "\ufffd")
    return "".join(shown)


def _joins_emoji(text: str, place: int) -> bool:
    before = text[place - 1] if place else ""
    after = text[place + 1 : place + 2]
    return bool(after) and unicodedata.category(after) in EMOJI and (
        before == "\ufe0f" or (bool(before) and unicodedata.category(before) in EMOJI)
    )  # fmt: skip


def link(url: str | None) -> dict[str, str] | None:
    """Address and host of a link that may be offered; None for anything but plain http and https addresses.

    The host is shown beside every link in ASCII, so that look-alike letters show as `xn--`.
    """
    if not url or len(url) > 2000 or not url.isprintable() or re.search(r"[\s\\<>\"'`]", url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None:
        return None
    return {"href": url, "host": host}


def label(text: str) -> str:
    """`text` for labels, options and messages of Streamlit, which read Markdown: every sign of it escaped."""
    return MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))


def shown(value: Any) -> Any:
    """A value for a component with every string in it made plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: shown(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [shown(inner) for inner in value]
    return value


def draw(
    name: str, data: Mapping[str, Any], *, key: str, width: str = "stretch", **callbacks: Callable[[], None]
) -> None:
    """Mount the component `name` of components/ with `data`.

    Its script builds the page from elements and text nodes only, never from markup, and makes links only of values
    that `link` returned. `callbacks` are `on_<trigger>_change`.
    """
    component(name)(data=shown(data), key=key, width=width, **callbacks)


def trigger(key: str, name: str) -> Any:
    """What the component mounted as `key` sent last under `name`; None outside its callback."""
    state = st.session_state.get(key)
    return state.get(name) if state else None


@cache
def component(name: str) -> Callable[..., Any]:
    """The component of `name`.js and `name`.css, registered once per process; both begin with common.*."""
    script, style = (
        "\n".join((COMPONENTS / f"{part}.{kind}").read_text(encoding="utf-8") for part in ("common", name))
        for kind in ("js", "css")
    )
    mount: Callable[..., Any] = st.components.v2.component(
        f"tanggap_{name}", html='<div class="tg" lang="id"></div>', css=style, js=script
    )
    return mount


def page_style() -> None:
    """The styles of the frame around the components."""
    st.html(COMPONENTS / "page.css")


def heading(words: str) -> None:
    """A heading above a part of a page."""
    st.markdown(f"##### {label(words)}")


def say(words: str) -> None:
    """A sentence of the page."""
    st.markdown(label(words))


def aside(words: str) -> None:
    """A remark in small grey letters."""
    st.caption(label(words))


def passing(words: str, *, good: bool) -> None:
    """What an act did, over the page for ten seconds, wherever on it the reader is."""
    st.toast(label(words), icon=None if good else "⚠️", duration="long")


def refusal(message: str) -> None:
    """A rule, conflict or fault in red; its words may quote titles, so they are escaped."""
    st.error(label(message))


def done(message: str) -> None:
    """What an action did."""
    st.success(label(message))


def passage(text: str) -> None:
    """A passage to copy, exactly as it is."""
    st.code(plain(text), language=None, wrap_lines=True, width=720)
