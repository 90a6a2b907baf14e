"""What is wrong with a source, if anything: its runs, its waits and its silence judged as one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile

from tanggap.clock import hour_of, stamp
from tanggap.cron import Cron
from tanggap.errors import FailureClass
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.store.waits import Wait
from tanggap.watch.expectation import HOUR, WINDOWS, Expectation, Silence, learn, silence


class State(StrEnum):
    """How a source is; each has its own cause and its own remedy."""

    GOOD = "good"
    QUIET = "quiet"
    LAYOUT = "layout"
    DRIFT = "drift"
    EMPTY = "empty"
    AUTH = "auth"
    CAP = "cap"
    RATE = "rate"
    BLOCKED = "blocked"
    NETWORK = "network"
    CONFIG = "config"
    LATE = "late"
    NEVER = "never"
    OFF = "off"


LABELS: Mapping[State, str] = {
    State.GOOD: "baik",
    State.QUIET: "sepi",
    State.LAYOUT: "bentuk halaman berubah",
    State.DRIFT: "isi berubah",
    State.EMPTY: "kosong tapi 200",
    State.AUTH: "kunci ditolak",
    State.CAP: "jatah habis",
    State.RATE: "diminta menunggu",
    State.BLOCKED: "ditutup situs",
    State.NETWORK: "tak menjawab",
    State.CONFIG: "salah atur",
    State.LATE: "terlambat",
    State.NEVER: "belum pernah",
    State.OFF: "nonaktif",
}

#: Runs in a row that must fail before people are called; a state that is not named calls nobody.
PATIENCE: Mapping[State, int] = {
    State.AUTH: 1,
    State.CAP: 1,
    State.CONFIG: 1,
    State.DRIFT: 1,
    State.LAYOUT: 2,
    State.EMPTY: 2,
    State.BLOCKED: 2,
    State.NETWORK: 2,
}
#: A failure that stands so long calls people, however few runs there were meanwhile.
STANDING: Mapping[State, timedelta] = {State.RATE: timedelta(hours=24)}
STANDS = timedelta(hours=6)

#: Slots of its schedule that may go by before a source is late.
SLOTS = 3
#: A slot that is this fresh may still be on its way.
GRACE = timedelta(minutes=5)
#: Share of unreadable records from which a payload has drifted, and the fewest that say so.
DRIFTED, BAD = 0.2, 3
#: Posts of a time without a successful run may be lost, and say nothing about silence: from this long, and from so
#: many times the usual distance of two runs.
BREAK, BREAKS = timedelta(hours=12), 3
#: Runs of one source to look back over, and how many of them must have held something before two empty ones tell.
LOOK, FULL = 100, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one source at one moment."""

    source: Source
    #: Newest first.
    runs: Sequence[CrawlRun] = ()
    wait: Wait | None = None
    #: Posts per hour of publishing.
    counts: Mapping[datetime, int]
    #: When it is crawled; None for never by itself.
    clock: Cron | None = None
    now: datetime

    @property
    def ended(self) -> list[CrawlRun]:
        """Runs that came to an end, newest first."""
        return [run for run in self.runs if run.ended_at is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A state, and whether it calls people."""

    state: State
    #: One sentence for people, in Indonesian.
    told: str = ""
    alarming: bool = False
    #: When the first run of this trouble began, where a run tells.
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source as the health page and `tanggap source health` show it."""

    source: Source
    verdict: Verdict
    last_run: CrawlRun | None
    last_success: datetime | None
    #: When it may or will be asked next; None where nothing is planned.
    next_at: datetime | None
    #: Posts of the last 24 hours, oldest first, the running hour last; and as many as are usual.
    hours: tuple[int, ...]
    usual: tuple[float, ...]
    #: Posts of the last 7 days, and as many as are usual.
    week: int
    usual_week: float
    #: Items and dollars of the billing day.
    items_today: int
    usd_today: float
    #: Whether its own posts taught what is usual; else its declaration says so.
    learned: bool = True

    @property
    def state(self) -> State:
        """Its state."""
        return self.verdict.state

    @property
    def day(self) -> int:
        """Posts of the last 24 hours."""
        return sum(self.hours)

    @property
    def usual_day(self) -> float:
        """Posts usual in 24 hours."""
        return sum(self.usual)


def judge(facts: Facts) -> Verdict:
    """The state of a source, the gravest cause first."""
    if not facts.source.enabled:
        return Verdict(state=State.OFF)
    if not facts.runs:
        return Verdict(state=State.NEVER)
    if late := _late(facts):
        return late
    ended = facts.ended
    if not ended:
        return Verdict(state=State.GOOD, told="Putaran pertama sedang berjalan.")
    if ended[0].failure:
        return _failed(facts, ended)
    return _refused(ended[0]) or _emptied(ended) or _quiet(facts, ended) or Verdict(state=State.GOOD)


def _late(facts: Facts) -> Verdict | None:
    """More slots of its schedule went by than may, and it was not told to wait."""
    last = facts.runs[0].started_at
    waits = facts.wait is not None and facts.wait.until > last
    after = max(last, facts.wait.until) if facts.wait and waits else last
    if facts.clock is None or after >= facts.now:
        return None
    missed = facts.clock.missed(after, facts.now - GRACE, SLOTS + 1)
    if len(missed) <= SLOTS:
        return None
    told = f"Tidak dibaca sejak {stamp(last)}, padahal dijadwalkan {facts.clock.reading()}."
    return Verdict(state=State.LATE, told=told, alarming=True, since=last)


def _failed(facts: Facts, ended: Sequence[CrawlRun]) -> Verdict:
    """Its last runs failed."""
    streak = list(takewhile(lambda run: run.failure, ended))
    since = streak[-1].started_at
    state = State(_class(streak[0]))
    stands = facts.now - since >= STANDING.get(state, STANDS)
    called = stands or len(streak) >= PATIENCE.get(state, len(streak) + 1)
    times = f"{len(streak)} kali berturut-turut sejak" if len(streak) > 1 else "pada"
    told = f"Gagal {times} {stamp(since)}: {LABELS[state]}."
    return Verdict(state=state, told=told, alarming=called, since=since)


def _class(run: CrawlRun) -> FailureClass | str:
    return run.failure if run.failure in set(State) else State.CONFIG


def _refused(run: CrawlRun) -> Verdict | None:
    """The run ended well, and yet its records or pages could not be read."""
    broken, shapeless = run.refused.get("payload", 0), run.refused.get("layout", 0)
    kept = run.new + run.duplicate + run.changed
    if broken >= BAD and broken > DRIFTED * run.fetched:
        told = f"{broken} dari {run.fetched} rekaman tidak terbaca pada {stamp(run.started_at)}."
        return Verdict(state=State.DRIFT, told=told, alarming=True, since=run.started_at)
    if shapeless >= BAD and not kept:
        told = f"Tidak satu pun dari {run.fetched} halaman terbaca pada {stamp(run.started_at)}."
        return Verdict(state=State.LAYOUT, told=told, alarming=True, since=run.started_at)
    return None


def _emptied(ended: Sequence[CrawlRun]) -> Verdict | None:
    """Every run held something, and then two in a row held nothing."""
    last, before = ended[:2], ended[2:]
    if len(before) < FULL or any(run.fetched for run in last) or not all(run.fetched for run in before):
        return None
    told = f"Menjawab, tetapi dua kali berturut-turut tanpa isi sejak {stamp(last[-1].started_at)}."
    return Verdict(state=State.EMPTY, told=told, alarming=True, since=last[-1].started_at)


def _quiet(facts: Facts, ended: Sequence[CrawlRun]) -> Verdict | None:
    """It was read without a failure, and far less came than usual; news searches bring no posts at all."""
    if facts.source.kind is SourceKind.DISCOVERY:
        return None
    usual, end = expectation(facts), hour_of(ended[0].started_at)
    found = silence(usual, facts.counts, end, listening(ended))
    if found is None:
        return None
    start = end - found.hours * HOUR if found.got else silent_since(facts.counts, end, found)
    expected = f"biasanya sekitar {usual.between(start, end):.0f}"
    if not found.got and not any(run.fetched for run in ended if run.started_at >= end - found.hours * HOUR):
        told = f"Menjawab, tetapi tanpa isi sejak {stamp(start)}; {expected}."
        return Verdict(state=State.EMPTY, told=told, alarming=True, since=start)
    count = f"{found.got} kiriman" if found.got else "Tidak ada kiriman"
    told = f"{count} sejak {stamp(start)}; {expected}."
    return Verdict(state=State.QUIET, told=told, alarming=True, since=start)


def silent_since(counts: Mapping[datetime, int], end: datetime, found: Silence) -> datetime:
    """The end of the last hour with a post, which may lie before the window that told of the silence."""
    spoken = [hour for hour, count in counts.items() if count and hour < end]
    return max(spoken) + HOUR if spoken else end - found.hours * HOUR


def expectation(facts: Facts) -> Expectation:
    """What is usual for the source; the last hours teach nothing."""
    return learn(facts.counts, hour_of(facts.now) - min(WINDOWS) * HOUR, facts.source.expected_per_day)


def listening(ended: Sequence[CrawlRun]) -> datetime:
    """Since when the source was read again and again without a failure or a break, as far as its runs tell."""
    starts = [run.started_at for run in ended]
    gaps = [late - early for late, early in pairwise(starts)]
    longest = max(BREAK, BREAKS * sorted(gaps)[len(gaps) // 2]) if gaps else BREAK
    for run, start, gap in zip(ended[1:], starts, gaps, strict=False):
        if run.failure or gap > longest:
            return start
    return starts[-1] if len(ended) < LOOK else datetime.min.replace(tzinfo=UTC)
