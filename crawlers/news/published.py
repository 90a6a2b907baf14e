"""Finds when an article was published: marks for machines, the feed's time, and the date a page shows to people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from lxml import html

from crawlers.dates import read_time, timed
from crawlers.news.lines import OPENING_CHARS, opening
from crawlers.news.marks import Marks
from tanggap.clock import WIB

#: What a date shown to people holds.
YEAR = re.compile(r"\b(19|20)\d\d\b")


def published(
    tree: html.HtmlElement, marks: Marks, heading: html.HtmlElement | None, hint: datetime | None
) -> datetime | None:
    """The publishing time: as marked for machines, else the feed's, a <time>, the date nearest to the headline.

    Some sites mark their local time as UTC; where the page shows the same clock time to people, it is Jakarta's.
    Some mark only the day; then a time on that day from further down the list stands.
    """
    shown = shown_time(tree, heading)
    stated = (*marks.times, hint.isoformat() if hint else "", *time_elements(tree))
    found = [moment for moment in map(read_time, stated) if moment is not None]
    for moment in found:
        if shown and moment.utcoffset() == timedelta(0) and same_clock(moment, shown):
            return shown.replace(second=moment.second)
        if moment.time() != time.min and same_day(moment, found):
            return moment
    return next((moment for moment in (shown, *found) if moment and same_day(moment, found)), shown)


def same_clock(one: datetime, other: datetime) -> bool:
    """Whether two times show the same day, hour and minute, whatever their zones."""
    return one.replace(tzinfo=UTC, second=0, microsecond=0) == other.replace(tzinfo=UTC, second=0, microsecond=0)


def same_day(moment: datetime, others: list[datetime]) -> bool:
    """Whether a time falls on the day in Jakarta that the first of `others` names."""
    return bool(others) and moment.astimezone(WIB).date() == others[0].astimezone(WIB).date()


def time_elements(tree: html.HtmlElement) -> list[str]:
    """The first <time> of the page, as a value for machines or for people."""
    found = [element.get("datetime") or element.text_content() for element in tree.iter("time")]
    return [value for value in found if value.strip()][:1]


def shown_time(tree: html.HtmlElement, heading: html.HtmlElement | None) -> datetime | None:
    """The date with a time of day that stands nearest to the headline, in reading order."""
    at = 0
    dates: list[tuple[int, datetime]] = []
    for place, element in enumerate(tree.iter()):
        if element is heading:
            at = place
        if element.tag in ("script", "style", "title"):
            continue
        for piece in (element.text, element.tail):
            if piece and 8 < len(piece) < 300 and YEAR.search(piece):
                moment = timed(" ".join(piece.split())) or timed(line_around(element))
                if moment:
                    dates.append((place, moment))
    return min(dates, key=lambda date: abs(date[0] - at))[1] if dates else None


def line_around(element: html.HtmlElement) -> str:
    """The words of the box around an element where they are one line: day and clock may stand side by side."""
    box = element.getparent()
    words = "" if box is None else " ".join(opening(box).split())
    return words if len(words) < OPENING_CHARS else ""
