"""The text of a post that its network hands out as HTML: paragraphs and line breaks kept, links in full, no code."""

from __future__ import annotations

from html.parser import HTMLParser

#: Longest piece of markup looked at; no network lets a post be longer.
MAX_MARKUP = 200_000

#: Elements that begin a line of their own, and those after which an empty line stands.
LINES = frozenset({"br", "li", "div", "tr", "blockquote", "pre"})
PARAGRAPHS = frozenset({"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})

#: Elements whose content is not for people.
SILENT = frozenset({"script", "style", "template", "noscript", "head"})


class Reader(HTMLParser):
    """Collects what people would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base class names it
        if tag in SILENT:
            self.silent += 1
        elif tag in LINES:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in PARAGRAPHS:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def plain(markup: str) -> str:
    """`markup` as text; broken markup gives what can be read of it."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    reader = Reader()
    reader.feed(markup[:MAX_MARKUP])
    reader.close()
    return "".join(reader.pieces).strip()
