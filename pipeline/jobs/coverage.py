"""The job that holds the headlines of news searches against what our own sources brought."""

from __future__ import annotations

from datetime import timedelta

from tanggap.issues.headlines import APART, Headlines
from tanggap.settings import Settings
from tanggap.store import Store, leads, news

#: How far back headlines are matched; what was not found in a week is missed.
WINDOW = timedelta(days=7)


def match_leads(store: Store, settings: Settings) -> int:
    """Finds posts for the headlines of the last week that have none yet; returns how many it found."""
    since = settings.now() - WINDOW
    with store.read() as db:
        waiting = leads.unmatched(db, since)
        articles = news.recent(db, since - APART) if waiting else []
    ours = Headlines()
    for article in articles:
        ours.add(article.id or 0, article.title or "", article.published_at)
    found = {
        key: post for key, lead in waiting.items() if (post := ours.find(lead.title, lead.published_at)) is not None
    }
    with store.write() as db:
        leads.match(db, found)
    return len(found)
