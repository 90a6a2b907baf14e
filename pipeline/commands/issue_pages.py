"""What the issue commands print: the queue, one issue, its log and what is suggested, in Indonesian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from pipeline.trial import line
from tanggap.city import City
from tanggap.clock import stamp
from tanggap.desk.workflow import Workflow
from tanggap.issues.folding import Fold
from tanggap.issues.summary import Sentence, summary
from tanggap.records import EventKind, Issue, IssueEvent, Link, Reading, Suggestion, SuggestionKind
from tanggap.store import issues, suggestions
from tanggap.text import clip

#: Posts shown of one issue.
POSTS = 30

DONE = {
    EventKind.OPENED: "dibuka",
    EventKind.JOINED: "bertambah",
    EventKind.MOVED: "kiriman dipindahkan",
    EventKind.MERGED: "digabung",
    EventKind.SPLIT: "dipisah",
    EventKind.TITLED: "judul diganti",
    EventKind.UNDONE: "dibatalkan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything `tanggap issue show` tells of one issue."""

    issue: Issue
    members: Sequence[tuple[Link, Reading]]
    suggestions: Sequence[Suggestion]

    @classmethod
    def read(cls, db: Connection, issue: Issue) -> Self:
        """The page of an issue as it is now."""
        return cls(
            issue=issue,
            members=issues.members(db, issue.id, limit=max(issue.posts, POSTS)),
            suggestions=suggestions.open_ones(db, issue.id),
        )

    def lines(self, workflow: Workflow, city: City, *, asked: str) -> Iterator[str]:
        """The issue in words; `asked` is the number that was asked for."""
        issue = self.issue
        if asked != issue.id:
            yield f"{asked} sudah digabung; isu ini melanjutkannya."
        yield line(f"{issue.id} · {issue.title}")
        yield line(f"{issue.priority.value} ({issue.score}) · {workflow.label(issue.status)} · {issue.place or '–'}")
        body = city.agency_label(issue.agency) if issue.agency else "belum ada pihak"
        yield line(f"Pihak: {body} · PIC: {issue.holder or 'belum ada'}")
        yield (
            f"{issue.posts} kiriman, {issue.accounts} suara, {issue.news} berita; "
            f"{stamp(issue.first_at)} sampai {stamp(issue.last_at)} WIB"
        )
        for reason in issue.reasons:
            yield line(f"  {reason.points:3d}  {reason.part}: {reason.text}")
        yield ""
        for sentence in self.summary(city):
            yield line(sentence.text)
        yield ""
        for link, reading in self.members[:POSTS]:
            mark = " [salinan]" if link.copy_of else " [perlu dicek]" if link.suggested else ""
            text = clip(" ".join((reading.post.title or reading.post.text).split()), 100)
            yield line(f"  {link.post:>7}  {stamp(reading.post.published_at)}  {text}{mark}")
        if issue.posts > POSTS:
            yield f"  … dan {issue.posts - POSTS} lainnya"
        if self.suggestions:
            yield ""
            yield from suggestion_lines(self.suggestions)

    def summary(self, city: City) -> tuple[Sentence, ...]:
        """The issue in a few sentences."""
        return summary(self.members, topic=self.issue.topic, city=city)

    def plain(self, city: City) -> dict[str, Any]:
        """The same for machines; each sentence with its posts, each number with those it counts."""
        return {
            **issue_json(self.issue),
            "summary": [asdict(sentence) for sentence in self.summary(city)],
            "members": [
                {
                    "post": link.post,
                    "similarity": link.similarity,
                    "copy_of": link.copy_of,
                    "suggested": link.suggested,
                    "by": link.by,
                    "published_at": reading.post.published_at.isoformat(),
                    "text": reading.post.full_text,
                }
                for link, reading in self.members
            ],
            "suggestions": [
                {"id": item.id, "kind": item.kind.value, "other": item.other, "posts": item.posts, "why": item.reason}
                for item in self.suggestions
            ],
        }


def issue_json(issue: Issue) -> dict[str, Any]:
    """An issue with all its fields."""
    values = {name: getattr(issue, name) for name in Issue.__slots__}
    times = {name: value.isoformat() for name, value in values.items() if hasattr(value, "isoformat")}
    reasons = [{"part": r.part, "points": r.points, "text": r.text} for r in issue.reasons]
    return {**values, **times, "reasons": reasons, "areas": list(issue.areas)}


def queue_table(lines: Sequence[Fold], workflow: Workflow) -> Table:
    """The queue on one screen; a line of several stands for the most urgent of them."""
    table = Table(box=None, pad_edge=False)
    for heading in ("prioritas", "skor", "nomor", "status", "isu", "kiriman", "suara"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for fold in lines:
        issue = fold.first
        numbers = (str(sum(one.posts for one in fold.issues)), str(sum(one.accounts for one in fold.issues)))
        state = workflow.label(issue.status)
        table.add_row(issue.priority.value, str(issue.score), issue.id, state, Text(line(fold.title)), *numbers)
    return table


def event_lines(events: Sequence[IssueEvent]) -> Iterator[str]:
    """The log, one event a line, its number first."""
    undone = {event.undoes for event in events}
    for event in events:
        where = {EventKind.MERGED: "ke", EventKind.SPLIT: "menjadi", EventKind.MOVED: "ke"}.get(event.kind, "dan")
        told = f"{event.issue} {DONE[event.kind]}" + (f" {where} {event.other}" if event.other else "")
        if event.kind is EventKind.TITLED:
            told += f": {event.after}"
        if event.undoes:
            told += f" (tindakan {event.undoes})"
        count = f", {len(event.posts)} kiriman" if event.posts else ""
        back = " [dibatalkan]" if event.id in undone else ""
        yield line(f"{event.id:>6}  {stamp(event.at)} WIB  {event.by}: {told}{count}{back}")


def suggestion_lines(found: Sequence[Suggestion]) -> Iterator[str]:
    """What waits to be checked, one suggestion a line, its number first."""
    for item in found:
        what = {
            SuggestionKind.JOIN: f"kiriman {', '.join(map(str, item.posts))} mungkin bagian dari {item.issue}",
            SuggestionKind.MERGE: f"{item.other} mungkin sama dengan {item.issue}",
            SuggestionKind.SPLIT: f"{len(item.posts)} kiriman {item.issue} mungkin masalah lain",
            SuggestionKind.REOPEN: f"{item.issue} sudah selesai tetapi masih dikeluhkan ({len(item.posts)} kiriman)",
        }[item.kind]
        yield line(f"{item.id:>6}  perlu dicek: {what}. {item.reason}")
