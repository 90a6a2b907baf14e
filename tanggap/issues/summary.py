"""Sums an issue up in plain Indonesian: counted facts and the public's own words, each sentence with its posts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tanggap.city import City
from tanggap.clock import stamp
from tanggap.issues.places import label, spots
from tanggap.issues.tickets import still
from tanggap.records import Link, PostKind, Reading, Record
from tanggap.text import clip

#: Words with which people ask the city for something.
ASKS = frozenset("tolong mohon dimohon minta harap harapan butuh perlu segera kapan kirim bantu".split())
#: Letters of a quotation.
QUOTED = 160
#: Ends of a sentence in a post.
ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
#: Where voices speak, and the name of their count.
CHANNELS = {PostKind.POST: "di media sosial", PostKind.REPORT: "lewat laporan warga", PostKind.NEWS: "di berita"}
NAMES = {PostKind.POST: "unggahan", PostKind.REPORT: "laporan", PostKind.NEWS: "media"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Record):
    """A number of a sentence and the posts it counts, one each."""

    #: In an address: `suara`, `unggahan`, `laporan`, `media`, `permintaan`, `berita`, `ditutup`, `sesudahnya`.
    name: str
    number: int
    posts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Record):
    """Words of a post as they stand in it."""

    text: str
    post: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Record):
    """One sentence and all that supports it."""

    text: str
    posts: tuple[int, ...]
    counts: tuple[Count, ...] = ()
    quotes: tuple[Quote, ...] = ()


def summary(
    members: Sequence[tuple[Link, Reading]], *, topic: str, city: City, unquoted: Collection[str] = ()
) -> tuple[Sentence, ...]:
    """What an issue's posts say together: what, where and since when; who speaks; what is said, asked and reported.

    Nothing is told that its posts do not hold: numbers are counts of the posts beside them, quotations stand in the
    post beside them. An issue whose texts may no longer be kept has no summary.

    Args:
        members: links and readings of the issue; copies count as nobody's voice.
        unquoted: sources whose words may not be shown cut; their posts count, but none is quoted.
    """
    told = sorted(
        (reading for link, reading in members if link.copy_of is None and reading.post.text.strip()),
        key=lambda reading: (reading.post.published_at, reading.post.id or 0),
    )
    if not told:
        return ()
    common = Counter(term for reading in told for term in set(reading.score.terms.split()))
    spoken = [reading for reading in told if reading.post.source not in unquoted]
    found = [
        _where(told, topic, city), _who(told), _said(spoken, common), _asked(told, spoken, common),
        _reported(told, spoken), _unfinished(told),
    ]  # fmt: skip
    return tuple(sentence for sentence in found if sentence is not None)


def _where(told: Sequence[Reading], topic: str, city: City) -> Sentence:
    """The service, the place most of them name, and the first post's time."""
    what = city.topics[topic].label if topic in city.topics else "Keluhan warga"
    place = label(told, city)[1]
    naming = [reading for reading in told if spots(reading.score.places, city)] if place else []
    since = stamp(told[0].post.published_at)
    text = f"{what}{f' di {place}' if place else ''}, dibicarakan sejak {since} WIB."
    return Sentence(text=text, posts=_keys([told[0], *naming]))


def _who(told: Sequence[Reading]) -> Sentence:
    """Independent voices, by channel: the first post of each author, unsigned ones each."""
    first: dict[str, Reading] = {}
    for reading in told:
        first.setdefault(reading.post.author or f"unsigned {reading.post.id}", reading)
    voices = list(first.values())
    kinds = {kind: [reading for reading in voices if reading.post.kind is kind] for kind in CHANNELS}
    counts = [Count(name="suara", number=len(voices), posts=_keys(voices))]
    counts += [Count(name=NAMES[kind], number=len(found), posts=_keys(found)) for kind, found in kinds.items() if found]
    parts = [f"{len(found)} {CHANNELS[kind]}" for kind, found in kinds.items() if found]
    text = f"{len(voices)} suara berbeda: {', '.join(parts)}."
    return Sentence(text=text, posts=counts[0].posts, counts=tuple(counts))


