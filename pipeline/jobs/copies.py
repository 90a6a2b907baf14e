"""The job that links syndicated news: one report printed by ten papers is one voice."""

from __future__ import annotations

from datetime import timedelta

from tanggap.issues.copies import CopyIndex
from tanggap.settings import Settings
from tanggap.store import Store, news

#: How far back articles are compared.
WINDOW = timedelta(days=7)

#: Characters compared: papers shorten an agency's report from its end.
COMPARED = 1500


def link_copies(store: Store, settings: Settings) -> int:
    """Links articles of the last week that repeat an earlier one to it; returns how many links changed.

    An original older than that stays the original of the copies it has. Running it again changes nothing.
    """
    since = settings.now() - WINDOW
    with store.read() as db:
        young = news.recent(db, since)
        ids = {item.id for item in young}
        older = [item for item in news.originals(db, young) if item.id not in ids]
    index = CopyIndex()
    changed: dict[int, int | None] = {}
    for article in (*older, *young):
        assert article.id is not None
        original = index.add(article.id, article.text[:COMPARED])
        if article.id in ids and original != article.copy_of:
            changed[article.id] = original
    with store.write() as db:
        news.link(db, changed)
    return len(changed)
