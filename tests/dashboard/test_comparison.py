"""The page Badan: numbers that open their rows, none for few issues, promises by worry, duty by days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dashboard import comparison
from tanggap.city import City
from tanggap.clock import WIB
from tanggap.desk.counter import DutyLine
from tanggap.desk.units import Case, compare
from tanggap.desk.workflow import Workflow
from tanggap.records import Issue
from tanggap.records.desk import Commitment

#: Monday 23 November 2026, 09.00 in Jakarta.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WIB).astimezone(UTC)
HOUR = timedelta(hours=1)


def cases() -> list[Case]:
    flood = [
        Case(agency="AG05", issue=f"ISU-{n}", title=f"Banjir {n}", desk=n * HOUR, closed=n > 2, reopened=n == 7)
        for n in range(1, 8)
    ]
    return [*flood, Case(agency="AG06", issue="ISU-9", title="Jalan", desk=HOUR, closed=True, reopened=True)]


def test_a_body_with_few_issues_is_named_without_numbers(city: City) -> None:
    lines = compare(cases(), city)
    assert [one["name"] for one in comparison.units(lines, city, "")] == ["Dinas SDA"]
    assert comparison.few(lines) == "Terlalu sedikit isu untuk angka: Bina Marga."
    assert comparison.few(lines[1:]) == ""


def test_every_number_opens_the_issues_it_was_made_of(city: City) -> None:
    lines = compare(cases(), city)
    (closed,) = comparison.units(lines, city, "")
    assert (closed["desk"]["words"], closed["desk"].get("rows")) == ("4 j", None)
    (opened,) = comparison.units(lines, city, closed["desk"]["key"])
    assert [row["words"] for row in opened["desk"]["rows"]] == ["7 j", "6 j", "5 j", "4 j", "3 j", "2 j", "1 j"]
    assert opened["desk"]["rows"][0]["href"] == "/?isu=ISU-7"
    (opened,) = comparison.units(lines, city, closed["again"]["key"])
    assert (opened["again"]["words"], opened["again"]["interval"]) == ("20%", "5–56%")
    assert [row["words"] for row in opened["again"]["rows"]] == ["dibuka kembali", *["tetap selesai"] * 4]


def test_promises_say_whether_they_are_broken_near_or_far(city: City, workflow: Workflow) -> None:
    times = dict.fromkeys(("first_at", "last_at", "detected_at", "status_at"), NOW)
    issue = Issue(id="ISU-1", title="Banjir", topic="banjir", **times)
    made = [
        Commitment(
            id=hours, issue="ISU-1", text="Pompa", source="person", due=NOW + hours * HOUR, owner="AG05", state="open",
            at=NOW - 9 * HOUR, by="sari",
        )
        for hours in (-3, 5, 99)
    ]  # fmt: skip
    told = comparison.promises([(item, issue) for item in made], city, workflow.calendar, NOW)
    assert [(one["state"], one["due"].partition(" · ")[2]) for one in told] == [
        ("dilanggar", "lewat 3 j"), ("segera jatuh tempo", "sisa 5 j"), ("terbuka", "sisa 4 hari"),
    ]  # fmt: skip


def test_duty_opens_its_days_and_never_a_number_of_reports() -> None:
    line = DutyLine(
        area="31.72.01.1005", name="Pluit, Penjaringan", days=2, of=5, seen=(date(2026, 11, 16), date(2026, 11, 18))
    )
    (shut,) = comparison.duty([line], "")
    assert (shut["words"], "days" in shut) == ("2 dari 5 hari kerja", False)
    (opened,) = comparison.duty([line], shut["key"])
    assert opened["days"] == ["Sen 16 Nov", "Rab 18 Nov"]
