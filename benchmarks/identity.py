"""How steady identities are: seven sample days through the grouping job, round by round, with no staff acts.

python -m benchmarks.identity
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.cases import sample_posts
from pipeline import jobs
from pipeline.office import Office
from pipeline.sample import SampleDay
from tanggap.clock import day_bounds
from tanggap.declarations import load_sources
from tanggap.records import Post
from tanggap.settings import ClockSection, StoreSection
from tanggap.store import Store, issues, posts, sources

FIRST = date(2026, 11, 15)
DAYS = 7
#: Hours of a day at which posts are grouped; the last closes the day.
ROUNDS = (7.0, 14.0, 20.0, 24.0)


@dataclass(frozen=True, slots=True)
class Day:
    """What one day did to identities that stood before."""

    posts: int
    changed: int
    issues: int
    unresolved: int

    def line(self, day: date) -> str:
        """One row of the table."""
        share = self.changed / max(1, self.posts)
        return f"| {day} | {self.posts} | {self.changed} | {share:.3%} | {self.issues} | {self.unresolved} |"


def told(day: date) -> list[Post]:
    """The sample day as posts of one source."""
    found = sample_posts(SampleDay.build(day, seed=day.day))
    return [post.evolve(source="sample", native_id=f"{day}-{post.native_id}") for post in found]


def group(office: Office, store: Store, moment: datetime) -> None:
    """One pass as of a moment."""
    offset = (moment - office.settings.now()).total_seconds()
    clock = office.settings.model_copy(update={"clock": ClockSection(offset_s=offset)})
    jobs.group(store, office.city, clock, office.ranking)


def members(store: Store) -> tuple[Mapping[int, str], Sequence[str]]:
    """Post -> the issue it is in by name, and every name there ever was."""
    with store.read() as db:
        names = [issue.id for issue in issues.queue(db, limit=1_000_000)]
        return {link.post: link.issue for link in issues.links_of(db, *names)}, names


def play(office: Office, store: Store, day: date) -> Day:
    """A day in its rounds; a post changes when the issue it was in before the day is not its issue after."""
    before, names = members(store)
    waiting = sorted(told(day), key=lambda post: post.published_at)
    for hour in ROUNDS:
        moment = day_bounds(day)[0] + timedelta(hours=hour)
        ready = [post for post in waiting if post.published_at < moment]
        waiting = waiting[len(ready) :]
        with store.write() as db:
            posts.add(db, ready)
        jobs.score(store, office.scorer)
        group(office, store, moment)
    after, _ = members(store)
    with store.read() as db:
        living = issues.living(db, names)
    changed = sum(after.get(post) != issue for post, issue in before.items())
    return Day(len(before), changed, len(names), len(set(names) - living.keys()))


def main() -> None:
    """Prints a row per day."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office.open(None)
        url = f"sqlite:///{Path(folder)}/replay.sqlite"
        office = Office(office.settings.model_copy(update={"store": StoreSection(url=url)}))
        store = Store.create(url)
        with store.write() as db:
            sources.sync(db, load_sources(office.settings.config_dir))
        print("| day | posts in issues before | changed issue | share | numbers before | not found |")
        print("|---|---|---|---|---|---|")
        for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
            print(play(office, store, day).line(day), flush=True)
        store.close()


if __name__ == "__main__":
    main()
