"""The job that looks for closed issues which the public still complains about."""

from __future__ import annotations

from datetime import timedelta

from tanggap.city import City
from tanggap.issues.reopening import Closed, reopenings
from tanggap.records import Decided, Status, SuggestionKind
from tanggap.settings import Settings
from tanggap.store import Store, issues, scores, suggestions

#: How long after a closing complaints count against it.
WINDOW = timedelta(days=30)
#: Issues looked at, those closed last, and posts of each.
MOST, POSTS = 1_000, 300


def propose_reopening(store: Store, city: City, settings: Settings) -> int:
    """Suggests opening issues again that were closed in the last 30 days; returns how many suggestions stand.

    Running it again changes nothing; what no longer holds is withdrawn.
    """
    now = settings.now()
    with store.read() as db:
        done = issues.queue(db, status=[Status.RESOLVED], since=now - WINDOW, limit=MOST)
        closed = [Closed(issue=i, readings=[r for _, r in issues.members(db, i.id, limit=POSTS)]) for i in done]
        start = min((issue.status_at for issue in done), default=now)
        least = settings.issues.relevance
        fresh = scores.readings(db, start, now + timedelta(days=1), relevance=least) if done else []
        settled = {
            issue.id: {
                post
                for item in suggestions.of(db, issue.id)
                if item.kind is SuggestionKind.REOPEN and item.state in (Decided.ACCEPTED, Decided.REJECTED)
                for post in item.posts
            }
            for issue in done
        }
    found = reopenings(closed, fresh, settled, city, now)
    with store.write() as db:
        suggestions.offer(db, found, kinds=(SuggestionKind.REOPEN,))
    return len(found)
