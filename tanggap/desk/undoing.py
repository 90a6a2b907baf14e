"""Takes back what people or the machine did to the identity of issues, so that nothing but the log tells of it."""

from __future__ import annotations

from sqlalchemy import Connection

from tanggap.desk import hooks
from tanggap.desk.curation import Curator
from tanggap.desk.guards import check_permission
from tanggap.desk.transfers import recounted
from tanggap.errors import RuleError
from tanggap.records import AuditEntry, Bond, BondKind, EventKind, Issue, IssueEvent, Link, Status, StatusChange, User
from tanggap.store import audit, issue_events, issues

WORDS = {
    EventKind.MERGED: "penggabungan",
    EventKind.SPLIT: "pemisahan",
    EventKind.MOVED: "pemindahan",
    EventKind.TITLED: "penggantian judul",
}
#: States of a split-off issue in which nobody has worked on it yet.
UNWORKED = (Status.DETECTED, Status.WAITING)


class Undoing:
    """Undo for one curator. The newest act on an issue is taken back first."""

    def __init__(self, curator: Curator) -> None:
        self.curator = curator
        self.city = curator.city

    def undo(self, number: int, by: User) -> IssueEvent:
        """Takes one act back and gives the event that says so.

        Posts that joined since stay where they are, but those of a split-off issue go back with the others. A merge
        by the machine that people take back is not repeated.

        Raises:
            RuleError: it is no act, was taken back before, or a later act stands on it; says which.
        """
        with self.curator.store.write() as db:
            event = self._standing(db, number)
            self._check(db, event, by)
            back = {
                EventKind.MERGED: self._unmerge,
                EventKind.SPLIT: self._unsplit,
                EventKind.MOVED: self._unmove,
                EventKind.TITLED: self._untitle,
            }[event.kind](db, event, by)
            issue_events.lift(db, number)
            done = IssueEvent(
                kind=EventKind.UNDONE,
                issue=event.issue,
                other=event.other,
                posts=back,
                at=self.curator.now(),
                by=by.name,
                note=event.kind.value,
                undoes=number,
            )
            written = issue_events.add(db, done)
            if event.kind is EventKind.MERGED and event.by.startswith(issue_events.MACHINE):
                told = Bond(kind=BondKind.CANNOT, issue=event.other or "", other=event.issue, event=written)
                issue_events.bind(db, [told])
            what = {"event": number, "kind": event.kind.value, "posts": list(back)}
            audit.add(db, AuditEntry(at=done.at, by=by.name, action="issue.undo", subject=event.issue, after=what))
            return done.evolve(id=written)

    def _standing(self, db: Connection, number: int) -> IssueEvent:
        """The act of that number, if it can be taken back."""
        event = issue_events.get(db, number)
        if event is None or event.kind not in issue_events.ACTS:
            raise RuleError(f"Catatan {number} bukan tindakan yang bisa dibatalkan; lihat `tanggap issue log`.")
        names = [name for name in (event.issue, event.other) if name]
        standing = issue_events.standing(issue_events.log(db, *names))
        if number not in {act.id for act in standing}:
            raise RuleError(f"Tindakan {number} sudah dibatalkan.")
        later = [act for act in standing if (act.id or 0) > number and _meets(act, event)]
        if later:
            raise RuleError(f"Batalkan dahulu {WORDS[later[-1].kind]} nomor {later[-1].id}, yang terjadi sesudahnya.")
        return event

    def _check(self, db: Connection, event: IssueEvent, by: User) -> None:
        """Whether this person may put the issues concerned in order."""
        for name in {event.issue, event.other} - {None}:
            issue = issues.get(db, name or "")
            if issue is not None:
                check_permission(by, "curate", issue, self.curator.workflow, self.city)

    def _unmerge(self, db: Connection, event: IssueEvent, by: User) -> tuple[int, ...]:
        """The merged issue lives again, in the state before, with those of its posts that are still there."""
        lost, kept = issues.exact(db, event.issue), issues.exact(db, event.other or "")
        there = [link for link in issues.links_of(db, kept.id) if link.post in set(event.posts)]
        issues.link(db, [link.evolve(issue=lost.id) for link in there])
        status = Status(event.before)
        self._change(db, lost, status, by)
        alive = lost.evolve(status=status, status_at=self.curator.now(), merged_into=None)
        self._save(db, alive, kept)
        return tuple(link.post for link in there)

    def _unsplit(self, db: Connection, event: IssueEvent, by: User) -> tuple[int, ...]:
        """The split-off issue leads back to the one it came from, with all it has."""
        parent, child = issues.exact(db, event.issue), issues.exact(db, event.other or "")
        if child.status not in UNWORKED:
            label = self.curator.workflow.label(child.status)
            raise RuleError(f"{child.id} sudah {label}; pemisahannya tidak bisa dibatalkan lagi.")
        links = issues.links_of(db, child.id)
        issues.link(db, [link.evolve(issue=parent.id) for link in links])
        self._change(db, child, Status.MERGED, by)
        ended = child.evolve(status=Status.MERGED, status_at=self.curator.now(), merged_into=parent.id)
        issues.update(db, ended)
        self._save(db, parent)
        return tuple(link.post for link in links)

    def _unmove(self, db: Connection, event: IssueEvent, by: User) -> tuple[int, ...]:
        """The posts go back to the issue they came from, or into none; what was made sure is asked again."""
        keys = issues.stored(db, event.posts)
        if event.before and event.before == event.other:
            unsure = [link for link in issues.links_of(db, event.before) if link.post in set(keys)]
            issues.link(db, [link.evolve(by=issue_events.MACHINE, suggested=True) for link in unsure])
        elif event.before:
            links = {link.post: link for link in issues.links_of(db, event.other)} if event.other else {}
            told = [links.get(key) or Link(post=key, issue="", similarity=1.0) for key in keys]
            issues.link(db, [link.evolve(issue=event.before, by=by.name) for link in told])
        else:
            issues.unlink(db, keys)
        names = dict.fromkeys(name for name in (event.before, event.other) if name)
        self._save(db, *(issues.exact(db, name) for name in names))
        return tuple(keys)

    def _untitle(self, db: Connection, event: IssueEvent, by: User) -> tuple[int, ...]:
        """The title before stands again."""
        del by
        issues.update(db, issues.exact(db, event.issue).evolve(title=event.before))
        return ()

    def _change(self, db: Connection, issue: Issue, after: Status, by: User) -> None:
        at = self.curator.now()
        change = StatusChange(issue=issue.id, at=at, by=by.name, before=issue.status, after=after, note="pembatalan")
        issues.add_change(db, change)
        hooks.announce(db, issue, issue.evolve(status=after, version=issue.version + 1), at)

    def _save(self, db: Connection, *changed: Issue) -> None:
        for issue in changed:
            issues.update(db, recounted(db, issue, self.city))


def _meets(later: IssueEvent, event: IssueEvent) -> bool:
    """Whether a later act must be taken back first: titles stand on titles, all else on all else."""
    return (later.kind is EventKind.TITLED) is (event.kind is EventKind.TITLED)
