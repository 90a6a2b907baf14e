"""Passing an issue on: down, sideways, out; returned, escalated; put in the right place; seen by the second officer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tanggap.city import City
from tanggap.desk.routing import proposals, returns_in_a_row, way
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Workflow
from tanggap.errors import ConflictError, RuleError
from tanggap.records import Issue, Role, Status, User
from tanggap.records.desk import Assignment
from tanggap.store import audit, issues
from tanggap.store.shelf import assignments

Stored = Callable[..., Issue]
Person = Callable[[str], User]
KAMPUNG_MELAYU, BIDARA_CINA, PLUIT = "31.75.03.1001", "31.75.03.1002", "31.72.01.1005"
LEAD = User(name="kepala", full_name="Kepala Piket", roles=(Role.ADMIN,))


def hand_overs(desk: Desk, issue: Issue) -> list[Assignment]:
    with desk.store.read() as db:
        return assignments.of_issue(db, issue.id)


def send(desk: Desk, issue: Issue, by: User, agency: str) -> Issue:
    if issue.status is Status.IN_PROCESS:
        issue = desk.move(issue.id, Status.COORDINATION, by, version=issue.version)
    return desk.move(issue.id, Status.DISPOSITION, by, version=issue.version, agency=agency)


def give_back(desk: Desk, issue: Issue, by: User, why: str = "bukan wewenang kami") -> Issue:
    return desk.move(issue.id, Status.COORDINATION, by, version=issue.version, note=why)


@pytest.mark.parametrize(
    ("origin", "target", "expected"),
    [
        ("AG05", "AG05.31.75", "down"),
        ("AG35.31.75", f"AG37.{KAMPUNG_MELAYU}", "down"),
        (f"AG37.{KAMPUNG_MELAYU}", f"AG37.{BIDARA_CINA}", "sideways"),
        ("AG05.31.75", "AG05.31.72", "sideways"),
        ("AG05", "AG06", "across"),
        (None, "AG05", "across"),
        ("AG05", "AG42", "out"),
        ("AG05", "AG52", "out"),
        ("AG06", "AG70", "out"),
    ],
)
def test_a_hand_over_knows_its_way(
    city: City, workflow: Workflow, origin: str | None, target: str, expected: str
) -> None:
    assert way(origin, target, city, workflow.hand_over.outside) == expected


def test_a_disposition_is_kept_until_it_is_accepted_and_by_whom(desk: Desk, stored: Stored, person: Person) -> None:
    issue = send(desk, stored(status=Status.WAITING), person("sari"), "AG05")
    (sent,) = hand_overs(desk, issue)
    assert (sent.origin, sent.target, sent.state, sent.by) == ("AG05", "AG05", "sent", "sari")
    accepted = desk.move(issue.id, Status.IN_PROCESS, person("dina"), version=issue.version)
    (done,) = hand_overs(desk, issue)
    assert (done.state, done.decided_by, accepted.holder) == ("accepted", "dina", "dina")


def test_the_city_does_not_refer_to_itself(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    with pytest.raises(RuleError, match="Dirujuk hanya untuk pihak luar; Bina Marga adalah unit kota"):
        desk.move(issue.id, Status.REFERRED, person("sari"), version=1, agency="AG06", reference="T-991")


def test_a_utility_gets_an_issue_with_contact_and_reference(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    moved = desk.move(
        issue.id, Status.REFERRED, person("sari"), version=1, agency="AG52", contact="PLN 123", reference="T-991"
    )
    (out,) = hand_overs(desk, issue)
    assert (out.way, out.contact, out.reference, out.state) == ("out", "PLN 123", "T-991", "accepted")
    assert moved.status is Status.REFERRED
    with desk.store.read() as db:
        assert issues.history(db, issue.id)[-1].note == "PLN · PLN 123 · T-991"


def test_a_returned_issue_goes_back_to_where_it_came_from(desk: Desk, stored: Stored, person: Person) -> None:
    issue = send(desk, stored(status=Status.WAITING, agency="AG35"), person("sari"), "AG05")
    back = give_back(desk, issue, person("dina"))
    (done,) = hand_overs(desk, issue)
    assert (back.agency, done.state, done.reason) == ("AG35", "returned", "bukan wewenang kami")


def test_the_second_return_in_a_row_goes_to_the_duty_lead(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING)
    for agency in ("AG05", "AG58"):
        issue = give_back(desk, send(desk, issue, person("sari"), agency), person("sari"))
    with pytest.raises(RuleError, match=r"2 kali berturut-turut dikembalikan.*koordinator piket \(admin\)"):
        send(desk, issue, person("sari"), "AG06")
    with desk.store.read() as db:
        (escalated,) = [entry for entry in audit.entries(db, issue.id) if entry.action == "escalate"]
    assert escalated.note == "2 kali berturut-turut dikembalikan"
    issue = desk.move(send(desk, issue, LEAD, "AG06").id, Status.IN_PROCESS, person("budi"), version=issue.version + 1)
    assert returns_in_a_row(hand_overs(desk, issue)) == 0
    assert send(desk, issue, person("sari"), "AG07").agency == "AG07"


def test_what_a_body_returned_is_not_proposed_to_it_again(city: City, make_issue: Callable[..., Issue]) -> None:
    issue = make_issue(areas=(KAMPUNG_MELAYU,))
    first = proposals(issue, city)
    assert [p.agency for p in first][:3] == ["AG05", "AG37", "AG35"]
    assert "AG05.31.75" in [p.agency for p in first]
    assert f"AG37.{KAMPUNG_MELAYU}" in [p.agency for p in first]
    refused = Assignment(
        issue=issue.id, origin=None, target="AG05", way="across", at=issue.last_at, by="s", state="returned"
    )
    assert "AG05" not in [p.agency for p in proposals(issue, city, [refused])]


def test_a_rule_for_topic_and_area_goes_first(city: City, make_issue: Callable[..., Issue]) -> None:
    issue = make_issue(topic="jalan_trotoar", agency="AG06", areas=("31.01.01.1001",))
    best = proposals(issue, city)[0]
    assert best.agency == "AG35.31.01"
    assert "Kepulauan Seribu" in best.why


def test_an_issue_of_no_topic_place_or_body_is_for_the_duty_lead(city: City, make_issue: Callable[..., Issue]) -> None:
    assert proposals(make_issue(topic="tak_dikenal", agency=None, areas=()), city) == ()


def test_a_wrong_place_is_put_right_in_one_step(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(
        status=Status.WAITING, areas=(KAMPUNG_MELAYU,), place="Kampung Melayu", agency=f"AG37.{KAMPUNG_MELAYU}"
    )
    moved = desk.correct_place(issue.id, person("sari"), version=1, area=PLUIT)
    assert (moved.areas, moved.place, moved.agency) == ((PLUIT,), "Pluit, Penjaringan", f"AG37.{PLUIT}")
    assert (moved.status, moved.holder) == (issue.status, issue.holder)
    with desk.store.write() as db:
        issues.refresh(db, moved.evolve(areas=(KAMPUNG_MELAYU,), place="Kampung Melayu", posts=99))
    with desk.store.read() as db:
        kept = issues.get(db, issue.id)
    assert kept is not None
    assert (kept.areas, kept.place, kept.posts) == ((PLUIT,), "Pluit, Penjaringan", 99)
    assert str(desk.history(issue.id)[-1]).endswith(
        "Sari Dewi membetulkan lokasi dari Kampung Melayu menjadi Pluit, Penjaringan"
    )


@pytest.mark.parametrize(("area", "words"), [("99.99", "tidak ada dalam daftar"), (KAMPUNG_MELAYU, "sudah berada di")])
def test_a_place_that_is_none_or_the_same_is_refused(
    desk: Desk, stored: Stored, person: Person, area: str, words: str
) -> None:
    with pytest.raises(RuleError, match=words):
        desk.correct_place(stored(areas=(KAMPUNG_MELAYU,)).id, person("sari"), version=1, area=area)


def test_the_second_officer_sees_what_the_first_changed(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored()
    desk.take(issue.id, person("budi"), version=1)
    with pytest.raises(
        ConflictError, match=r"Budi Santoso mengambil isu ini \(memindahkannya dari Terdeteksi ke Proses; PIC Budi"
    ):
        desk.move(issue.id, Status.DISMISSED, person("sari"), version=1, note="iklan")


def test_people_of_a_body_act_on_what_its_units_hold(desk: Desk, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING, agency="AG05.31.75")
    assert desk.take(issue.id, person("dina"), version=1).holder == "dina"
    unit = User(name="sudin", full_name="Sudin Timur", roles=(Role.OFFICER,), agency="AG05.31.75")
    with pytest.raises(RuleError, match="hanya untuk isu Sudin SDA Jakarta Timur; isu ini ada pada Dinas SDA"):
        desk.take(stored(id="ISU-20261123-0003", agency="AG05").id, unit, version=1)


def test_people_of_an_area_act_inside_it_only(desk: Desk, stored: Stored) -> None:
    camat = User(name="camat", full_name="Camat Jatinegara", roles=(Role.OFFICER,), area="31.75.03")
    inside = stored(areas=(KAMPUNG_MELAYU,))
    assert desk.move(inside.id, Status.WAITING, camat, version=1).status is Status.WAITING
    outside = stored(id="ISU-20261123-0002", areas=(PLUIT,), place="Pluit")
    with pytest.raises(RuleError, match="hanya untuk wilayah Jatinegara, Jakarta Timur; isu ini di Pluit"):
        desk.move(outside.id, Status.WAITING, camat, version=1)


def test_the_history_tells_every_step_in_words(desk: Desk, stored: Stored, person: Person) -> None:
    issue = desk.move(stored().id, Status.WAITING, person("sari"), version=1)
    issue = give_back(desk, send(desk, issue, person("sari"), "AG05"), person("dina"))
    desk.assign(issue.id, person("sari"), version=issue.version, holder="budi", agency="AG06")
    assert [str(step) for step in desk.history(issue.id)] == [
        "23 Nov 09.00  Sari Dewi memindahkannya dari Terdeteksi ke Menunggu",
        "23 Nov 09.00  Sari Dewi memindahkannya dari Menunggu ke Disposisi; kepada Dinas SDA",
        "23 Nov 09.00  Dina Air memindahkannya dari Disposisi ke Koordinasi; bukan wewenang kami",
        "23 Nov 09.00  Sari Dewi PIC Budi Santoso; penanggung jawab Bina Marga",
    ]
