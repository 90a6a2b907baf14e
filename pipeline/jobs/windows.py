"""The window of a store: kept between passes where nothing but new posts came, put together anew wherever in doubt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from tanggap.city import City
from tanggap.clock import city_day, day_bounds
from tanggap.issues.bonds import Bonds
from tanggap.issues.window import Grounds, Window, content, outweighed
from tanggap.records import Issue, Reading
from tanggap.settings import Settings
from tanggap.store import Store, changes, issue_events, issues, placements, scores, suggestions
from tanggap.store.placements import Progress, State

#: What this process holds of its stores; a pass takes it out, and puts it back when it was stored.
HELD: WeakKeyDictionary[Store, Window] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is grouped at a moment: posts of whole days of the city that are likely its business."""

    city: City
    settings: Settings
    start: datetime
    end: datetime

    @classmethod
    def of(cls, city: City, settings: Settings, now: datetime) -> Scope:
        """That of the window that holds `now`."""
        start, _ = day_bounds(city_day(now - timedelta(days=settings.issues.window_days)))
        _, end = day_bounds(city_day(now + timedelta(days=1)))
        return cls(city=city, settings=settings, start=start, end=end)

    def holds(self, reading: Reading) -> bool:
        """Whether a reading is grouped though nobody put it anywhere."""
        likely = (reading.score.relevance or 0.0) >= self.settings.issues.relevance
        return likely and self.start <= reading.post.published_at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a pass starts from, and what must still be so when it is written."""

    progress: Progress
    states: Mapping[str, State]
    bonds: Bonds

    @classmethod
    def read(cls, db: Connection, start: datetime) -> Ground:
        """How far grouping came, the issues since `start`, and what people taught."""
        taught, refused, curated = issue_events.bonds(db), suggestions.rejected(db), issue_events.curated(db)
        named = {name for item in taught for name in (item.issue, item.other) if name}
        named |= {name for said in refused for name in (said.issue, said.other) if name}
        living = {name: issue.id for name, issue in issues.living(db, named | curated).items()}
        return cls(
            progress=placements.progress(db),
            states=placements.states(db, start),
            bonds=Bonds.of(taught, refused, living, curated),
        )

    def grounds(self, scope: Scope) -> Grounds:
        """What a window on it stands on."""
        return Grounds(
            city=scope.city, settings=scope.settings.issues, start=scope.start, end=scope.end, bonds=self.bonds
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A window that knows all that the store holds, and what this pass read for it."""

    window: Window
    #: Posts read by position; for a window put together anew all of them.
    readings: dict[int, Reading]
    #: Newest change of posts that is in it.
    read_to: int
    #: Posts whose placements are of no use any more.
    gone: Collection[int] = ()


def opened(db: Connection, held: Window | None, ground: Ground, scope: Scope) -> Opened:
    """The window of a store as it is at this moment: the one that is held, brought up to date, or one made anew."""
    read_to, changed = changes.unread(db)
    if held is not None and _stands(db, held, ground, scope):
        arriving = _arriving(db, held, changed, scope)
        if arriving is not None and not outweighed(len(held) + len(arriving), held.weighed):
            return Opened(window=held, readings=_place(db, held, arriving), read_to=read_to)
    found = _anew(db, ground, scope, read_to)
    if held is not None:
        found.window.touched = {key for key in found.window.touched if not _as_before(found.window, key, held, changed)}
        found.window.ranked = held.ranked
        found.window.touched |= _acted(found.window, held, ground)
    return found


def _as_before(window: Window, key: int, held: Window, changed: Collection[int]) -> bool:
    """Whether a cluster is what it was in a window held before, so that nothing new can be told of it."""
    posts = {window.posts[at] for at in window.grouper.index.members(key)}
    first = held.positions.get(next(iter(posts)))
    if first is None or not posts.isdisjoint(changed):
        return False
    home = int(held.grouper.index.posts["home"][first])
    same = window.grouper.issue_of(key) == held.grouper.issue_of(home)
    return same and posts == {held.posts[at] for at in held.grouper.index.members(home)}


def _acted(window: Window, held: Window, ground: Ground) -> set[int]:
    """The clusters of issues that people worked on since a window was held."""
    before, now = held.states, ground.states
    names = (name for name in now if name not in before or now[name].version != before[name].version)
    keys = (window.grouper.cluster_of(name) for name in names)
    return {key for key in keys if key is not None and key in window.grouper}


