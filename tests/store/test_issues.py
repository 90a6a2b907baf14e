"""Issues: the queue, members, sparklines, history, and two people who change the same one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tanggap.errors import ConflictError, StoreError
from tanggap.records import Link, Priority, Reason, Status, StatusChange
from tanggap.store import issues, scores

DAY = date(2026, 11, 22)


def name(number):
    return f"ISU-20261122-{number:04d}"


@pytest.fixture
def linked(any_store, make_post, make_score, make_issue, keep):
    """An issue with six scored posts, one per hour, the newest half an hour old; gives the post ids, newest first."""
    keys = keep(*(make_post(f"banjir {hour}", ago=timedelta(hours=hour, minutes=30)) for hour in range(6)))
    with any_store.write() as db:
        scores.add(db, [(key, make_score()) for key in keys])
        issues.add(db, make_issue())
        issues.link(db, [Link(post=key, issue=name(1), similarity=0.5) for key in keys])
    return keys


def test_an_issue_comes_back_as_it_went_in(any_store, make_issue, now):
    sent = make_issue(
        status=Status.IN_PROCESS,
        priority=Priority.P1,
        score=87,
        reasons=(Reason(part="growth", points=33, text="2,6x biasa"), Reason(part="harm", points=20, text="perahu")),
        areas=("31.75.03.1008", "31.75.03"),
        place="Kampung Melayu, Jatinegara",
        agency="AG05",
        holder="sari",
        answered_at=now(),
        reopened=1,
        posts=12,
        accounts=9,
        news=2,
        reach=8_000_000_000,
        negative=10,
        version=4,
    )
    with any_store.write() as db:
        issues.add(db, sent)
        assert issues.get(db, sent.id) == sent
        assert issues.get(db, "ISU-1") is None


def test_every_id_is_given_once(any_store, make_issue):
    with any_store.write() as db:
        issues.add(db, make_issue(id=name(7)))
        assert [issues.next_id(db, DAY) for _ in range(3)] == [name(8), name(9), name(10)]
        assert issues.next_id(db, date(2026, 11, 23)) == "ISU-20261123-0001"


def test_writers_at_the_same_time_get_different_ids(any_store):
    def take(_):
        with any_store.write() as db:
            return issues.next_id(db, DAY)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(12))) == [name(number) for number in range(1, 13)]


def test_a_change_of_a_stale_issue_is_refused(any_store, make_issue):
    sent = make_issue()
    with any_store.write() as db:
        issues.add(db, sent)
        mine = issues.update(db, sent.evolve(holder="sari"))
        assert (mine.version, issues.get(db, sent.id)) == (2, mine)
    with pytest.raises(ConflictError, match="changed by somebody else"), any_store.write() as db:
        issues.update(db, sent.evolve(holder="budi"))
    with any_store.read() as db:
        assert issues.get(db, sent.id) == mine


def test_a_change_of_an_unknown_issue_is_refused(any_store, make_issue):
    with pytest.raises(ConflictError), any_store.write() as db:
        issues.update(db, make_issue())


def test_a_merged_issue_is_found_where_it_lives_on(any_store, make_issue):
    with any_store.write() as db:
        issues.add(db, make_issue(id=name(3)))
        issues.add(db, make_issue(id=name(2), merged_into=name(3), status=Status.MERGED))
        issues.add(db, make_issue(id=name(1), merged_into=name(2), status=Status.MERGED))
        assert issues.get(db, name(1)).id == name(3)


def test_issues_merged_in_a_circle_end_somewhere(any_store, make_issue):
    with any_store.write() as db:
        issues.add(db, make_issue(id=name(1)))
        issues.add(db, make_issue(id=name(2), merged_into=name(1)))
        issues.update(db, make_issue(id=name(1), merged_into=name(2)))
        assert issues.get(db, name(1)).id in (name(1), name(2))


def test_open_issues_leave_out_closed_ones_and_put_the_most_urgent_first(any_store, make_issue):
    closed = (Status.RESOLVED, Status.DISMISSED, Status.MERGED)
    with any_store.write() as db:
        for number, status in enumerate(Status, 1):
            issues.add(db, make_issue(id=name(number), status=status, score=number))
        found = issues.open_issues(db)
    assert {issue.status for issue in found} == set(Status) - set(closed)
    assert [issue.score for issue in found] == sorted((issue.score for issue in found), reverse=True)


@pytest.fixture
def board(any_store, make_issue):
    """Five issues that differ in what the queue filters by."""
    with any_store.write() as db:
        issues.add(db, make_issue(id=name(1), score=10, areas=("31.75.03.1008", "31.75.03"), place="Jatinegara"))
        issues.add(db, make_issue(id=name(2), score=20, areas=("31.75",), topic="kesehatan", title="Antrean RSUD"))
        issues.add(db, make_issue(id=name(3), score=30, areas=("31.74.01",), status=Status.WAITING, place="Tebet"))
        issues.add(db, make_issue(id=name(4), score=40, status=Status.RESOLVED, title="100% beres_selesai"))
        issues.add(db, make_issue(id=name(5), score=40, areas=("31.7",), title="Café Sabang"))
    return any_store


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [4, 5, 3, 2, 1]),
        ({"status": [Status.WAITING, Status.RESOLVED]}, [4, 3]),
        ({"status": []}, []),
        ({"topic": "kesehatan"}, [2]),
        ({"area": "31.75"}, [2, 1]),
        ({"area": "31.75.03"}, [1]),
        ({"area": "31.7"}, [5]),
        ({"area": "%"}, []),
        ({"words": "jatinegara"}, [1]),
        ({"words": "kampung JATI"}, [1]),
        ({"words": "ISU-20261122-0003"}, [3]),
        ({"words": "cafe"}, [5]),
        ({"words": "100%_"}, [4]),
        ({"words": "';--"}, [4, 5, 3, 2, 1]),
        ({"area": "31.75", "topic": "banjir", "status": [Status.DETECTED], "words": "banjir"}, [1]),
        ({"limit": 2}, [4, 5]),
        ({"limit": 2, "offset": 2}, [3, 2]),
    ],
)
def test_the_queue_fits_every_filter(board, filters, numbers):
    with board.read() as db:
        found = issues.queue(db, **filters)
    assert [issue.id for issue in found] == [name(number) for number in numbers]


def test_a_post_belongs_to_one_issue_and_moves_when_linked_again(any_store, linked, make_issue, now):
    with any_store.write() as db:
        issues.add(db, make_issue(id=name(2)))
        moved = Link(post=linked[0], issue=name(2), similarity=0.9, copy_of=linked[1], suggested=True, by="sari")
        issues.link(db, [moved])
        found = issues.links(db, now() - timedelta(days=1))
        assert found[-1] == moved
        assert [link.post for link in found] == linked[::-1]
        assert [link for link, _ in issues.members(db, name(2))] == [moved]


def test_links_start_with_posts_of_the_moment_asked(any_store, linked, now):
    with any_store.read() as db:
        assert [link.post for link in issues.links(db, now() - timedelta(hours=1, minutes=30))] == [
            linked[1],
            linked[0],
        ]


def test_a_link_to_no_post_or_no_issue_is_refused(any_store, linked):
    with pytest.raises(StoreError, match="no post 999"), any_store.write() as db:
        issues.link(db, [Link(post=999, issue=name(1), similarity=1.0)])
    with pytest.raises(StoreError), any_store.write() as db:
        issues.link(db, [Link(post=linked[0], issue="ISU-none", similarity=1.0)])


def test_members_come_newest_first_with_their_scores(any_store, linked):
    with any_store.read() as db:
        found = issues.members(db, name(1), limit=2)
    assert [(link.post, reading.post.id, reading.score.topic) for link, reading in found] == [
        (linked[0], linked[0], "banjir"),
        (linked[1], linked[1], "banjir"),
    ]


def test_sparklines_count_posts_per_hour_oldest_first(any_store, linked, now):
    with any_store.read() as db:
        assert issues.hourly(db, [name(1), name(2)], now(), 4) == {name(1): [1, 1, 1, 1], name(2): [0, 0, 0, 0]}
        assert issues.hourly(db, [name(1)], now() + timedelta(minutes=20), 3) == {name(1): [1, 1, 0]}
        assert issues.hourly(db, [name(1)], now() - timedelta(hours=5)) == {name(1): [0] * 23 + [1]}
        assert issues.hourly(db, [], now()) == {}


def test_history_is_read_oldest_first_and_cannot_be_rewritten(any_store, make_issue, now):
    first = StatusChange(issue=name(1), at=now(), by="machine", before=None, after=Status.DETECTED)
    second = first.evolve(at=now() + timedelta(hours=1), before=Status.DETECTED, after=Status.WAITING, note="ya")
    with any_store.write() as db:
        issues.add(db, make_issue())
        issues.add_change(db, second)
        issues.add_change(db, first)
        assert issues.history(db, name(1)) == [first, second]
    for statement in ("UPDATE status_change SET note = 'x'", "DELETE FROM status_change"):
        with pytest.raises(StoreError, match="append-only"), any_store.write() as db:
            db.execute(sa.text(statement))


def test_queue_members_and_sparklines_read_through_indexes(any_store, linked, now):
    """The plan names the index; a table scan would grow with the city."""
    if any_store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by statistics and scans small tables")
    seen = []
    sa.event.listen(any_store.engine, "before_cursor_execute", lambda *call: seen.append((call[2], call[3])))
    with any_store.read() as db:
        issues.members(db, name(1))
        issues.hourly(db, [name(1)], now())
        scores.readings(db, now() - timedelta(hours=1), now())
        issues.queue(db, status=[Status.WAITING])
        asked = [(sql, values) for sql, values in seen if sql.startswith("SELECT")]
        plans = [" ".join(row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", v)) for sql, v in asked]
    assert len(plans) == 4
    assert all("SCAN" not in plan for plan in plans), plans
    assert "COVERING INDEX ix_issue_link_issue_published_at_hour" in plans[1]


def test_what_the_machine_finds_leaves_the_decisions_of_people_alone(any_store, make_issue):
    with any_store.write() as db:
        issues.add(db, make_issue())
        held = issues.update(db, make_issue(status=Status.IN_PROCESS, holder="sari"))
        with pytest.raises(ConflictError):
            issues.refresh(db, make_issue(score=1, posts=1))
        issues.refresh(db, make_issue(score=90, posts=40, status=Status.WAITING, version=held.version))
        found = issues.get(db, name(1))
    assert (found.score, found.posts) == (90, 40)
    assert (found.status, found.holder, found.version) == (Status.IN_PROCESS, "sari", held.version)


def test_the_revision_grows_with_every_new_or_changed_issue(any_store, make_issue):
    with any_store.write() as db:
        assert issues.revision(db) == 0
        issues.add(db, make_issue())
        assert issues.revision(db) == 1
        issues.update(db, make_issue())
        assert issues.revision(db) == 2


def test_membership_tells_the_issue_of_every_post(any_store, linked, make_post, keep):
    keep(make_post(native_id="alone"))
    with any_store.read() as db:
        found = issues.membership(db)
    assert found["antara", "alone"] is None
    assert list(found.values()).count(name(1)) == len(linked)


def test_the_most_urgent_class_of_an_issue_is_remembered_and_handed_on_when_it_is_merged(any_store, make_issue):
    loud = make_issue(id="ISU-20261122-0001", priority=Priority.P1)
    quiet = make_issue(id="ISU-20261122-0002", priority=Priority.P3)
    with any_store.write() as db:
        issues.add(db, loud)
        issues.add(db, quiet)
        issues.refresh(db, loud.evolve(priority=Priority.P4))
    with any_store.read() as db:
        fallen = issues.get(db, loud.id)
    assert (fallen.priority, fallen.highest) == (Priority.P4, Priority.P1)
    with any_store.write() as db:
        issues.update(db, fallen.evolve(status=Status.MERGED, merged_into=quiet.id))
        issues.refresh(db, quiet)  # by a pass that read it before the merging
    with any_store.read() as db:
        survivor = issues.get(db, quiet.id)
    assert (survivor.priority, survivor.highest, survivor.version) == (Priority.P3, Priority.P1, 1)
