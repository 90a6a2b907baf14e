"""Reports that no issue holds: closed at their own desks, and still complained about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.jobs.closings import reports_closed_too_soon
from tanggap.city import City
from tanggap.records import Issue, Link, PostKind, Reading, Signal, Status
from tanggap.store import Store, issues, posts, scores

from .conftest import START, Tell

LAMP = "lampu jalan umum mati di gang kami sejak senin, mohon diperbaiki"
STILL = "lampu jalan umum di gang kami masih mati sejak senin"


def report(tell: Tell, *, place: str = "Pluit", closed: float | None = 10) -> Reading:
    """A report on a dark lane that its desk closed at an hour, or that is still open."""
    made = tell(LAMP, "listrik_penerangan", place=place, kind=PostKind.REPORT, source="jaki")
    steps = [{"status": "resolved", "at": (START + timedelta(hours=closed)).isoformat()}] if closed else []
    status = Status.RESOLVED if closed else Status.IN_PROCESS
    return made.evolve(post=made.post.evolve(native_id="JAKI-552310", status=status, extra={"follow_ups": steps}))


def still(tell: Tell, hour: float, *, place: str = "Pluit", **how: object) -> Reading:
    return tell(STILL, "listrik_penerangan", place=place, hour=hour, **how)


def proposed(store: Store, city: City, *readings: Reading, grouped: bool = False, after: float = 40) -> list[Signal]:
    """What is proposed once these are stored; `grouped` puts the first into an issue."""
    with store.write() as db:
        posts.add(db, [reading.post.evolve(id=None) for reading in readings])
        keys = {post.native_id: post.id or 0 for post in posts.unscored(db, "t", 99)}
        scores.add(db, [(keys[reading.post.native_id], reading.score) for reading in readings])
        if grouped:
            at = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), START)
            name = issues.next_id(db, START.date())
            issues.add(db, Issue(id=name, title="Lampu", topic="listrik_penerangan", **at))
            issues.link(db, [Link(post=keys["JAKI-552310"], issue=name, similarity=1.0)])
        return reports_closed_too_soon(db, city, START + timedelta(hours=after))


def test_two_voices_from_the_place_propose_to_open_a_report_again(any_store: Store, city: City, tell: Tell) -> None:
    [found] = proposed(any_store, city, report(tell), still(tell, 12), still(tell, 13), still(tell, 9))
    assert len(found.evidence["complaints"]) == 2
    assert (found.subject, found.since) == (f"post:{found.evidence['report']}", START + timedelta(hours=10))
    assert "2 kiriman masih mengeluh (urusan dan tempat sama)" in found.told
    assert "Usul: minta mejanya membuka laporan ini kembali." in found.told


def test_one_voice_that_names_its_number_is_enough(any_store: Store, city: City, tell: Tell) -> None:
    told = tell("laporan JAKI-552310 katanya selesai, nyatanya masih gelap", None, hour=20)
    [found] = proposed(any_store, city, report(tell), told)
    assert found.evidence["tickets"] == ["jaki552310"]
    assert "menyebut nomor JAKI-552310" in found.told


@pytest.mark.parametrize("why", ["one voice", "another place", "still open", "in an issue", "long ago", "no complaint"])
def test_what_is_not_surely_about_a_closed_report_outside_issues_proposes_nothing(
    any_store: Store, city: City, tell: Tell, why: str
) -> None:
    place = "Lebak Bulus" if why == "another place" else "Pluit"
    later = [still(tell, 12 + at, place=place, complaint=why != "no complaint") for at in range(2)]
    closed = report(tell, closed=None if why == "still open" else 10)
    found = proposed(any_store, city, closed, *(later[:1] if why == "one voice" else later),
                     grouped=why == "in an issue", after=24 * 31 if why == "long ago" else 40)  # fmt: skip
    assert found == []
