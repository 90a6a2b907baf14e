"""What people do to the identity of issues: merge, split, move a post, retitle, decide on suggestions, and undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import Clock
from tanggap.desk.guards import check_permission
from tanggap.desk.service import Desk
from tanggap.desk.transfers import carry, part, recounted, with_copies
from tanggap.desk.workflow import Workflow
from tanggap.errors import RuleError
from tanggap.records import (
    AuditEntry,
    Bond,
    BondKind,
    EventKind,
    Issue,
    IssueEvent,
    Link,
    Status,
    User,
)
from tanggap.store import Store, audit, issue_events, issues

#: Letters of a title.
LONGEST = 120


class Curator:
    """Puts the issues of one desk in order. Every act is one event that can be taken back, with its audit entry.

    Every act raises RuleError where a rule refuses it, and ConflictError where somebody changed the issue since the
    version the person saw. What people put in order the machine no longer changes; it only suggests.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.store: Store = desk.store
        self.city: City = desk.city
        self.now: Clock = desk.now
        self.workflow: Workflow = desk.workflow

    def merge(self, issue_id: str, into: str, by: User, *, version: int) -> Issue:
        """Lets an issue live on in another; gives back the merged one."""
        return self.desk.move(issue_id, Status.MERGED, by, version=version, note=into)

    def split(self, issue_id: str, posts: Collection[int], by: User, *, version: int, title: str = "") -> Issue:
        """Makes an issue of its own out of some posts and their copies; gives back the new one.

        The two are never merged again by the machine.
        """
        with self.store.write() as db:
            return self.part(db, self.read(db, issue_id, by, version), posts, by, title)

    def part(self, db: Connection, issue: Issue, posts: Collection[int], by: User, title: str = "") -> Issue:
        """The same within a transaction."""
        leaving = self._leaving(issue, issues.links_of(db, issue.id), posts)
        child = part(db, issue, leaving, by.name, self.now(), self.city, " ".join(title.split())[:LONGEST])
        self.count(db, issue)
        whole = {"new": child.id, "posts": [link.post for link in leaving]}
        self._audit(db, "split", issue.id, by, after=whole)
        return child

    def move(self, post: int, to: str | None, by: User, *, version: int) -> Issue | None:
        """Puts a post and its copies into another issue, or with None into no issue; gives back the target.

        Args:
            version: of the issue it leaves, or where it is in none, of the issue it enters.
        """
        return self.move_all([post], to, by, version=version)

    def move_all(self, posts: Collection[int], to: str | None, by: User, *, version: int) -> Issue | None:
        """The same for posts that are all in one issue, or all in none."""
        with self.store.write() as db:
            homes = {post: issues.link_of(db, post) for post in posts}
            names = {link.issue if link else None for link in homes.values()}
            if len(names) != 1:
                raise RuleError("Kiriman yang dipindahkan bersama harus berada dalam satu isu.")
            (name,) = names
            if name is None and to is None:
                raise RuleError(f"Kiriman {min(posts)} tidak berada dalam isu mana pun.")
            home = None if name is None else self.read(db, name, by, version)
            target = None if to is None else self.read(db, to, by, version if home is None else None)
            if home is not None and target is not None and home.id == target.id:
                raise RuleError(f"Kiriman {min(posts)} sudah berada dalam {target.id}.")
            entering = [Link(post=post, issue=to or "", similarity=1.0, by=by.name) for post in posts]
            links = entering if home is None else self._leaving(home, issues.links_of(db, home.id), posts)
            keys = self.carry(db, links, home, target, by)
            whole = {"posts": list(keys), "to": target.id if target else None}
            self._audit(db, "post.move", home.id if home else to or "", by, after=whole)
            changed = [self.count(db, item) for item in (home, target) if item]
            return changed[-1] if target else None

    def confirm(self, post: int, by: User, *, version: int) -> Issue:
        """Says that a post near the threshold is where it belongs, with its copies; the machine asks no more."""
        with self.store.write() as db:
            link = issues.link_of(db, post)
            if link is None:
                raise RuleError(f"Kiriman {post} tidak berada dalam isu mana pun.")
            issue = self.read(db, link.issue, by, version)
            if not link.suggested:
                raise RuleError(f"Kiriman {post} sudah pasti bagian dari {issue.id}.")
            sure = with_copies(issues.links_of(db, issue.id), [post])
            keys = carry(db, sure, issue.id, by.name)
            event = self._event(EventKind.MOVED, issue.id, issue.id, keys, by).evolve(before=issue.id)
            number = issue_events.add(db, event)
            issue_events.bind(db, [Bond(kind=BondKind.MUST, issue=issue.id, post=key, event=number) for key in keys])
            self._audit(db, "post.confirm", issue.id, by, after={"posts": list(keys)})
            return self.count(db, issue)

    def title(self, issue_id: str, text: str, by: User, *, version: int) -> Issue:
        """Names an issue; the machine leaves that name alone."""
        text = " ".join(text.split())
        if not 3 <= len(text) <= LONGEST:
            raise RuleError(f"Judul memerlukan 3 sampai {LONGEST} huruf.")
        with self.store.write() as db:
            issue = self.read(db, issue_id, by, version)
            event = self._event(EventKind.TITLED, issue.id, None, (), by).evolve(before=issue.title, after=text)
            issue_events.add(db, event)
            self._audit(db, "title", issue.id, by, before={"title": issue.title}, after={"title": text})
            return issues.update(db, issue.evolve(title=text))

    def count(self, db: Connection, issue: Issue) -> Issue:
        """Writes an issue with the numbers its posts make now, as its next version."""
        return issues.update(db, recounted(db, issue, self.city))

    def read(self, db: Connection, issue_id: str, by: User, version: int | None) -> Issue:
        """An issue that this person may put in order now."""
        issue = self.desk.read(db, issue_id, version)
        check_permission(by, "curate", issue, self.workflow, self.city)
        if self.workflow.is_closed(issue.status):
            raise RuleError(f"Isu {issue.id} sudah {self.workflow.label(issue.status)}; buka kembali lebih dahulu.")
        return issue

    def _leaving(self, issue: Issue, links: Sequence[Link], posts: Collection[int]) -> list[Link]:
        """The links of the posts that leave an issue, their copies with them; some must stay."""
        if strange := sorted(set(posts) - {link.post for link in links}):
            raise RuleError(f"Kiriman {strange[0]} tidak berada dalam {issue.id}.")
        leaving = with_copies(links, frozenset(posts))
        if not leaving or len(leaving) == len(links):
            raise RuleError(f"Sebagian kiriman harus pindah dan sebagian tinggal; {issue.id} tidak boleh kosong.")
        return leaving

    def carry(
        self, db: Connection, links: Sequence[Link], home: Issue | None, target: Issue | None, by: User
    ) -> tuple[int, ...]:
        """Carries posts and remembers that they belong there and not where they were."""
        keys = tuple(link.post for link in links)
        if target is None:
            issues.unlink(db, keys)
        else:
            carry(db, links, target.id, by.name)
        left = home or target
        event = self._event(EventKind.MOVED, left.id if left else "", target.id if target else None, keys, by)
        number = issue_events.add(db, event.evolve(before=home.id if home else ""))
        away = [Bond(kind=BondKind.CANNOT, issue=home.id, post=key, event=number) for key in keys if home]
        near = [Bond(kind=BondKind.MUST, issue=target.id, post=key, event=number) for key in keys if target]
        issue_events.bind(db, [*away, *near])
        return keys

    def _event(self, kind: EventKind, issue: str, other: str | None, posts: tuple[int, ...], by: User) -> IssueEvent:
        return IssueEvent(kind=kind, issue=issue, other=other, posts=posts, at=self.now(), by=by.name)

    def _audit(
        self,
        db: Connection,
        action: str,
        subject: str,
        by: User,
        *,
        after: Mapping[str, Any],
        before: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        what = AuditEntry(
            at=self.now(), by=by.name, action=f"issue.{action}", subject=subject, before=before, after=after
        )
        audit.add(db, what)
