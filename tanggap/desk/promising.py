"""The list of promises: found in official texts, confirmed by a person, then kept, withdrawn, or broken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.desk.checks import Checks
from tanggap.desk.guards import check_agency, check_permission
from tanggap.desk.pledges import pledges
from tanggap.desk.service import Desk
from tanggap.errors import RuleError
from tanggap.privacy import pseudonym
from tanggap.records import AuditEntry, Issue, User
from tanggap.records.desk import Commitment
from tanggap.store import audit, issues, promises
from tanggap.store.shelf import commitments

STATES = {"suggested": "usulan", "open": "terbuka", "kept": "ditepati", "withdrawn": "ditarik"}


def official_accounts(city: City, key: bytes) -> frozenset[str]:
    """The pseudonyms under which the posts of the bodies' own accounts are stored."""
    return frozenset(pseudonym(body.handle, key) for body in city.agencies.values() if body.handle and key)


class Promising:
    """The promises of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.checks = Checks.load(desk.city)

    def read_posts(self, issue_id: str, official: Collection[str]) -> list[Commitment]:
        """Suggests what posts of official accounts on an issue promise; the same sentence of a post once only."""
        found: list[Commitment] = []
        with self.desk.store.write() as db:
            issue = self.desk.read(db, issue_id, None)
            known = {(item.source, item.text) for item in promises.of_issue(db, issue_id)}
            for _, reading in issues.members(db, issue_id, limit=10_000):
                post = reading.post
                if post.author not in official:
                    continue
                for pledge in pledges(post.text, post.published_at, self.checks, self.desk.workflow.calendar):
                    made = Commitment(
                        issue=issue_id,
                        text=pledge.sentence,
                        source=f"post {post.id}",
                        due=pledge.due,
                        owner=issue.agency,
                        at=self.desk.now(),
                        by="machine",
                    )
                    if (made.source, made.text) not in known:
                        known.add((made.source, made.text))
                        found.append(self._add(db, made, "find"))
        return found

    def add(self, issue_id: str, by: User, text: str, *, due: datetime, owner: str | None = None) -> Commitment:
        """Notes a promise that a person heard; it stands at once."""
        with self.desk.store.write() as db:
            issue = self.desk.read(db, issue_id, None)
            check_permission(by, "move", issue, self.desk.workflow, self.desk.city)
            made = Commitment(issue=issue_id, text=text.strip(), source="person", at=self.desk.now(), by=by.name)
            return self._add(db, self._confirmed(made, by, due, owner or issue.agency), "confirm")

    def confirm(self, number: int, by: User, *, due: datetime | None = None, owner: str | None = None) -> Commitment:
        """A person says that a suggestion is a promise, whose, and until when."""
        with self.desk.store.write() as db:
            item = self._item(db, number, by, ("suggested",))
            done = self._confirmed(item, by, due or item.due, owner or item.owner)
            return self._decide(db, done, by, "confirm", "")

    def keep(self, number: int, by: User, note: str) -> Commitment:
        """Says that it was kept, and how that is known."""
        with self.desk.store.write() as db:
            item = self._item(db, number, by, ("open",))
            if not note.strip():
                raise RuleError("Menyatakan janji ditepati memerlukan keterangan: apa buktinya.")
            return self._decide(db, item.evolve(state="kept"), by, "keep", note)

    def withdraw(self, number: int, by: User, note: str) -> Commitment:
        """Takes a promise or a suggestion off the list, with the reason."""
        with self.desk.store.write() as db:
            item = self._item(db, number, by, ("suggested", "open"))
            if not note.strip():
                raise RuleError("Menarik janji memerlukan alasan.")
            return self._decide(db, item.evolve(state="withdrawn"), by, "withdraw", note)

    def open_ones(self) -> list[tuple[Commitment, Issue]]:
        """Every open promise with its issue, broken ones among them, the soonest first."""
        with self.desk.store.read() as db:
            return promises.open_ones(db)

    def of_issue(self, issue_id: str) -> list[Commitment]:
        """The promises of an issue and of those that were merged into it, oldest first."""
        with self.desk.store.read() as db:
            return promises.of_issue(db, issue_id)

    def _confirmed(self, item: Commitment, by: User, due: datetime | None, owner: str | None) -> Commitment:
        if not item.text:
            raise RuleError("Janji memerlukan isinya.")
        if due is None or owner is None:
            raise RuleError("Janji memerlukan tenggat dan penanggung jawab.")
        if due <= item.at:
            raise RuleError("Tenggat janji harus sesudah janji itu diucapkan.")
        check_agency(owner, self.desk.city)
        return item.evolve(state="open", due=due, owner=owner, decided_at=self.desk.now(), decided_by=by.name)

    def _item(self, db: Connection, number: int, by: User, states: tuple[str, ...]) -> Commitment:
        item = commitments.get(db, number)
        if item is None:
            raise RuleError(f"Janji {number} tidak ada.")
        home = issues.get(db, item.issue)
        issue = self.desk.read(db, home.id if home else item.issue, None)
        check_permission(by, "move", issue, self.desk.workflow, self.desk.city)
        if item.state not in states:
            raise RuleError(f"Janji {number} sudah {STATES[item.state]}.")
        return item

    def _add(self, db: Connection, made: Commitment, act: str) -> Commitment:
        added = commitments.add(db, made)
        entry = AuditEntry(at=made.at, by=made.by, action=f"promise.{act}", subject=made.issue, after=_facts(added))
        audit.add(db, entry)
        return added

    def _decide(self, db: Connection, item: Commitment, by: User, act: str, note: str) -> Commitment:
        done = item.evolve(decided_at=self.desk.now(), decided_by=by.name, note=note)
        commitments.save(db, done)
        self.desk.note(db, f"promise.{act}", item.issue, by, after=_facts(done), note=note)
        return done


def _facts(item: Commitment) -> dict[str, object]:
    due = item.due.isoformat() if item.due else None
    return {"promise": item.id, "text": item.text, "due": due, "owner": item.owner, "state": item.state}