def _said(told: Sequence[Reading], common: Counter[str]) -> Sentence | None:
    """The words of the citizen whose post shares most with all others."""
    citizens = [reading for reading in told if reading.post.kind is not PostKind.NEWS]
    if not citizens:
        return None
    best = max(citizens, key=lambda reading: (_typical(reading, common), -(reading.post.id or 0)))
    return _quoting("Warga menulis:", _opening(best.post.text), best)


def _asked(told: Sequence[Reading], spoken: Sequence[Reading], common: Counter[str]) -> Sentence | None:
    """How many ask for something, and the most typical request that may be quoted."""
    asking = {
        reading.post.id or 0: (reading, sentence)
        for reading in told
        if reading.post.kind is not PostKind.NEWS and (sentence := _request(reading.post.text))
    }
    if not asking:
        return None
    posts = tuple(asking)
    count = Count(name="permintaan", number=len(posts), posts=posts)
    begin = f"{len(posts)} kiriman meminta sesuatu"
    quoted = [asking[reading.post.id or 0] for reading in spoken if (reading.post.id or 0) in asking]
    if not quoted:
        return Sentence(text=f"{begin}.", posts=posts, counts=(count,))
    best, words = max(quoted, key=lambda pair: (_typical(pair[0], common), -(pair[0].post.id or 0)))
    return _quoting(f"{begin}, misalnya:", words, best).evolve(posts=posts, counts=(count,))


def _reported(told: Sequence[Reading], spoken: Sequence[Reading]) -> Sentence | None:
    """How many articles report it, and the newest headline that may be quoted."""
    news = [reading for reading in told if reading.post.kind is PostKind.NEWS and reading.post.title]
    if not news:
        return None
    count = Count(name="berita", number=len(news), posts=_keys(news))
    begin = f"{len(news)} berita memuatnya"
    quoted = [reading for reading in news if reading in spoken]
    if not quoted:
        return Sentence(text=f"{begin}.", posts=count.posts, counts=(count,))
    one = _quoting(f"{begin}, terbaru:", _opening(quoted[-1].post.title or ""), quoted[-1])
    return one.evolve(posts=count.posts, counts=(count,))


def _unfinished(told: Sequence[Reading]) -> Sentence | None:
    """Reports that were closed at their own desks while people complain on."""
    found = still(told)
    if found is None:
        return None
    closed = Count(name="ditutup", number=len(found.reports), posts=found.reports)
    after = Count(name="sesudahnya", number=len(found.after), posts=found.after)
    text = (
        f"{closed.number} laporan sudah ditutup di sumbernya, yang pertama {stamp(found.first)} WIB; sesudah itu masih "
        f"ada {after.number} keluhan."
    )
    return Sentence(text=text, posts=(*found.reports, *found.after), counts=(closed, after))


def _quoting(begin: str, words: str, reading: Reading) -> Sentence:
    """A sentence that ends in the words of one post; what is cut off is shown outside the quotation marks."""
    key = reading.post.id or 0
    whole = words in (" ".join(reading.post.text.split()), " ".join((reading.post.title or "").split()))
    text = f"{begin} “{words}”" + ("" if whole else " …")
    return Sentence(text=text, posts=(key,), quotes=(Quote(text=words, post=key),))


def _request(text: str) -> str:
    """The first sentence of a post that asks for something; "" where none does."""
    for sentence in ENDS.split(text):
        if ASKS & set(re.findall(r"[a-z]+", sentence.lower())):
            return _opening(sentence)
    return ""


def _opening(text: str) -> str:
    """The beginning of a text in whole words, as it stands there but for line breaks."""
    return clip(" ".join(text.split()), QUOTED).rstrip("… ")


def _typical(reading: Reading, common: Counter[str]) -> float:
    """How much of what all say a post says, in few words."""
    terms = set(reading.score.terms.split())
    return sum(common[term] - 1 for term in terms) / (5 + len(terms))


def _keys(readings: Sequence[Reading]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(reading.post.id or 0 for reading in readings))
