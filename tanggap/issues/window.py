"""The window of posts that a worker holds between two passes: at any time what the store would give anew.

Nothing in it depends on how it came about. Every post has a number, the order of its arrival, and a place that the
store keeps; put back by number they make the same clusters, and equals are told apart by number too.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from tanggap.city import City
from tanggap.issues.bonds import Bonds
from tanggap.issues.detect import closed_at, touched
from tanggap.issues.group import Grouper
from tanggap.records import Issue, Reading
from tanggap.settings import IssuesSection
from tanggap.store.placements import Placement, Progress, State

#: Words are weighed anew when this share of the posts did not tell how common they are.
UNWEIGHED = 1 / 9
#: An issue is ranked again after this share of the time since its last post.
AGEING = 1 / 12


def content(reading: Reading) -> int:
    """A number that is another one where grouping reads another text, place or topic."""
    post, score = reading.post, reading.score
    places = [(place.level, place.code, place.name) for place in score.places]
    told = (post.kind.value, post.full_text, post.extra.get("untimed"), post.published_at.timestamp())
    read = (score.terms, sorted(score.topic_probs.items()), places)
    return int.from_bytes(blake2b(repr((told, read)).encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def outweighed(posts: int, weighed: int) -> bool:
    """Whether so few of the posts weigh the words that they must be weighed anew."""
    return posts - weighed > UNWEIGHED * posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a window stands on: if any of it is another now, the window is put together anew."""

    city: City
    settings: IssuesSection
    #: The window begins and ends with a day of the city.
    start: datetime
    end: datetime
    bonds: Bonds


