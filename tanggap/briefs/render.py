"""Draws a brief: a page for screen and paper, a text for chat groups, and JSON that reads back exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter, ValidationError

from tanggap.briefs import words
from tanggap.briefs.compose import window
from tanggap.briefs.items import late
from tanggap.city import City
from tanggap.clock import clock_time, long_day, span, stamp
from tanggap.desk.workflow import Workflow
from tanggap.errors import PayloadError
from tanggap.records import Brief, BriefItem, Priority
from tanggap.text import clip

#: Longest chat text, and the issues in it.
CHAT_LENGTH, CHAT_ITEMS = 1500, 5
#: What WhatsApp reads as formatting, and look-alikes that it does not.
INERT = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ">": "›", "<": "‹"})
PRIORITIES = {Priority.P1: "kritis", Priority.P2: "tinggi", Priority.P3: "sedang", Priority.P4: "rendah"}
#: What each count of an issue counts.
COUNTS = {
    "suara": "suara berbeda",
    "unggahan": "di media sosial",
    "laporan": "lewat laporan warga",
    "media": "di berita",
    "permintaan": "meminta sesuatu",
    "sesudahnya": "mengeluh sesudah laporannya ditutup",
}
#: A deadline nearer than this is marked.
SOON = timedelta(hours=1)

JSON = TypeAdapter(Brief)


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the curve; heights are percent of the highest hour."""

    x: int
    height: float
    negative: float
    hour: str
    title: str


def html(brief: Brief, city: City) -> str:
    """The brief as one page: no script, no request to anywhere, everything of citizens escaped."""
    return str(
        ENVIRONMENT.get_template("brief.html").render(
            brief=brief,
            city=city,
            workflow=Workflow.load(city),
            bars=bars(brief),
            peak=peak(brief),
            chat=chat_text(brief, city),
        )
    )


def chat_text(brief: Brief, city: City, link: str = "") -> str:
    """The brief for a chat group, below 1500 characters: WhatsApp marks are ours, those of citizens are made inert.

    Args:
        link: address of the whole brief; it stands last.
    """
    template = ENVIRONMENT.get_template("brief.txt")
    for items in range(CHAT_ITEMS, -1, -1):
        text = template.render(brief=brief, city=city, items=brief.items[:items], link=link).strip() + "\n"
        if len(text) < CHAT_LENGTH:
            return text
    return f"*{long_day(brief.day)}*\n{link}\n"


def to_json(brief: Brief) -> str:
    """The brief as JSON; `from_json` gives back an equal one."""
    return JSON.dump_json(brief, indent=2).decode()


def from_json(text: str) -> Brief:
    """A brief from its JSON.

    Raises:
        PayloadError: the text is not a brief; names the first field that does not fit.
    """
    try:
        return JSON.validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(step) for step in fault["loc"]) or "the text"
        raise PayloadError(f"This is not a saved brief: {where}: {fault['msg']}.") from None


def bars(brief: Brief) -> list[Bar]:
    """The curve as bars, oldest hour first."""
    start, _ = window(brief.day, brief.made_at)
    highest = max(brief.hourly, default=0) or 1
    found = []
    for x, (posts, negative) in enumerate(zip(brief.hourly, brief.hourly_negative, strict=True)):
        hour = start + timedelta(hours=x)
        until = hour + timedelta(hours=1)
        title = (
            f"{clock_time(hour)}–{clock_time(until)}: {words.number(posts)} unggahan, {words.number(negative)} negatif"
        )
        found.append(Bar(x, 100 * posts / highest, 100 * negative / highest, clock_time(hour)[:2], title))
    return found


def peak(brief: Brief) -> str:
    """The highest hour in words, e.g. `Puncak 22.00–23.00: 170 unggahan, 120 negatif`; "" without posts."""
    highest = max(brief.hourly, default=0)
    return f"Puncak {bars(brief)[brief.hourly.index(highest)].title}" if highest else ""


def inert(text: str, limit: int = 200) -> str:
    """Text of citizens for a chat: one line, clipped, without marks that the chat would read as formatting."""
    return clip(" ".join(text.split()), limit).translate(INERT)


def haste(item: BriefItem, now: datetime) -> str:
    """`late`, `soon` (due within the hour) or `calm`: how strongly a deadline is drawn."""
    if late(item, now):
        return "late"
    return "soon" if item.due_at is not None and item.due_at - now < SOON else "calm"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tanggap.briefs"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": words.number,
        "clock": clock_time,
        "stamp": stamp,
        "span": span,
        "long_day": long_day,
        "inert": inert,
    }
    environment.globals |= {
        "percent": words.percent,
        "time_left": words.time_left,
        "haste": haste,
        "PRIORITIES": PRIORITIES,
        "COUNTS": COUNTS,
    }
    return environment


ENVIRONMENT = _environment()
