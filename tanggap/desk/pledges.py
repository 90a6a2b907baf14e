"""Finds what a text promises, and until when: the sentences in which an official voice commits itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.desk.calendar import WorkingCalendar
from tanggap.desk.checks import Checks, sentences
from tanggap.desk.when import dues

#: With a time in the sentence these are promises too, though without one they are only talk.
WORK = re.compile(
    r"\b(?:selesai|tuntas|rampung|normal kembali|menyala|beroperasi|mengalir|surut|diperbaiki|ditangani|dikerjakan|"
    r"dibersihkan|diangkut|dipasang|ditambal|diganti|dikeruk|disalurkan|dibuka|perbaiki|bersihkan|angkut|pasang|tambal|"
    r"ganti|keruk|kerjakan|tangani|sampaikan|umumkan|turun(?:kan)?|datang)\b",
    re.IGNORECASE,
)
PAST = re.compile(r"\b(?:sudah|telah|kemarin|tadi|sejak)\b", re.IGNORECASE)
AHEAD = re.compile(
    r"\b(?:akan|segera|besok|lusa|target\w*|ditargetkan|dijadwalkan|paling lambat|dalam|depan)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise: its sentence, the words that make it one, and when it is due; None where no time is named."""

    sentence: str
    words: str
    start: int
    end: int
    due: datetime | None


def pledges(text: str, said: datetime, checks: Checks, calendar: WorkingCalendar) -> list[Pledge]:
    """What a text of an official voice, published at `said`, promises."""
    return list(_found(text, said, checks, calendar))


def soon(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Promises due before this moment are warned of: 24 hours from now, or one working day where that is later.

    What is due on a Sunday is thus warned of while the offices are open on Friday.
    """
    return max(now + timedelta(days=1), calendar.working_time_after(now, calendar.day_length))


def _found(text: str, said: datetime, checks: Checks, calendar: WorkingCalendar) -> Iterator[Pledge]:
    rule = checks["promise_without_date"]
    for start, sentence in sentences(text):
        times = [due.at for due in dues(sentence, said, calendar)]
        match = rule.first(sentence)
        if match is None and times and AHEAD.search(sentence) and not PAST.search(sentence):
            match = WORK.search(sentence)
        if match is None or rule.excused(sentence):
            continue
        yield Pledge(
            sentence=sentence.strip(),
            words=match[0].strip(),
            start=start + match.start(),
            end=start + match.end(),
            due=max(times) if times else None,
        )
