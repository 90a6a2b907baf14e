"""Cuts what people write into clauses, and clauses into the parts that may stand alone as a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from tanggap.issues.titlewords import ASKING, EDGES, LINKS, NEGATIONS, NUMBERS, OPENERS, PALE, SPEAKERS, TIMES
from tanggap.records import Reading
from tanggap.text import fold

#: Words of a part at most.
MOST = 9
WORD = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:[/'’-][^\W_]+)*")
#: Ends of a clause; a sign between two digits ends none.
CLAUSE = re.compile(r"(?<!\d)[.,:]|[.,:](?!\d)|[;!?…()\[\]\"“”\n|]+|\s[-–—]+\s|https?://\S+|[@#]\S+")


def short(word: str) -> bool:
    """Whether it is an abbreviation by its look: no vowel in it, as in KTP."""
    return len(word) > 2 and word.isalpha() and not set(word) & set("aeiouy") and word not in EDGES | LINKS | NEGATIONS


def clauses(text: str) -> Iterator[tuple[list[str], bool]]:
    """The clauses of a text in words, and whether each asks a question; asking for help ends a clause too."""
    start = 0
    for end in [*CLAUSE.finditer(text), None]:
        asked = end is not None and "?" in end[0]
        clause: list[str] = []
        for word in WORD.findall(text[start : end.start() if end else None]):
            if fold(word) in ASKING:
                yield clause, asked
                clause = []
            else:
                clause.append(word)
        yield clause, asked
        start = end.end() if end else start


def parts(clause: Sequence[str], places: Collection[str]) -> Iterator[list[str]]:
    """What of a clause may stand as a name: from its beginning, or after a conjunction, to where a new part begins."""
    low = [fold(word) for word in clause]
    cuts = [at for at, word in enumerate(low) if word in LINKS]
    begins = [0, *(at + 1 for at in cuts if low[at] in OPENERS)]
    for begin in begins:
        while begin < len(low) and (low[begin] in EDGES | SPEAKERS or low[begin].isdigit()):
            begin += 1
        if begin == len(low) or low[begin] in LINKS:
            continue
        for cut in [*(at for at in cuts if at > begin), len(low)]:
            end = trimmed(low, begin, cut, places)
            if begin < end <= begin + MOST and low[end - 1] not in NEGATIONS:
                yield list(clause[begin:end])


def trimmed(low: Sequence[str], begin: int, end: int, places: Collection[str]) -> int:
    """The end of a part without words that only lead on: fillers, bare times, and `di gang` without a name."""
    while end > begin and low[end - 1] not in places:
        last, before = low[end - 1], low[end - 2] if end - 1 > begin else ""
        counted = before in NUMBERS or before.isdigit()
        vague = last in PALE and before in LINKS
        if not (vague or last in EDGES | LINKS | SPEAKERS or (last in TIMES and not counted)):
            break
        end -= 1
    return end


def forms_in(readings: Sequence[Reading]) -> Counter[str]:
    """How each word is written inside sentences, where a capital says something, and abbreviations anywhere."""
    found: Counter[str] = Counter()
    for reading in readings:
        if not shouted(reading.post.text):
            for clause, _ in clauses(reading.post.text):
                found.update(clause[1:])
                found.update(word for word in clause[:1] if word.isupper() and len(word) > 1)
    return found


def shouted(text: str) -> bool:
    """Whether most letters are capitals."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)
