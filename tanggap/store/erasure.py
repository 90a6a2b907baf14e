"""Takes posts out of everything: texts, versions, scores, search, links, counts, briefs, quarantine and leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, delete, or_, select

from tanggap.records import AuditEntry, Engagement, Issue, PostKind, Status, StatusChange
from tanggap.store import audit, briefs, changes, issues, posts, quarantine, rollups, scores
from tanggap.store.dialects import chunks, one_writer, upsert
from tanggap.store.privacy_tables import erased
from tanggap.store.tables import issue, issue_link, lead, post, score
from tanggap.text import ELLIPSIS

REDACTED = "(kiriman dihapus penulisnya)"
EMPTIED = "Semua kiriman isu ini sudah dihapus, oleh penulisnya atau atas permintaannya."
MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure reached."""

    posts: int = 0
    #: Issues that lost posts and were counted again, and how many of them had none left.
    issues: frozenset[str] = frozenset()
    dismissed: int = 0
    #: Quotes in saved briefs, records in quarantine, headlines of discovery.
    quotes: int = 0
    samples: int = 0
    leads: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(
            posts=self.posts + other.posts,
            issues=self.issues | other.issues,
            dismissed=self.dismissed + other.dismissed,
            quotes=self.quotes + other.quotes,
            samples=self.samples + other.samples,
            leads=self.leads + other.leads,
        )


def erase(
    db: Connection, source: str, native_ids: Collection[str], *, at: datetime, by: str = MACHINE, why: str = ""
) -> Erased:
    """Takes posts of one source out of the store for good; ids it does not hold are passed over.

    What remains is a hash of each identity, in the audit trail and so that no later crawl brings the post back.
    Issues are counted again at once; one without posts is dismissed.
    """
    one_writer(db)
    done = Erased()
    for part in chunks(sorted(set(native_ids))):
        rows = db.execute(select(post).where(post.c.source == source, post.c.native_id.in_(part))).mappings().all()
        if rows:
            done += erase_rows(db, source, rows, at, by, why)
    return done


def erase_rows(db: Connection, source: str, rows: Sequence[RowMapping], at: datetime, by: str, why: str) -> Erased:
    """`erase` for posts that are there."""
    ids = [row["id"] for row in rows]
    touched = set(db.scalars(select(issue_link.c.issue).where(issue_link.c.post.in_(ids))))
    quotes = briefs.redact(db, {row["id"]: row["title"] or row["text"] for row in rows}, REDACTED)
    samples = quarantine.forget(db, [row["native_id"] for row in rows], source=source)
    urls = [row["url"] for row in rows if row["url"]]
    leads = db.execute(delete(lead).where(or_(lead.c.post.in_(ids), lead.c.url.in_(urls)))).rowcount
    db.execute(sa.update(post).where(post.c.copy_of.in_(ids)).values(copy_of=None))
    db.execute(delete(post).where(post.c.id.in_(ids)))
    changes.note(db, ids)
    rollups.refresh(db, {row["hour"] for row in rows})
    hashes = remember(db, source, rows, at)
    rename(db, touched, [row["title"] for row in rows if row["title"]])
    dismissed = sum(recount(db, key, at, by) for key in sorted(touched))
    what = {"posts": len(ids), "sha256": hashes}
    audit.add(db, AuditEntry(at=at, by=by, action="post.erase", subject=source, after=what, note=why))
    return Erased(
        posts=len(ids), issues=frozenset(touched), dismissed=dismissed, quotes=quotes, samples=samples, leads=leads
    )


def remember(db: Connection, source: str, rows: Sequence[RowMapping], at: datetime) -> list[str]:
    """Keeps the hash of each identity, and gives them."""
    hashes = [posts.fingerprint(source, row["native_id"]) for row in rows]
    statement = upsert(db, erased).on_conflict_do_nothing()
    db.execute(statement, [{"hash": key, "at": at} for key in hashes])
    return hashes


