"""Closing and what comes after: evidence with its doubts, disputes of the public, reopening with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tanggap.desk.disputes import disputed, tickets
from tanggap.desk.guards import check_permission
from tanggap.desk.photos import Photo, doubts, read_photo
from tanggap.desk.service import Desk
from tanggap.desk.workflow import Action
from tanggap.errors import RuleError
from tanggap.records import AuditEntry, Issue, Reading, Status, User
from tanggap.records.desk import Dispute, Evidence
from tanggap.store import audit, issues, scores
from tanggap.store import desk_tables as tables
from tanggap.store.shelf import disputes, evidence

#: How long after a closing the public's posts are held against it.
WATCH = timedelta(days=14)
#: Readings of the public looked at per pass.
RELEVANT = 0.5


class Closing:
    """Evidence and disputes of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def add_evidence(
        self,
        issue_id: str,
        by: User,
        note: str,
        *,
        photo: bytes | None = None,
        taken_at: datetime | None = None,
        lat: float | None = None,
        lon: float | None = None,
    ) -> Evidence:
        """Notes what shows that the work was done. Of a photo only hashes, time and place are kept.

        A photo used before, one taken before the issue began, or far from it, is to be looked at ("periksa").
        """
        with self.desk.store.write() as db:
            issue = self._issue(db, issue_id, by, "evidence")
            if not note.strip():
                raise RuleError("Bukti memerlukan keterangan: apa yang terlihat, di mana, dan kapan.")
            seen = read_photo(photo) if photo is not None else Photo(sha256="", dhash="")
            seen = Photo(
                sha256=seen.sha256,
                dhash=seen.dhash,
                taken_at=taken_at or seen.taken_at,
                lat=seen.lat if lat is None else lat,
                lon=seen.lon if lon is None else lon,
            )
            earlier = evidence.where(db, tables.evidence.c.sha256 != "") if photo is not None else []
            made = Evidence(
                issue=issue_id,
                at=self.desk.now(),
                by=by.name,
                note=note.strip(),
                sha256=seen.sha256,
                dhash=seen.dhash,
                taken_at=seen.taken_at,
                lat=seen.lat,
                lon=seen.lon,
                doubt=doubts(seen, issue, self._centre(issue), earlier),
            )
            added = evidence.add(db, made)
            what = {"evidence": added.id, "sha256": added.sha256, "doubt": added.doubt}
            self.desk.note(db, "evidence.add", issue_id, by, after=what, note=added.note)
            return added

    def clear_evidence(self, number: int, by: User, note: str) -> Evidence:
        """A verifier looked at a doubt and says what was found; not the one who brought the evidence."""
        with self.desk.store.write() as db:
            item = evidence.get(db, number)
            if item is None:
                raise RuleError(f"Bukti {number} tidak ada.")
            self._issue(db, item.issue, by, "close")
            if item.by == by.name:
                raise RuleError(f"{by.full_name} sendiri yang menambah bukti ini; mintalah verifikator lain.")
            if not item.open_doubt:
                raise RuleError(f"Pada bukti {number} tidak ada yang harus diperiksa.")
            if not note.strip():
                raise RuleError("Pemeriksaan bukti memerlukan keterangan: apa yang ditemukan.")
            done = item.evolve(cleared_by=by.name, cleared_note=note.strip())
            evidence.save(db, done)
            self.desk.note(db, "evidence.clear", item.issue, by, after={"evidence": number}, note=note)
            return done

    def evidence_of(self, issue_id: str) -> list[Evidence]:
        """The evidence of an issue, oldest first."""
        with self.desk.store.read() as db:
            return evidence.of_issue(db, issue_id)

    def watch(self) -> list[Dispute]:
        """Looks for posts that dispute a closing of the last 14 days; each post disputes an issue once."""
        now = self.desk.now()
        with self.desk.store.write() as db:
            closed = issues.queue(db, status=[Status.RESOLVED], since=now - WATCH, limit=10_000)
            if not closed:
                return []
            start = min(issue.status_at for issue in closed)
            readings = scores.readings(db, start, now + timedelta(seconds=1), relevance=RELEVANT)
            return [found for issue in closed for found in self._disputes(db, issue, readings)]

    def accept(self, number: int, by: User) -> Issue:
        """The dispute is right: the issue is open again, with the reason."""
        with self.desk.store.write() as db:
            item = self._dispute(db, number)
            issue = self.desk.move_in(db, item.issue, Status.WAITING, by, note=f"bantahan warga: {item.reason}")
            self._decide(db, item, by, "accepted", "accept", "")
            return issue

    def dismiss(self, number: int, by: User, note: str) -> Dispute:
        """The dispute is wrong; says why."""
        with self.desk.store.write() as db:
            item = self._dispute(db, number)
            self._issue(db, item.issue, by, "move")
            if not note.strip():
                raise RuleError("Menolak bantahan memerlukan alasan.")
            return self._decide(db, item, by, "dismissed", "dismiss", note)

    def open_disputes(self) -> list[Dispute]:
        """Disputes nobody has decided on, oldest first."""
        with self.desk.store.read() as db:
            return disputes.where(db, tables.dispute.c.state == "suggested")

    def _disputes(self, db: Connection, issue: Issue, readings: Sequence[Reading]) -> list[Dispute]:
        known = {item.post for item in disputes.of_issue(db, issue.id)}
        numbers = tickets(issues.history(db, issue.id))
        found: list[Dispute] = []
        for reading in readings:
            reason = disputed(reading, issue, numbers, self.desk.city)
            post = reading.post.id
            if reason and post is not None and post not in known:
                made = disputes.add(db, Dispute(issue=issue.id, post=post, at=self.desk.now(), reason=reason))
                what = {"dispute": made.id, "post": post, "reason": reason}
                told = AuditEntry(at=made.at, by="machine", action="dispute.find", subject=issue.id, after=what)
                audit.add(db, told)
                found.append(made)
        return found

    def _decide(self, db: Connection, item: Dispute, by: User, state: str, act: str, note: str) -> Dispute:
        done = item.evolve(state=state, decided_at=self.desk.now(), decided_by=by.name)
        disputes.save(db, done)
        self.desk.note(db, f"dispute.{act}", item.issue, by, after={"reason": item.reason}, note=note)
        return done

    def _dispute(self, db: Connection, number: int) -> Dispute:
        item = disputes.get(db, number)
        if item is None or item.state != "suggested":
            raise RuleError(f"Bantahan {number} tidak ada atau sudah diputuskan.")
        return item

    def _issue(self, db: Connection, issue_id: str, by: User, action: Action) -> Issue:
        issue = self.desk.read(db, issue_id, None)
        check_permission(by, action, issue, self.desk.workflow, self.desk.city)
        return issue

    def _centre(self, issue: Issue) -> tuple[float, float] | None:
        area = self.desk.city.areas.get(issue.areas[0]) if issue.areas else None
        return (area.lat, area.lon) if area and area.level == "kelurahan" else None
