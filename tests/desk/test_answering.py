"""Answers on a real store: drafts with facts, versions, a second person, publication, coverage, promises suggested."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tanggap.city import load_city
from tanggap.desk.answering import Answering
from tanggap.desk.drafts import Drafts
from tanggap.desk.service import Desk
from tanggap.errors import RuleError, SettingsError
from tanggap.records import Engagement, Issue, Link, Post, Score, Status, User
from tanggap.store import issues, posts, scores
from tanggap.store.shelf import commitments

Stored = Callable[..., Issue]
Person = Callable[[str], User]
GOOD = "Tiga pompa bekerja di Kampung Melayu. Tanggul kami perbaiki besok pagi. Hubungi 112 bila perlu perahu."


@pytest.fixture
def answering(desk: Desk) -> Answering:
    return Answering(desk)


def published(answering: Answering, issue: Issue, person: Person, kind: str = "answer", text: str = GOOD) -> int:
    draft = answering.draft(issue.id, person("sari"), kind=kind, text=text)  # type: ignore[arg-type]
    answering.submit(draft.id or 0, person("sari"))
    answering.approve(draft.id or 0, person("budi"))
    done = answering.publish(draft.id or 0, person("sari"), "https://jakarta.go.id/1", threads=["x/1"])
    return done.id or 0


def now_of(desk: Desk, issue: Issue) -> Issue:
    with desk.store.read() as db:
        found = issues.get(db, issue.id)
    assert found is not None
    return found


def test_a_draft_is_filled_with_what_is_known(answering: Answering, stored: Stored, person: Person) -> None:
    issue = stored(status=Status.WAITING, place="Kampung Melayu", posts=12)
    draft = answering.draft(issue.id, person("sari"), kind="holding")
    assert "genangan di Kampung Melayu sejak pukul 07.00. Dinas SDA sudah kami hubungi" in draft.text
    assert [found.rule for found in answering.check(draft.id or 0)] == ["placeholder"]


def test_every_kind_has_a_template_for_any_issue(answering: Answering, make_issue: Stored) -> None:
    for kind in ("holding", "answer", "clarification", "apology", "referral"):
        assert answering.drafts.write(kind, make_issue(topic="lainnya", agency=None), answering.desk.city)  # type: ignore[arg-type]


def test_an_answer_goes_through_a_second_person_to_the_public(
    answering: Answering, desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored(status=Status.WAITING)
    number = published(answering, issue, person)
    after = now_of(desk, issue)
    assert (after.status, after.answered_at, after.holder) == (Status.ANSWERED, moment, "sari")
    (item,) = answering.of_issue(issue.id)
    assert (item.id, item.state, item.url, item.threads) == (number, "published", "https://jakarta.go.id/1", ("x/1",))
    with desk.store.read() as db:
        (promise,) = commitments.of_issue(db, issue.id)
    assert (promise.text, promise.state, promise.owner) == ("Tanggul kami perbaiki besok pagi.", "suggested", "AG05")
    assert [step.words for step in desk.history(issue.id)] == [
        "menulis jawaban versi 1",
        "mengajukan jawaban versi 1 untuk disetujui",
        "menyetujui jawaban versi 1",
        "menerbitkan jawaban: https://jakarta.go.id/1 (memindahkannya dari Menunggu ke Ditanggapi; PIC Sari Dewi)",
    ]


def test_a_holding_statement_is_the_first_answer_but_leaves_the_state(
    answering: Answering, desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored()
    published(answering, issue, person, kind="holding")
    after = now_of(desk, issue)
    assert (after.status, after.answered_at) == (Status.WAITING, moment)


def test_nobody_approves_what_they_wrote_in_any_version(answering: Answering, stored: Stored, person: Person) -> None:
    first = answering.draft(stored().id, person("budi"), kind="answer", text="x")
    second = answering.revise(first.id or 0, person("sari"), GOOD)
    answering.submit(second.id or 0, person("sari"))
    with pytest.raises(RuleError, match="Budi Santoso ikut menulis teks ini; persetujuan memerlukan orang kedua"):
        answering.approve(second.id or 0, person("budi"))
    assert [(item.version, item.state) for item in answering.of_issue(second.issue)] == [
        (1, "replaced"),
        (2, "submitted"),
    ]


def test_a_changed_text_needs_a_new_approval(answering: Answering, stored: Stored, person: Person) -> None:
    draft = answering.draft(stored().id, person("sari"), kind="answer", text=GOOD)
    answering.submit(draft.id or 0, person("sari"))
    answering.approve(draft.id or 0, person("budi"))
    changed = answering.revise(draft.id or 0, person("sari"), GOOD + " Pantau di JAKI.")
    with pytest.raises(RuleError, match="draf; tindakan ini memerlukan yang disetujui"):
        answering.publish(changed.id or 0, person("sari"), "https://jakarta.go.id/1")


def test_findings_are_approved_only_with_a_reason(answering: Answering, stored: Stored, person: Person) -> None:
    draft = answering.draft(stored().id, person("sari"), kind="answer", text="Akan segera diperbaiki. Hubungi 112.")
    _, found = answering.submit(draft.id or 0, person("sari"))
    assert [finding.rule for finding in found] == ["promise_without_date"]
    with pytest.raises(RuleError, match=r"janji tanpa tanggal: “Akan segera diperbaiki”"):
        answering.approve(draft.id or 0, person("budi"))
    assert answering.approve(draft.id or 0, person("budi"), "tanggal disebut di tautan").state == "approved"


def test_a_text_is_given_back_with_what_to_change(answering: Answering, stored: Stored, person: Person) -> None:
    draft = answering.draft(stored().id, person("sari"), kind="answer", text=GOOD)
    answering.submit(draft.id or 0, person("sari"))
    with pytest.raises(RuleError, match="apa yang harus diperbaiki"):
        answering.send_back(draft.id or 0, person("budi"), " ")
    assert answering.send_back(draft.id or 0, person("budi"), "sebut RW").state == "draft"


@pytest.mark.parametrize("name", ["lia", "vera", "off"])
def test_who_may_not_answer_writes_nothing(answering: Answering, stored: Stored, person: Person, name: str) -> None:
    with pytest.raises(RuleError):
        answering.draft(stored().id, person(name), kind="answer", text=GOOD)


def test_closed_issues_are_not_answered(answering: Answering, stored: Stored, person: Person) -> None:
    with pytest.raises(RuleError, match="sudah Selesai"):
        answering.draft(stored(status=Status.RESOLVED).id, person("sari"), kind="answer", text=GOOD)


@pytest.mark.parametrize("url", ["", "jakarta.go.id", "javascript:alert(1)"])
def test_publication_needs_a_link(answering: Answering, stored: Stored, person: Person, url: str) -> None:
    draft = answering.draft(stored().id, person("sari"), kind="answer", text=GOOD)
    answering.submit(draft.id or 0, person("sari"))
    answering.approve(draft.id or 0, person("budi"))
    with pytest.raises(RuleError, match="tautan jawaban"):
        answering.publish(draft.id or 0, person("sari"), url)


def approved(answering: Answering, issue: Issue, person: Person, text: str = GOOD) -> int:
    draft = answering.draft(issue.id, person("sari"), kind="answer", text=text)
    answering.submit(draft.id or 0, person("sari"))
    answering.approve(draft.id or 0, person("budi"))
    return draft.id or 0


def test_an_answer_counts_from_when_it_went_out(
    answering: Answering, desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored(status=Status.WAITING)
    out = moment - timedelta(minutes=25)
    done = answering.publish(approved(answering, issue, person), person("sari"), "https://jakarta.go.id/1", at=out)
    after = now_of(desk, issue)
    assert (done.published_at, after.answered_at, after.status_at) == (out, out, moment)
    with desk.store.read() as db:
        (promise,) = commitments.of_issue(db, issue.id)
    assert promise.at == out
    assert "jakarta.go.id/1, terbit 23 Nov 08.35 (" in desk.history(issue.id)[-1].words
    late = answering.publish(
        approved(answering, issue, person), person("sari"), "https://jakarta.go.id/0", at=out - timedelta(minutes=10)
    )
    assert now_of(desk, issue).answered_at == late.published_at


def test_an_answer_is_not_out_before_its_time(
    answering: Answering, stored: Stored, person: Person, moment: datetime
) -> None:
    number = approved(answering, stored(status=Status.WAITING), person)
    with pytest.raises(RuleError, match=r"23 Nov 09\.01 WIB belum tiba \(sekarang 23 Nov 09\.00\)"):
        answering.publish(number, person("sari"), "https://jakarta.go.id/1", at=moment + timedelta(minutes=1))


def test_an_answer_is_not_older_than_its_issue(
    answering: Answering, stored: Stored, person: Person, moment: datetime
) -> None:
    opened = moment - timedelta(minutes=10, seconds=-30)
    number = approved(answering, stored(status=Status.WAITING, reopened=1, reopened_at=opened), person)
    early, minute = moment - timedelta(minutes=11), moment - timedelta(minutes=10)
    with pytest.raises(RuleError, match=r"08\.49 WIB mendahului isu ini, yang baru dibuka kembali 23 Nov 08\.50"):
        answering.publish(number, person("sari"), "https://jakarta.go.id/1", at=early)
    assert answering.publish(number, person("sari"), "https://jakarta.go.id/1", at=minute).published_at == minute


def test_coverage_is_the_share_of_reach_with_an_answer_near(
    answering: Answering, desk: Desk, stored: Stored, person: Person, moment: datetime
) -> None:
    issue = stored(status=Status.WAITING)
    told = [("1", 600, None), ("2", 200, "1"), ("3", 150, None), ("4", 50, None)]
    with desk.store.write() as db:
        for name, views, reply_to in told:
            item = Post(
                source="x", native_id=name, text=f"banjir {name}", published_at=moment, collected_at=moment,
                engagement=Engagement(views=views), reply_to=reply_to,
            )  # fmt: skip
            posts.add(db, [item])
        issues.link(
            db, [Link(post=key, issue=issue.id, similarity=1, copy_of=1 if key == 4 else None) for key in range(1, 5)]
        )
        score = Score(
            model="m", relevant=True, relevance=1.0, sentiment="negative", topic="banjir", complaint=True, urgency=1
        )
        scores.add(db, [(key, score) for key in range(1, 5)])
    assert answering.coverage(issue.id).share == 0
    published(answering, issue, person)
    found = answering.coverage(issue.id)
    assert (found.share, found.answered, [post.native_id for post in found.next]) == (0.85, 3, ["3"])


def test_a_template_with_an_unknown_fact_is_refused_by_name(config_dir: Path) -> None:
    path = config_dir / "templates" / "answers.toml"
    path.write_text(path.read_text("utf-8").replace("di {tempat}", "di {lokasi}", 1), "utf-8")
    with pytest.raises(SettingsError, match=r"answers\.toml.*no fact \{lokasi\}"):
        Drafts.load(load_city(config_dir))
