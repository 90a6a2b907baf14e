"""Recognises reports that heads of RT and RW sent as their duty (Pergub 903/2016), which are no independent voices.

An RT or RW named as a place is no sign: `Got di depan RT 05 mampet` is a resident's report. What counts is who
writes (`Ketua RT 05`), what the report calls itself (`Laporan RT 05/RW 03`) and how it was tagged (`rtrw`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Value of `extra["duty"]` on such reports.
RT_RW = "rt-rw"

#: RT 05, RW.03, RT 05/RW 03, RT005 RW03, RT/RW, ketua RT; written in one way or another.
UNIT = r"(?:rt|rw)(?:\W{0,2}\d{1,3})?(?:\W{0,3}(?:rt|rw)(?:\W{0,2}\d{1,3})?)?"
NUMBERED = r"(?:rt|rw)\W{0,2}\d{1,3}(?:\W{0,3}rw\W{0,2}\d{1,3})?"
HEAD = rf"(?:ketua|pengurus|sekretaris|pak|bu|bapak|ibu)\s+{UNIT}"

#: Without one of these letters no rule can hold.
NAMED = re.compile(r"r[tw]", re.IGNORECASE)


def rule(pattern: str) -> re.Pattern[str]:
    """A pattern in any case."""
    return re.compile(pattern, re.IGNORECASE)


#: Field of the report -> patterns of which one is enough.
RULES: dict[str, tuple[re.Pattern[str], ...]] = {
    "tag": (
        rule(r"^#?(?:laporan|lapor|tugas|wajib)?[\s_\-]?rt[\s_/\-]?(?:dan)?[\s_/\-]?rw$"),
        rule(r"^#?laporan[\s_\-]?r[tw]$"),
    ),
    "author": (
        rule(rf"^{HEAD}\b"),
        rule(rf"^{NUMBERED}(?!\d)"),
        rule(r"^(?:ketua|pengurus)_?r[tw]_?\d{0,3}"),
        rule(r"(?:^|[_\W])rt_?\d{1,3}_?rw_?\d{1,3}(?!\d)"),
    ),
    "title": (
        rule(rf"^\W*(?:laporan|lapor)\s+(?:(?:harian|wajib|rutin|tugas|dari)\s+){{0,2}}(?:{HEAD}|{UNIT})\b"),
        rule(rf"^\W*{NUMBERED}(?:\W+kel(?:urahan)?\W+[\w ]{{1,40}})?\W*$"),
    ),
    "text": (
        rule(
            rf"^\W*(?:(?:selamat|assalamu\W?alaikum)\b.{{0,40}}?\W)?laporan\s+(?:(?:harian|wajib|rutin|tugas|dari)\s+){{0,2}}(?:{HEAD}|{UNIT})\b"
        ),
        rule(rf"\b(?:saya|kami)\s+(?:selaku|sebagai)\s+{HEAD}\b"),
        rule(r"#(?:laporan|lapor)?_?rt_?rw\b|#laporan_?r[tw]\b"),
        rule(r"\blaporan\s+(?:wajib|tugas)\s+(?:harian\s+)?(?:rt|rw)\b"),
    ),
}


def is_duty(*, author: str, title: str, text: str, tags: Iterable[str]) -> bool:
    """Whether a report was sent by an RT or RW head as a duty, by RULES."""
    told = [("author", author), ("title", title), ("text", text[:400]), *(("tag", tag) for tag in tags)]
    named = [(field, words.strip()) for field, words in told if NAMED.search(words)]
    return any(pattern.search(words) for field, words in named for pattern in RULES[field])