def rename(db: Connection, issue_ids: Collection[str], headlines: Sequence[str]) -> None:
    """Gives issues that bear one of `headlines` a title of our own words."""
    for item in (issues.get(db, key) for key in issue_ids):
        start = item.title.removesuffix(ELLIPSIS) if item else ""
        if item and start and any(headline.startswith(start) for headline in headlines):
            title = f"Isu di {item.place}" if item.place else "Isu tanpa judul"
            values = issues.row_from(item.evolve(title=title))
            db.execute(sa.update(issue).where(issue.c.id == item.id).values(title=title, terms=values["terms"]))


def recount(db: Connection, issue_id: str, at: datetime, by: str) -> bool:
    """Counts an issue's posts anew; True when it had none left and was dismissed for that.

    A state of its own, not of the machine: people who look at the issue are not interrupted by other numbers, so
    its version rises only with a dismissal.
    """
    counts = counted(db, issue_id)
    if counts["posts"]:
        times = {"first_at": counts.pop("first_at"), "last_at": counts.pop("last_at")}
        db.execute(sa.update(issue).where(issue.c.id == issue_id).values(**counts, **times))
        return False
    row = db.execute(select(issue).where(issue.c.id == issue_id)).mappings().one()
    item = issues.from_row(row)
    empty = item.evolve(posts=0, accounts=0, news=0, reach=0, negative=0, score=0, reasons=())
    if item.status in issues.CLOSED:
        db.execute(sa.update(issue).where(issue.c.id == issue_id).values(issues.row_from(empty)))
        return False
    dismiss(db, empty, at, by)
    return True


def dismiss(db: Connection, item: Issue, at: datetime, by: str) -> None:
    """Puts an issue without posts away, with the reason in its history."""
    after = Status.DISMISSED
    issues.update(db, item.evolve(status=after, status_at=at))
    issues.add_change(db, StatusChange(issue=item.id, at=at, by=by, before=item.status, after=after, note=EMPTIED))
    states = {"before": {"status": item.status.value}, "after": {"status": after.value}}
    audit.add(db, AuditEntry(at=at, by=by, action="issue.move", subject=item.id, note=EMPTIED, **states))


def counted(db: Connection, issue_id: str) -> dict[str, Any]:
    """Posts, voices, news, reach, negative ones and the first and last time of an issue, from its posts.

    A voice is a distinct author of posts that copy no other; unsigned ones count each. Posts whose author may no
    longer be kept count no more voices than the issue had.
    """
    wanted = select(post, issue_link.c.copy_of.label("original"), score.c.sentiment.label("tone"))
    joined = wanted.join(issue_link, issue_link.c.post == post.c.id).outerjoin(score, scores.current())
    rows = db.execute(joined.where(issue_link.c.issue == issue_id)).all()
    own = [row for row in rows if row.original is None]
    voices = len({row.author for row in own} - {None}) + sum(row.author is None for row in own)
    if any(row.blanked_at for row in rows):
        voices = min(voices, db.scalar(select(issue.c.accounts).where(issue.c.id == issue_id)) or 0)
    reach = (Engagement(likes=r.likes, replies=r.replies, reposts=r.reposts, views=r.views).reach for r in rows)
    return {
        "posts": len(rows),
        "accounts": voices,
        "news": sum(row.kind == PostKind.NEWS for row in rows),
        "reach": sum(reach),
        "negative": sum(row.tone == "negative" for row in rows),
        "first_at": min((row.published_at for row in rows), default=None),
        "last_at": max((row.published_at for row in rows), default=None),
    }


def erase_author(db: Connection, pseudonym: str, *, at: datetime, by: str, why: str = "") -> Erased:
    """Takes out everything one author wrote, at all sources; `pseudonym` is what the key makes of the handle."""
    found = db.execute(select(post.c.source, post.c.native_id).where(post.c.author == pseudonym)).all()
    done = Erased()
    for name in sorted({row.source for row in found}):
        done += erase(db, name, [row.native_id for row in found if row.source == name], at=at, by=by, why=why)
    return done


def unmap(db: Connection, source: str, native_ids: Sequence[str]) -> int:
    """Takes the position off posts whose author withdrew it; returns how many had one."""
    placed = post.c.lat.is_not(None) | post.c.lon.is_not(None)
    done = 0
    for part in chunks(native_ids):
        same = (post.c.source == source) & post.c.native_id.in_(part)
        done += db.execute(sa.update(post).where(same, placed).values(lat=None, lon=None)).rowcount
    return done
