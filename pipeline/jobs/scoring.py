"""The job that scores: every post the present models have not seen, whatever a single post does to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from textwrap import shorten

from nlp.score import FIELDS, Scorer
from tanggap.records import Post, Score
from tanggap.store import Store, posts, scores

logger = logging.getLogger(__name__)

SCORE_BATCH = 500
#: Times a post is tried by itself before it is set aside.
TRIES = 3
SET_ASIDE = f"gagal {TRIES} kali:"
REASON = 120
#: Fields of a score that the models decide.
DECIDED = tuple(FIELDS.values())


def score(
    store: Store,
    scorer: Scorer,
    *,
    batch: int = SCORE_BATCH,
    within: range | None = None,
    fresh: bool = False,
    most: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Scores posts that this model has not seen, in batches; returns how many.

    A post whose text was changed meanwhile stays unscored and comes again with the next batch.

    Args:
        within: only posts of these ids.
        fresh: only posts without any score, not those scored by other models.
        most: end after about so many.
    """
    done = 0
    while most is None or done < most:
        with store.read() as db:
            found = posts.unscored(db, scorer.version, batch, within=within, fresh=fresh)
        if not found:
            break
        results = understand(scorer, found)
        with store.write() as db:
            now_there = {post.id: post.full_text for post in posts.get(db, [post.id or 0 for post in found])}
            pairs = zip(found, results, strict=True)
            scores.add(db, [(p.id or 0, result) for p, result in pairs if now_there.get(p.id) == p.full_text])
        done += len(found)
        progress(len(found))
    return done


def understand(scorer: Scorer, found: Sequence[Post]) -> list[Score]:
    """A score for every post. One that the models break on is set aside with the reason; its neighbours are not.

    Raises:
        Exception: what the models raise, when they break on most posts: then it is not the posts.
    """
    try:
        return scorer.score(found)
    except Exception:  # a job's boundary: which post it is shows when each is tried by itself
        tried = [_alone(scorer, post) for post in found]
        if len(found) > 1 and 2 * sum(map(_is_set_aside, tried)) > len(found):
            raise
        return tried


def _alone(scorer: Scorer, post: Post) -> Score:
    reason = ""
    for _ in range(TRIES):
        try:
            return scorer.score([post])[0]
        except Exception as error:  # noqa: BLE001 - a job's boundary: the reason is kept on the score
            reason = shorten(f"{type(error).__name__}: {error}", REASON, placeholder=" ...")
    logger.warning("post %s of %s is set aside: %s", post.native_id, post.source, reason)
    return Score(
        model=scorer.version,
        relevant=None,
        relevance=None,
        sentiment=None,
        topic=None,
        complaint=None,
        urgency=None,
        reasons=dict.fromkeys(DECIDED, (f"{SET_ASIDE} {reason}",)),
        abstained=DECIDED,
    )


def _is_set_aside(score: Score) -> bool:
    return any(words[0].startswith(SET_ASIDE) for words in score.reasons.values() if words)