def _stands(db: Connection, held: Window, ground: Ground, scope: Scope) -> bool:
    """Whether a window is that of the last pass, and people left its posts where they are."""
    if held.progress != ground.progress or held.grounds != ground.grounds(scope):
        return False
    if held.states.keys() != ground.states.keys():
        return False
    acted = [name for name, state in ground.states.items() if state.version != held.states[name].version]
    if any(ground.states[name].first_at < scope.start for name in acted):
        return False  # older posts are of the window while their issue is open
    found: dict[str, set[int]] = {name: set() for name in acted}
    for link in issues.links_of(db, *acted) if acted else ():
        found[link.issue].add(link.post)
    if any(posts != held.members(name) for name, posts in found.items()):
        return False
    for issue in issues.living(db, acted).values():
        held.restand(issue)
    return True


def _arriving(db: Connection, held: Window, changed: Sequence[int], scope: Scope) -> list[Reading] | None:
    """New posts of the window; None where one that it holds is another one now, or is there no more."""
    read = placements.readings(db, changed)
    arriving: list[Reading] = []
    strange: list[Reading] = []
    for post in changed:
        reading, at = read.get(post), held.positions.get(post)
        if at is not None:
            if reading is None or not scope.holds(reading) or content(reading) != held.contents[at]:
                return None
            held.touched.add(int(held.grouper.index.posts["home"][at]))
        elif reading is not None:
            (arriving if scope.holds(reading) else strange).append(reading)
    linked = placements.homes(db, [reading.post.id or 0 for reading in strange])
    return None if linked else arriving


def _place(db: Connection, window: Window, arriving: Sequence[Reading]) -> dict[int, Reading]:
    """Lets posts arrive, oldest first; they by position."""
    linked = placements.homes(db, [reading.post.id or 0 for reading in arriving])
    homes = dict(window.grounds.bonds.homes) | linked
    alive = issues.living(db, set(homes.values()))
    found = {}
    for reading in sorted(arriving, key=order):
        home = homes.get(reading.post.id or 0)
        found[window.arrive(reading, alive.get(home) if home else None)] = reading
    return found


def order(reading: Reading) -> tuple[datetime, int]:
    """Readings go by the time they were published."""
    return reading.post.published_at, reading.post.id or 0


def _anew(db: Connection, ground: Ground, scope: Scope, read_to: int) -> Opened:
    """The window as the store tells it: every post where it stands, then those that stand nowhere, oldest first."""
    older = issues.open_members(db, scope.start)
    least = scope.settings.issues.relevance
    whole = {reading.post.id or 0: reading for reading in scores.readings(db, scope.start, scope.end, relevance=least)}
    whole |= {reading.post.id or 0: reading for _, reading in older}
    whole |= {reading.post.id or 0: reading for reading in issues.chosen_members(db, scope.start)}
    links = {link.post: link for link in [*(link for link, _ in older), *issues.links(db, scope.start)]}
    names = dict(ground.bonds.homes) | {post: link.issue for post, link in links.items()}
    alive = issues.living(db, set(names.values()))
    homes = {post: alive[name] for post, name in names.items() if name in alive}
    rows = placements.every(db)
    kept = [row for row in rows if row.post in whole and _stays(row, whole[row.post], homes)]
    weigh = [whole[row.post] for row in kept if row.number <= ground.progress.weighed]
    if again := outweighed(len(whole), len(weigh)):
        kept = [row for row in kept if row.post in homes]
    window = Window(
        ground.grounds(scope), ground.progress, sorted(whole.values(), key=order) if again else weigh, anew=again
    )
    for row in kept:
        window.restore(row, whole[row.post], homes.get(row.post))
    readings = {at: whole[post] for at, post in enumerate(window.posts)}
    placed = {row.post for row in kept}
    readings |= _place(db, window, [reading for post, reading in whole.items() if post not in placed])
    window.touched = set(window.grouper)
    gone = [row.post for row in rows if row.post not in whole]
    return Opened(window=window, readings=readings, read_to=read_to, gone=gone)


def _stays(row: placements.Placement, reading: Reading, homes: Mapping[int, Issue]) -> bool:
    """Whether a post is put back: it is what it was, and it was in a group or is in an issue."""
    return row.content == content(reading) and (row.draft is not None or row.post in homes)
