"""The job that scores: every post the present models have not seen."""

from __future__ import annotations

from collections.abc import Callable

from nlp.score import Scorer
from tanggap.store import Store, posts, scores

SCORE_BATCH = 500


def score(store: Store, scorer: Scorer, *, progress: Callable[[int], None] = lambda _: None) -> int:
    """Scores every post that this model has not seen, in batches; returns how many.

    A post whose text was changed meanwhile stays unscored and comes again with the next batch.
    """
    done = 0
    while True:
        with store.read() as db:
            batch = posts.unscored(db, scorer.version, SCORE_BATCH)
        if not batch:
            return done
        found = scorer.score(batch)
        with store.write() as db:
            now_there = {post.id: post.full_text for post in posts.get(db, [post.id or 0 for post in batch])}
            pairs = zip(batch, found, strict=True)
            scores.add(db, [(p.id or 0, result) for p, result in pairs if now_there.get(p.id) == p.full_text])
        done += len(batch)
        progress(len(batch))
