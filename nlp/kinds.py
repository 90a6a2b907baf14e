"""The kinds of texts that say the same differently: reports to a city, talk among people, news, and texts elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.data import HOME, Row

#: Texts of another subject, such as restaurant reviews.
ELSEWHERE = "elsewhere"
KINDS = ("report", "talk", "news", ELSEWHERE)
#: Channels of reports: portals and complaint lines.
REPORTS = re.compile(r"portal|complaint|^lapor")
#: Rows that a kind of the city's texts needs before it gets experts of its own.
LEAST = 300


def kind_of(row: Row) -> str:
    """The kind of a labelled text, by where it comes from."""
    if row.origin not in HOME:
        return ELSEWHERE
    if row.channel.startswith("news"):
        return "news"
    return "report" if REPORTS.search(row.channel) else "talk"


def among(rows: Sequence[Row], kinds: Sequence[str]) -> NDArray[np.intp]:
    """The number of each row's kind among these; that of talk, or else the first, where it is none of them."""
    usual = kinds.index("talk") if "talk" in kinds else 0
    found = map(kind_of, rows)
    return np.array([kinds.index(kind) if kind in kinds else usual for kind in found], dtype=np.intp)


def told_apart(rows: Sequence[Row], wanted: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The wanted kinds that rows are told apart by, and the number of each row's kind among them.

    Rows of the city whose kind is too rare go with the commonest one; where only one kind is left there are none.
    """
    found = [kind_of(row) for row in rows]
    counts = Counter(found)
    commonest = max(KINDS[:-1], key=lambda kind: counts[kind])
    own = {kind for kind in wanted if counts[kind] >= LEAST} | {commonest, ELSEWHERE} & {*found}
    kinds = tuple(kind for kind in KINDS if kind in own)
    if len(kinds) < 2:
        return (), np.zeros(len(rows), dtype=np.intp)
    return kinds, np.array([kinds.index(kind if kind in own else commonest) for kind in found], dtype=np.intp)