class Window:
    """Clusters, which posts are in them, and how far the store was read."""

    def __init__(self, grounds: Grounds, progress: Progress, weigh: Sequence[Reading], *, anew: bool) -> None:
        """
        Args:
            weigh: posts that tell how common words are; with `anew` more than did until now.
        """
        self.grounds, self.progress, self.anew = grounds, progress, anew
        limits = grounds.settings
        self.grouper = Grouper(grounds.city, join=limits.join, consolidate=limits.consolidate, window=weigh)
        self.weighed = len(weigh)
        #: By position: the post, its number, and what was read of it.
        self.posts, self.numbers, self.contents = array("q"), array("q"), array("q")
        self.positions: dict[int, int] = {}
        #: The number of each cluster that is no issue, and the other way round.
        self.drafts: dict[int, int] = {}
        self._of_draft: dict[int, int] = {}
        #: The issues as the last pass left them, and when each was ranked.
        self.states: Mapping[str, State] = {}
        self.ranked: dict[str, datetime] = {}
        #: Clusters that the present pass changed, and positions that the store has to learn of.
        self.touched: set[int] = set()
        self.unsaved: set[int] = set()

    def __len__(self) -> int:
        return len(self.posts)

    def restore(self, row: Placement, reading: Reading, issue: Issue | None) -> None:
        """Puts a post back where the store has it."""
        if issue is not None:
            home = self._issue(issue)
        elif (draft := row.draft or row.number) in self._of_draft:
            home = self._of_draft[draft]
        else:
            home = self.grouper.index.open()
            self._draft(home, draft)
        original = None if row.copy_of is None else self.positions.get(row.copy_of)
        self.grouper.restore(
            self.grouper.told(reading),
            home,
            copy=original,
            gone=row.copy_of is not None and original is None,
            likeness=row.likeness,
            doubt=row.doubt,
            barred=self.grounds.bonds.against(row.post, issue.id if issue else None),
        )
        self._note(row.post, row.number, row.content)

    def arrive(self, reading: Reading, issue: Issue | None) -> int:
        """Places a new post, in `issue` where it belongs there already; its position."""
        post, position = reading.post.id or 0, len(self)
        number = self.progress.placed + 1
        self.progress = replace(self.progress, placed=number)
        barred = self.grounds.bonds.against(post, issue.id if issue else None)
        known = None if issue is None else self._issue(issue)
        told = self.grouper.told(reading)
        home = self.grouper.place(told, reading.post.published_at, known, barred).cluster
        if self.grouper.issue_of(home) is None and home not in self.drafts:
            self._draft(home, number)
        self._note(post, number, content(reading))
        self.touched.add(home)
        self.unsaved.add(position)
        return position

    def restand(self, issue: Issue) -> None:
        """Takes in what people did to an issue whose posts stayed."""
        people = self.grouper.standing(self._issue(issue))
        curated = issue.id in self.grounds.bonds.curated
        people.fixed, people.curated, people.closed_at = touched(issue) or curated, curated, closed_at(issue)
        self.touched.add(self._issue(issue))

    def consolidate(self, now: datetime) -> dict[int, int]:
        """Merges clusters, when it is time to; returns merged -> surviving."""
        if not self.due(now):
            return {}
        merged = self.grouper.consolidate()
        for lost, kept in merged.items():
            self.touched.discard(lost)
            self.touched.add(kept)
            self.drafts.pop(lost, None)
        for kept in set(merged.values()):
            self.unsaved.update(self.grouper.index.members(kept))
            if self.grouper.issue_of(kept) is not None:
                self.drafts.pop(kept, None)
        self.progress = replace(self.progress, consolidated_at=now)
        return merged

    def due(self, now: datetime) -> bool:
        """Whether it is time to compare clusters with each other."""
        last = self.progress.consolidated_at
        return last is None or not timedelta(0) <= now - last < timedelta(seconds=self.grounds.settings.merge_every_s)

    def aged(self, states: Mapping[str, State], now: datetime) -> set[int]:
        """Open issues whose score is of another time."""
        least = timedelta(seconds=self.grounds.settings.merge_every_s)
        old = (
            self.grouper.cluster_of(name)
            for name, state in states.items()
            if not state.closed
            and (name not in self.ranked or now - self.ranked[name] >= max(least, AGEING * (now - state.last_at)))
        )
        return {key for key in old if key is not None and key in self.grouper}

    def members(self, issue: str) -> set[int]:
        """The posts of an issue."""
        key = self.grouper.cluster_of(issue)
        return set() if key is None else {self.posts[at] for at in self.grouper.index.members(key)}

    def told(self, issues: Iterable[Issue], now: datetime) -> None:
        """Notes issues that this pass ranked; new ones are no drafts any more."""
        for issue in issues:
            self.ranked[issue.id] = now
            key = self.grouper.cluster_of(issue.id)
            if key is not None and self.drafts.pop(key, None) is not None:
                self.unsaved.update(self.grouper.index.members(key))

    def rows(self) -> list[Placement]:
        """The placements that the store has to learn of."""
        posts = self.grouper.index.posts
        found = []
        for at in sorted(self.unsaved):
            home, _, copy, _, likeness, doubt = posts[at].tolist()
            found.append(
                Placement(
                    post=self.posts[at],
                    number=self.numbers[at],
                    draft=self.drafts.get(home),
                    copy_of=self.posts[copy] if copy >= 0 else None,
                    likeness=likeness,
                    doubt=doubt,
                    content=self.contents[at],
                )
            )
        return found

    def ended(self) -> Progress:
        """How far the pass came that ends now."""
        weighed = self.progress.placed if self.anew else self.progress.weighed
        return replace(self.progress, passes=self.progress.passes + 1, weighed=weighed)

    def settle(self, progress: Progress, states: Mapping[str, State], names: Mapping[str, str]) -> None:
        """Takes in that the pass was stored: how far it came, the issues it left, and the names of new ones."""
        self.grouper.rename(names)
        for old, new in names.items():
            self.ranked[new] = self.ranked.pop(old)
        self.progress, self.states, self.anew = progress, states, False
        for passing in (self.touched, self.unsaved, self._of_draft):
            passing.clear()

    def _issue(self, issue: Issue) -> int:
        curated = issue.id in self.grounds.bonds.curated
        return self.grouper.cluster_with(issue.id, touched(issue) or curated, closed_at(issue), curated)

    def _draft(self, home: int, number: int) -> None:
        self.drafts[home] = number
        self._of_draft[number] = home

    def _note(self, post: int, number: int, read: int) -> None:
        self.positions[post] = len(self.posts)
        self.posts.append(post)
        self.numbers.append(number)
        self.contents.append(read)
