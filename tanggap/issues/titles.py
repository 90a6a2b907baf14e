"""Names an issue in the public's own words: the phrase most of its posts share, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tanggap.city import City
from tanggap.records import PostKind, Reading
from tanggap.text import clip, fold

WORD = re.compile(r"[a-z0-9]+")
LONGEST = 90

#: Words a phrase may neither begin nor end with; inside it they are welcome.
EDGES = frozenset(
    "yang yg dan di ke dari dr ini itu nih sih aja saja juga jg udah udh sudah sdh lagi lg masih msh mau ada kok kan "
    "pak bu min tolong mohon banget bgt sama sm untuk utk buat dengan dgn atau karena krn kalau kalo gak ga gk nggak "
    "tidak tdk bukan belum blm jangan bisa sampai sampe dalam pada para oleh nya ya ga dong deh lah a the is to rt "
    "saya kami kita gue gua aku lu jam hari pagi siang sore malam tadi kemarin sekarang warga jakarta dki tapi jadi "
    "cuma cuman terus mana apa siapa kapan kenapa gimana bagaimana semua orang bang kak gaes semoga gitu".split()
)


def title(readings: Sequence[Reading], *, topic: str, place: str, city: City) -> str:
    """A title of at most 90 characters: a headline if the press wrote one, else the shared phrase with the place."""
    headlines = [r.post.title for r in readings if r.post.kind is PostKind.NEWS and r.post.title]
    if headlines:
        return clip(headlines[0], LONGEST)
    label = city.topics[topic].label if topic in city.topics else "Keluhan"
    spot = place.split(",")[0]
    named = [place, *(found.text for reading in readings for found in reading.score.places)]
    phrase = shared_phrase(readings, without=frozenset(WORD.findall(fold(" ".join(named)))))
    name = phrase.capitalize() if phrase else label
    return clip(f"{name} di {spot}" if spot else name, LONGEST)


def shared_phrase(readings: Sequence[Reading], without: frozenset[str]) -> str:
    """The two or three words in a row that the most texts share; "" where fewer than a sixth agree."""
    counts: Counter[tuple[str, ...]] = Counter()
    for reading in readings:
        words = WORD.findall(fold(reading.post.text))
        found = {tuple(words[i : i + n]) for n in (2, 3) for i in range(len(words) - n + 1)}
        counts.update(phrase for phrase in found if _fit(phrase, without))
    if not counts:
        return ""
    best = max(counts.items(), key=lambda item: (item[1] * (1 + 0.4 * (len(item[0]) - 2)), item[0]))
    return " ".join(best[0]) if best[1] >= max(2, len(readings) / 6) else ""


def _fit(phrase: tuple[str, ...], without: frozenset[str]) -> bool:
    return (
        phrase[0] not in EDGES
        and phrase[-1] not in EDGES
        and not any(word in without or word.isdigit() or len(word) < 3 for word in phrase)
    )
