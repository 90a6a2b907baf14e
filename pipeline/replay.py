"""A recorded period played through the live path (store, understand, group, rank, signals) under a simulated clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import jobs
from pipeline.office import Office
from tanggap.clock import WIB
from tanggap.errors import TanggapError
from tanggap.exchange import Broken, read_posts
from tanggap.records import Issue, Post, Signal, SignalKind
from tanggap.settings import Settings, StoreSection
from tanggap.store import Store, issues, posts, signals

#: How often signals are looked for, as their schedule does.
SIGNALS = timedelta(minutes=10)
#: The file that tells how urgent each true issue is.
URGENCIES = "issues.jsonl"

#: (source, native id)
PostKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Posts by time and, where the recording tells, which true issue each is about and how urgent that is (0-3)."""

    posts: Sequence[Post]
    truth: Mapping[PostKey, str | None]
    urgency: Mapping[str, int]
    #: `file:line: reason` of lines that are no post.
    broken: Sequence[str] = ()

    @classmethod
    def read(cls, folder: Path, key: bytes) -> Recording:
        """The recording of a folder: every *.jsonl in it, see docs/signals.md.

        Raises:
            TanggapError: the folder holds no post with a time.
        """
        found: list[Post] = []
        truth: dict[PostKey, str | None] = {}
        broken: list[str] = []
        for path in sorted(folder.glob("*.jsonl")):
            if path.name != URGENCIES:
                lines = path.read_text(encoding="utf-8-sig").splitlines()
                for number, line in enumerate(lines, 1):
                    for item in read_posts([line], key, datetime.now(UTC)):
                        if isinstance(item, Broken) or item.extra.get("untimed"):
                            reason = item.reason if isinstance(item, Broken) else "`published_at` is missing"
                            broken.append(f"{path.name}:{number}: {reason}")
                            continue
                        found.append(item.evolve(collected_at=item.published_at))
                        row = json.loads(line)
                        if "issue" in row:
                            truth[item.source, item.native_id] = row["issue"]
        if not found:
            raise TanggapError(f"{folder} holds no *.jsonl with posts that tell `published_at`.")
        found.sort(key=lambda post: (post.published_at, post.native_id))
        return cls(posts=found, truth=truth, urgency=_urgencies(folder / URGENCIES), broken=broken)


def _urgencies(path: Path) -> dict[str, int]:
    if not path.is_file():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    return {row["issue"]: int(row["urgency"]) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The queue at one moment of a replay."""

    at: datetime
    #: Open issues, the most urgent first.
    queue: Sequence[Issue]
    #: Every post so far with its issue or None.
    membership: Mapping[PostKey, str | None]
    #: Open bursts, breaks and the like.
    signals: Sequence[Signal]


def play(
    recording: Recording,
    office: Office,
    folder: Path,
    *,
    step: timedelta,
    speed: float = 0.0,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Moment]:
    """Plays a recording into a new store in `folder`, one moment per step.

    Args:
        step: simulated time between two looks; a live installation looks some seconds after posts come in.
        speed: simulated seconds per real one; 0 for as fast as it goes.
    """
    url = f"sqlite:///{folder / 'replay.sqlite'}"
    settings = office.settings.model_copy(update={"store": StoreSection(url=url)})
    store = Store.create(url)
    try:
        yield from _steps(recording, office, store, settings, step, speed, progress)
    finally:
        store.close()


def _steps(
    recording: Recording,
    office: Office,
    store: Store,
    settings: Settings,
    step: timedelta,
    speed: float,
    progress: Callable[[int], None],
) -> Iterator[Moment]:
    at, done = _rounded(recording.posts[0].published_at, step), 0
    looked = at
    while done < len(recording.posts):
        began = time.monotonic()
        at += step
        new = _until(recording.posts, done, at)
        done += len(new)
        if new:
            _live(store, office, standing_at(settings, at), new)
        if at - looked >= SIGNALS:
            jobs.notice(store, office.city, standing_at(settings, at))
            looked = at
        progress(done)
        with store.read() as db:
            queue, membership = issues.open_issues(db), issues.membership(db)
            told = signals.open_ones(db, SignalKind.BURST, SignalKind.BREAK, SignalKind.RUMOUR)
        yield Moment(at=at, queue=queue, membership=membership, signals=told)
        if speed:
            time.sleep(max(0.0, step.total_seconds() / speed - (time.monotonic() - began)))


def _live(store: Store, office: Office, settings: Settings, new: Sequence[Post]) -> None:
    """What workers do with posts that came in."""
    with store.write() as db:
        posts.add(db, new)
    jobs.score(store, office.scorer)
    jobs.group(store, office.city, settings, office.ranking)


def standing_at(settings: Settings, at: datetime) -> Settings:
    """The settings with the installation's clock at a moment."""
    offset = (at - datetime.now(UTC)).total_seconds()
    return settings.model_copy(update={"clock": settings.clock.model_copy(update={"offset_s": offset})})


def _until(found: Sequence[Post], start: int, at: datetime) -> Sequence[Post]:
    end = start
    while end < len(found) and found[end].published_at <= at:
        end += 1
    return found[start:end]


def _rounded(moment: datetime, step: timedelta) -> datetime:
    """The step of its Jakarta day that `moment` falls into."""
    midnight = moment.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + (moment - midnight) // step * step).astimezone(UTC)
