"""Says whether a public post contradicts the closing of an issue: done on paper, not in the street."""

from __future__ import annotations

import re
from collections.abc import Collection

from tanggap.city import City
from tanggap.records import Issue, Reading, StatusChange

#: Numbers under which bodies file complaints: two letters and ten digits, as JAKI writes them, and our own.
TICKET = re.compile(r"\b(?:[A-Z]{2}\d{10}|ISU-\d{8}-\d{4,})\b")
#: Words that say a thing is not solved.
UNSOLVED = re.compile(
    r"\b(?:belum|masih|lagi|tetap|tapi|padahal|katanya|kok|bohong|nyatanya|faktanya|kenyataannya|balik lagi|kambuh|"
    r"gak|ga|nggak|tidak|enggak) (?:\w+ ){0,3}(?:selesai|beres|diperbaiki|dikerjakan|diangkut|surut|banjir|tergenang|"
    r"rusak|bolong|berlubang|mati|padam|gelap|bau|numpuk|menumpuk|mampet|macet|keluar|ngalir|mengalir|sama|begini|gitu|"
    r"parah|ada|datang|naik|ditangani|dibenerin|bener|tuntas)\b|\bselesai (?:apanya|dari mana)\b|\bditutup padahal\b",
    re.IGNORECASE,
)


def tickets(history: Collection[StatusChange]) -> frozenset[str]:
    """Complaint numbers named in the notes of an issue."""
    return frozenset(number for change in history for number in TICKET.findall(change.note))


def disputed(reading: Reading, issue: Issue, numbers: Collection[str], city: City) -> str:
    """Why a post disputes the closing of an issue, in words for the officer; "" where it does not.

    It names the issue or one of its complaint numbers, or it complains of the same service in the same place, in words
    that say it is not solved. Posts from before the closing dispute nothing.
    """
    post, score = reading.post, reading.score
    if post.published_at <= issue.status_at:
        return ""
    named = {issue.id, *numbers} & set(TICKET.findall(post.text.upper()))
    if named:
        return f"menyebut {min(named)} sesudah ditutup"
    if not score.complaint or score.topic != issue.topic:
        return ""
    inside = [place for place in score.places if place.code and any(_within(place.code, area) for area in issue.areas)]
    found = UNSOLVED.search(post.text)
    if not inside or found is None:
        return ""
    label = city.topics[issue.topic].label if issue.topic in city.topics else issue.topic
    return f"keluhan {label.lower()} di {inside[0].name} sesudah ditutup: “{found[0]}”"


def _within(code: str, area: str) -> bool:
    return code == area or code.startswith(f"{area}.")
