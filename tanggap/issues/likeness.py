"""How alike two clusters are: a plain sum, so that every part of it can be told to people.

The compiled functions and every constant they read stand in this one file, because kept machine code is renewed only
when the file of its function changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tanggap.compiled import compiled

#: What full agreement adds. Chosen on the sample city and on the grouped news and posts of the development set
#: together; the best setting lies on a wide plateau (docs/issues.md).
WORDS = 0.5
GRAMS = 0.34
TOPIC = 0.07
#: What different places take away, and the most that words may count then: "banjir di Pluit" and "banjir di
#: Cawang" differ in one word and are two issues.
ELSEWHERE = 0.22
LOOKALIKE = 0.2
#: What different topics take away where both clusters have many voices: the machine is often wrong about the topic
#: of one post, seldom about that of eight.
CLASH = 0.14
#: What two large clusters must be liker than two posts: chance evens out in sums and brings strangers together.
LARGE = 0.05
#: Voices of the smaller one from which both count in full.
MANY = 8
#: What a text that is widely shared needs less to belong to an issue that many speak of: it is shared because of it.
#: In full from so many posts to a voice; only a few voices profit.
SHARED = 0.06
SHARES = 4.0
FEW = 3
#: What each doubling of the distance in days takes away from a topic whose issues rest this many hours (`idle_h`
#: in topics.toml); time counts double for one whose issues rest half as long.
APART = 0.145
REST_H = 72.0
#: Within a cluster's own span a post is at most this many days away.
INSIDE = 0.5
#: Distance in days of a text that names no time.
UNTIMED = 1.0

DAY_S = 86_400.0

Array = npt.NDArray[np.float64]


@compiled
def one_score(
    words: float,
    grams: float,
    near: float,
    elsewhere: float,
    topics: float,
    voices: float,
    spread: float,
    days: float,
    rest: float,
) -> float:
    """The likeness of one pair, see `score`."""
    large = min(max((voices - 1) / (MANY - 1), 0.0), 1.0)
    known = 0.5 if np.isnan(topics) else topics
    clash = 0.0 if np.isnan(topics) else 1 - topics
    text = min(WORDS * words + GRAMS * grams, 1 - (1 - LOOKALIKE) * elsewhere)
    where = near - ELSEWHERE * elsewhere
    late = APART * np.log2(1 + days * REST_H / rest)
    return float(text + where + TOPIC * known + SHARED * spread - large * (CLASH * clash + LARGE) - late)


@compiled
def one_spread(mine: float, theirs: float, posts: float, others_posts: float) -> float:
    """How widely the smaller of two clusters is shared, 0 to 1, where it has few voices and the larger has many.

    Args:
        mine, theirs: voices of the two.
        posts, others_posts: their posts, copies included.
    """
    if min(mine, theirs) > FEW:
        return 0.0
    times = posts / max(mine, 1.0) if mine < theirs else others_posts / max(theirs, 1.0)
    shared = min(max(np.log2(max(times, 1.0)) / np.log2(SHARES), 0.0), 1.0)
    return float(shared * min(max((max(mine, theirs) - 1) / (MANY - 1), 0.0), 1.0))


@compiled
def score(
    words: Array,
    grams: Array,
    near: Array,
    elsewhere: Array,
    topics: Array,
    voices: Array,
    spread: Array,
    days: Array,
    rest: Array,
) -> Array:
    """The likeness of many pairs of clusters.

    Args:
        words, grams, topics: cosines of their sums; `topics` is NaN where one of them tells none.
        near, elsewhere: how far their places agree, and the share of their voices' pairs that differ.
        voices: those of the smaller one.
        spread: how widely the smaller one is shared, see `one_spread`.
        days: their distance in time.
        rest: hours that issues like them may be quiet.
    """
    found = np.empty(len(words))
    for at in range(len(words)):
        found[at] = one_score(
            words[at], grams[at], near[at], elsewhere[at], topics[at], voices[at], spread[at], days[at], rest[at]
        )
    return found


@compiled
def spread(mine: Array, theirs: Array, posts: Array, others_posts: Array) -> Array:
    """`one_spread` of many pairs."""
    found = np.empty(len(mine))
    for at in range(len(mine)):
        found[at] = one_spread(mine[at], theirs[at], posts[at], others_posts[at])
    return found


@compiled
def to_clusters(
    words: Array,
    grams: Array,
    near: Array,
    elsewhere: Array,
    topics: Array,
    facts: npt.NDArray[Any],
    rest: float,
    second: float,
) -> Array:
    """The likeness of one text to clusters.

    Args:
        facts: of the clusters, see `tanggap.issues.index.CLUSTER`.
        rest: thousandths of hours that issues like the text may be quiet.
        second: when it was published; NaN where it names no time.
    """  # fmt: skip
    found = np.empty(len(words))
    for at in range(len(words)):
        one = facts[at]
        voices = float(one["voices"])
        days = UNTIMED
        if one["timed"] and not np.isnan(second):
            gap = max(second - one["last"], one["first"] - second) / DAY_S
            days = max(gap, min(abs(second - one["seconds"] / voices) / DAY_S, INSIDE))
        spread = one_spread(1.0, voices, 1.0, float(one["posts"]))
        own = (rest + one["rest"] / voices) / 2000
        found[at] = one_score(words[at], grams[at], near[at], elsewhere[at], topics[at], 1.0, spread, days, own)
    return found
