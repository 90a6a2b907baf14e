"""Alerts in the store, on both databases: noted once, marked per channel, channels that are away."""

from __future__ import annotations

from datetime import timedelta

from tanggap.records import Link, Status
from tanggap.store import alerts, issues, scores
from tanggap.store.alerts import Alert
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def made(number):
    return Alert(key=f"k{number}", kind="issue", subject="ISU", priority="P1", at=NOW, title="Banjir", body="di sini")


def test_an_alert_is_noted_once_and_marked_for_each_channel_apart(any_store):
    with any_store.write() as db:
        assert alerts.note(db, [made(1), made(2), made(1)]) == 2
        assert alerts.note(db, [made(2), made(3)]) == 1
        assert alerts.note(db, []) == 0
        alerts.mark(db, ["k1", "k2"], "piket", NOW)
        alerts.mark(db, ["k1", "k2"], "piket", NOW + MINUTE)  # told twice after a kill: the first counts
    keys = ["k1", "k2", "k3", "k4"]
    with any_store.read() as db:
        assert alerts.unsent(db, keys, "piket") == {"k3"}
        assert alerts.unsent(db, keys, "pimpinan") == {"k1", "k2", "k3"}
        assert alerts.messages(db, "piket", NOW - MINUTE) == [NOW]
        assert alerts.messages(db, "piket", NOW) == []
        newest = alerts.recent(db, limit=2)
    assert [(one.alert.key, one.channels) for one in newest] == [("k3", {}), ("k2", {"piket": NOW})]


def test_a_channel_that_is_away_is_tried_ever_later_until_it_takes_a_message(any_store):
    with any_store.write() as db:
        alerts.note(db, [made(1)])
        waits = [alerts.failed(db, "piket", NOW, MINUTE, 5 * MINUTE) - NOW for _ in range(5)]
        assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 5 * MINUTE, 5 * MINUTE]
        assert alerts.away_until(db, "piket") == NOW + 5 * MINUTE
        alerts.mark(db, ["k1"], "piket", NOW)
        assert alerts.away_until(db, "piket") is None


def test_only_danger_told_after_an_answer_is_new(any_store, make_issue, make_post, make_score, keep):
    hour = timedelta(hours=1)
    before, after, copy, harmless = keys = keep(*(make_post(ago=ago * hour) for ago in (5, 1, 1, 1)))
    open_one = keep(make_post())[0]
    with any_store.write() as db:
        scores.add(db, [(key, make_score(urgency=1 if key == harmless else 3)) for key in (*keys, open_one)])
        answered = make_issue(status=Status.ANSWERED, status_at=NOW - 2 * hour)
        waiting = make_issue(id="ISU-20261122-0002", status=Status.WAITING, status_at=NOW - 2 * hour)
        issues.add(db, answered)
        issues.add(db, waiting)
        links = [Link(post=key, issue=answered.id, similarity=1) for key in (before, after, harmless)]
        links.append(Link(post=copy, issue=answered.id, similarity=1, copy_of=after))
        issues.link(db, [*links, Link(post=open_one, issue=waiting.id, similarity=1)])
    with any_store.read() as db:
        assert alerts.new_dangers(db, NOW - timedelta(days=7)) == {answered.id: 1}
