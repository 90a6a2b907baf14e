"""Answers to the public from draft to publication: versions, checker, a second person, what it does to the issue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from tanggap.clock import stamp
from tanggap.desk.checker import Finding, Setting, check
from tanggap.desk.checks import Checks
from tanggap.desk.coverage import Coverage, coverage
from tanggap.desk.drafts import Drafts
from tanggap.desk.guards import check_permission, is_link
from tanggap.desk.pledges import pledges
from tanggap.desk.service import Desk
from tanggap.desk.timeline import KINDS
from tanggap.desk.workflow import Action
from tanggap.errors import RuleError
from tanggap.records import Issue, Status, User
from tanggap.records.desk import Commitment, Response, ResponseKind
from tanggap.store import issues
from tanggap.store.shelf import commitments, responses

#: What a response is called while it is in a state.
STATES = {
    "draft": "draf",
    "submitted": "menunggu persetujuan",
    "approved": "disetujui",
    "published": "terbit",
    "replaced": "diganti versi baru",
}


class Answering:
    """The answers of one desk. Acts raise RuleError where a rule refuses them, with what is needed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.checks = Checks.load(desk.city)
        self.drafts = Drafts.load(desk.city)

    def draft(self, issue_id: str, by: User, *, kind: ResponseKind, text: str = "") -> Response:
        """A first version; without a text, from the template that fits."""
        with self.desk.store.write() as db:
            issue = self._issue(db, issue_id, by, "answer")
            text = text.strip() or self.drafts.write(kind, issue, self.desk.city)
            if not text:
                raise RuleError(f"Tidak ada templat {KINDS[kind]} untuk isu ini; tulis teksnya sendiri.")
            number = 1 + max((item.number for item in responses.of_issue(db, issue_id)), default=0)
            made = Response(issue=issue_id, number=number, kind=kind, text=text, at=self.desk.now(), by=by.name)
            return self._add(db, made, by)

    def revise(self, response_id: int, by: User, text: str) -> Response:
        """The next version of an unpublished response; it has to be approved anew."""
        with self.desk.store.write() as db:
            old = self._response(db, response_id, by, "answer", ("draft", "submitted", "approved"))
            if not text.strip():
                raise RuleError("Teks tanggapan kosong.")
            responses.save(db, old.evolve(state="replaced"))
            made = Response(
                issue=old.issue,
                number=old.number,
                version=old.version + 1,
                kind=old.kind,
                text=text.strip(),
                at=self.desk.now(),
                by=by.name,
            )
            return self._add(db, made, by)

    def submit(self, response_id: int, by: User) -> tuple[Response, tuple[Finding, ...]]:
        """Asks for approval; what the checker finds is for the second person to see, and to decide on."""
        with self.desk.store.write() as db:
            item = self._response(db, response_id, by, "answer", ("draft",))
            return self._decide(db, item, by, "submit", state="submitted"), self._check(db, item)

    def approve(self, response_id: int, by: User, note: str = "") -> Response:
        """Approves what somebody else wrote; over findings only with a note that says why they do not stand."""
        with self.desk.store.write() as db:
            item = self._response(db, response_id, by, "approve", ("submitted",))
            authors = {each.by for each in responses.of_issue(db, item.issue) if each.number == item.number}
            if by.name in authors:
                raise RuleError(f"{by.full_name} ikut menulis teks ini; persetujuan memerlukan orang kedua.")
            found = self._check(db, item)
            if found and not note.strip():
                first = found[0]
                raise RuleError(
                    f"Pemeriksa menemukan {len(found)} hal, antara lain {first.label.lower()}: “{first.words}”. "
                    "Perbaiki teksnya, atau setujui dengan alasan."
                )
            return self._decide(db, item, by, "approve", note, state="approved")

    def send_back(self, response_id: int, by: User, note: str) -> Response:
        """Gives a text back to who wrote it."""
        with self.desk.store.write() as db:
            item = self._response(db, response_id, by, "approve", ("submitted",))
            if not note.strip():
                raise RuleError("Pengembalian memerlukan keterangan: apa yang harus diperbaiki.")
            return self._decide(db, item, by, "return", note, state="draft")

    def publish(
        self, response_id: int, by: User, url: str, threads: Sequence[str] = (), *, at: datetime | None = None
    ) -> Response:
        """Notes where an approved text stands, since when, and under which posts.

        The earliest publication answers the issue, whenever it is noted. A holding statement leaves its state (a
        detected issue is accepted); any other text moves it to Ditanggapi where the rules allow that. What the text
        promises is suggested for the list of promises.

        Args:
            at: when it went out, aware; now if left out. Neither ahead of now nor before the issue was opened.
        """
        with self.desk.store.write() as db:
            item = self._response(db, response_id, by, "answer", ("approved",))
            if not is_link(url):
                raise RuleError("Penerbitan memerlukan tautan jawaban, diawali https:// atau http://.")
            now = self.desk.now()
            moment = self._went_out(db, item, at or now, now)
            done = item.evolve(state="published", url=url, published_at=moment, threads=tuple(threads))
            responses.save(db, done)
            self._suggest(db, done)
            self._answered(db, done, by)
            return done

    def check(self, response_id: int) -> tuple[Finding, ...]:
        """What the checker says about a response now."""
        with self.desk.store.read() as db:
            item = responses.get(db, response_id)
            if item is None:
                raise RuleError(f"Tanggapan {response_id} tidak ada.")
            return self._check(db, item)

    def of_issue(self, issue_id: str) -> list[Response]:
        """All versions of all responses of an issue, oldest first."""
        with self.desk.store.read() as db:
            return responses.of_issue(db, issue_id)

    def coverage(self, issue_id: str) -> Coverage:
        """Share of the issue's reach with an official answer near it."""
        with self.desk.store.read() as db:
            threads = {thread for item in responses.of_issue(db, issue_id) for thread in item.threads}
            return coverage(issues.members(db, issue_id, limit=100_000), threads)

    def _went_out(self, db: Connection, item: Response, at: datetime, now: datetime) -> datetime:
        """The moment of publication, if it can be one; people write minutes, so the minute of the opening will do."""
        issue = self.desk.read(db, item.issue, None)
        if at > now:
            raise RuleError(
                f"Waktu terbit {stamp(at)} WIB belum tiba (sekarang {stamp(now)}); catat setelah jawabannya terbit."
            )
        opened = issue.reopened_at or issue.detected_at
        if at < opened.replace(second=0, microsecond=0):
            again = " kembali" if issue.reopened_at else ""
            raise RuleError(
                f"Waktu terbit {stamp(at)} WIB mendahului isu ini, yang baru dibuka{again} {stamp(opened)}; "
                "periksa tanggal dan jamnya."
            )
        return at

    def _answered(self, db: Connection, item: Response, by: User) -> None:
        issue, now, out = self.desk.read(db, item.issue, None), self.desk.now(), item.published_at
        steps = [issue]
        if issue.status is Status.DETECTED:
            steps.append(issue.evolve(status=Status.WAITING, status_at=now))
        to = Status.ANSWERED
        if item.kind != "holding" and to in self.desk.workflow.moves(steps[-1].status):
            holder = steps[-1].holder or by.name
            steps.append(steps[-1].evolve(status=to, status_at=now, holder=holder))
        if out is not None and (issue.answered_at is None or out < issue.answered_at):
            steps.append(steps[-1].evolve(answered_at=out))
        facts: dict[str, Any] = {"kind": item.kind, "version": item.version, "url": item.url}
        facts["sha256"] = _digest(item.text)
        if out is not None and out != now:
            facts["published_at"] = out.isoformat()
        self.desk.save(db, "response.publish", issue, *steps, by=by, told=item.url or "", facts=facts)

    def _suggest(self, db: Connection, item: Response) -> None:
        said = item.published_at or item.at
        for pledge in pledges(item.text, said, self.checks, self.desk.workflow.calendar):
            issue = self.desk.read(db, item.issue, None)
            made = Commitment(
                issue=item.issue,
                text=pledge.sentence,
                source=f"response {item.id}",
                due=pledge.due,
                owner=issue.agency,
                at=said,
                by="machine",
            )
            commitments.add(db, made)

    def _check(self, db: Connection, item: Response) -> tuple[Finding, ...]:
        earlier = [each for each in responses.of_issue(db, item.issue) if each.state == "published"]
        setting = Setting(
            at=self.desk.now(),
            calendar=self.desk.workflow.calendar,
            issue=self.desk.read(db, item.issue, None),
            earlier=[each for each in earlier if each.number != item.number],
        )
        return check(item.text, setting, self.checks)

    def _add(self, db: Connection, made: Response, by: User) -> Response:
        added = responses.add(db, made)
        what = {"response": added.id, "kind": made.kind, "version": made.version, "sha256": _digest(made.text)}
        self.desk.note(db, "response.draft", made.issue, by, after=what)
        return added

    def _decide(self, db: Connection, item: Response, by: User, act: str, note: str = "", *, state: str) -> Response:
        done = item.evolve(state=state, decided_at=self.desk.now(), decided_by=by.name, note=note)
        responses.save(db, done)
        what = {"response": item.id, "kind": item.kind, "version": item.version, "sha256": _digest(item.text)}
        self.desk.note(db, f"response.{act}", item.issue, by, after=what, note=note)
        return done

    def _response(
        self, db: Connection, response_id: int, by: User, action: Action, states: tuple[str, ...]
    ) -> Response:
        item = responses.get(db, response_id)
        if item is None:
            raise RuleError(f"Tanggapan {response_id} tidak ada.")
        self._issue(db, item.issue, by, action)
        if item.state not in states:
            wanted = " atau ".join(STATES[state] for state in states)
            raise RuleError(f"Tanggapan {response_id} {STATES[item.state]}; tindakan ini memerlukan yang {wanted}.")
        return item

    def _issue(self, db: Connection, issue_id: str, by: User, action: Action) -> Issue:
        issue = self.desk.read(db, issue_id, None)
        check_permission(by, action, issue, self.desk.workflow, self.desk.city)
        if self.desk.workflow.is_closed(issue.status):
            raise RuleError(f"Isu ini sudah {self.desk.workflow.label(issue.status)}; buka kembali sebelum menjawab.")
        return issue


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
