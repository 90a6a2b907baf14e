"""What people make of the machine's suggestions: accepting does the act, rejecting is remembered for good."""

from __future__ import annotations

from sqlalchemy import Connection

from tanggap.desk.curation import Curator
from tanggap.desk.guards import check_permission
from tanggap.errors import RuleError
from tanggap.records import AuditEntry, Decided, Issue, Link, Status, Suggestion, SuggestionKind, User
from tanggap.store import audit, issues, suggestions

#: States from which an issue may be merged into another.
MERGEABLE = (Status.DETECTED, Status.WAITING)


class Deciding:
    """Decisions on suggestions for one curator; each raises RuleError or ConflictError like its acts."""

    def __init__(self, curator: Curator) -> None:
        self.curator = curator

    def accept(self, number: int, by: User) -> Issue:
        """Does what is suggested, as an act of this person, and gives the issue it is about."""
        with self.curator.store.write() as db:
            item = self._open(db, number)
            do = {
                SuggestionKind.JOIN: self._join,
                SuggestionKind.MERGE: self._merge,
                SuggestionKind.SPLIT: self._split,
                SuggestionKind.REOPEN: self._reopen,
            }[item.kind]
            issue = do(db, item, by)
            self._decide(db, item, Decided.ACCEPTED, by)
            return issue

    def reject(self, number: int, by: User, note: str = "") -> Suggestion:
        """Refuses a suggestion; the machine neither repeats it nor does it by itself later."""
        with self.curator.store.write() as db:
            item = self._open(db, number)
            issue = issues.get(db, item.issue)
            if issue is not None:
                check_permission(by, "curate", issue, self.curator.workflow, self.curator.city)
            self._decide(db, item, Decided.REJECTED, by, note)
            return item

    def _open(self, db: Connection, number: int) -> Suggestion:
        item = suggestions.get(db, number)
        if item is None:
            raise RuleError(f"Saran {number} tidak ada; lihat `tanggap issue suggestions`.")
        return item

    def _decide(self, db: Connection, item: Suggestion, state: Decided, by: User, note: str = "") -> None:
        at = self.curator.now()
        suggestions.decide(db, item.id or 0, state, by=by.name, at=at)
        what = {"suggestion": item.id, "kind": item.kind.value, "state": state.value, "reason": item.reason}
        entry = AuditEntry(at=at, by=by.name, action="issue.decide", subject=item.issue, after=what, note=note)
        audit.add(db, entry)

    def _join(self, db: Connection, item: Suggestion, by: User) -> Issue:
        """Posts that are nowhere else yet become the issue's."""
        target = self.curator.read(db, _living(db, item.issue).id, by, None)
        keys = [key for key in issues.stored(db, item.posts) if issues.link_of(db, key) is None]
        if not keys:
            raise RuleError("Kiriman itu sudah berada dalam sebuah isu; pindahkan dengan `tanggap issue move`.")
        links = [Link(post=key, issue=target.id, similarity=item.likeness, by=by.name) for key in keys]
        self.curator.carry(db, links, None, target, by)
        return self.curator.count(db, target)

    def _merge(self, db: Connection, item: Suggestion, by: User) -> Issue:
        """The smaller one lives on in the larger; the other way where people already work on the smaller."""
        kept, lost = _living(db, item.issue), _living(db, item.other or "")
        if lost.status not in MERGEABLE and kept.status in MERGEABLE:
            kept, lost = lost, kept
        self.curator.desk.move_in(db, lost.id, Status.MERGED, by, version=None, note=kept.id)
        return issues.exact(db, kept.id)

    def _split(self, db: Connection, item: Suggestion, by: User) -> Issue:
        """The posts that are still in the issue become one of their own."""
        issue = self.curator.read(db, _living(db, item.issue).id, by, None)
        here = {link.post for link in issues.links_of(db, issue.id)}
        return self.curator.part(db, issue, [key for key in item.posts if key in here], by)

    def _reopen(self, db: Connection, item: Suggestion, by: User) -> Issue:
        """The closed issue waits again; its new posts come to it, with the issue that was made of them alone."""
        closed = _living(db, item.issue)
        issue = self.curator.desk.move_in(db, closed.id, Status.WAITING, by, version=None, note=item.reason)
        homes = {key: issues.link_of(db, key) for key in issues.stored(db, item.posts)}
        free = [
            Link(post=key, issue=issue.id, similarity=item.likeness, by=by.name) for key, at in homes.items() if not at
        ]
        if free:
            self.curator.carry(db, free, None, issue, by)
            issue = self.curator.count(db, issue)
        for name in sorted({at.issue for at in homes.values() if at} - {issue.id}):
            other = issues.exact(db, name)
            whole = {link.post for link in issues.links_of(db, name)} <= homes.keys()
            if whole and other.status is Status.DETECTED:
                self.curator.desk.move_in(db, name, Status.MERGED, by, version=None, note=issue.id)
        return issues.exact(db, issue.id)


def _living(db: Connection, issue_id: str) -> Issue:
    issue = issues.get(db, issue_id)
    if issue is None:
        raise RuleError(f"Isu {issue_id} tidak ada.")
    return issue
