"""Words for sources on the screens: kinds, states, reasons for refusal, schedules, money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.messages import note
from tanggap.cron import Cron
from tanggap.records import CrawlRun, Source, SourceKind
from tanggap.watch import LABELS, Health, State

KINDS: Final[Mapping[SourceKind, str]] = {
    SourceKind.NEWS: "berita",
    SourceKind.DISCOVERY: "pencarian berita",
    SourceKind.X: "X",
    SourceKind.MASTODON: "Mastodon",
    SourceKind.BLUESKY: "Bluesky",
    SourceKind.YOUTUBE: "YouTube",
    SourceKind.TELEGRAM: "Telegram",
    SourceKind.QLUE_A: "laporan Qlue",
    SourceKind.QLUE_B: "laporan Qlue",
    SourceKind.COGNICITY: "laporan CogniCity",
    SourceKind.OPEN311: "laporan Open311",
    SourceKind.CSV: "berkas laporan",
    SourceKind.COUNTER: "loket",
}

#: Why one item was not kept.
REFUSED: Final[Mapping[str, str]] = {
    "payload": "rekaman rusak",
    "robots": "dilarang robots.txt",
    "guard": "alamat tidak aman",
    "blocked": "ditutup situs",
    "gone": "sudah hilang",
    "network": "tak menjawab",
    "layout": "halaman tak terbaca",
    "topic": "di luar cakupan",
}


def refused(run: CrawlRun) -> str:
    """`3 dilarang robots.txt, 1 rekaman rusak`; "" for none."""
    ordered = sorted(((count, kind) for kind, count in run.refused.items() if count), reverse=True)
    return ", ".join(f"{count} {REFUSED.get(kind, kind)}" for count, kind in ordered)


def brought(run: CrawlRun) -> str:
    """What a run brought."""
    if run.ended_at is None:
        return "sedang berjalan"
    if run.failure:
        return f"gagal: {LABELS[State(run.failure)]}" if run.failure in set(State) else "gagal"
    counted = ((run.duplicate, "ganda"), (run.changed, "berubah"), (run.removed, "dihapus"))
    parts = [f"{dotted(run.new)} baru", *(f"{dotted(count)} {words}" for count, words in counted if count)]
    return f"{', '.join(parts)}, dari {dotted(run.fetched)}"


def dotted(value: int) -> str:
    """3782 -> `3.782`."""
    return f"{value:,}".replace(",", ".")


def dollars(amount: float) -> str:
    """`$1,25`."""
    return f"${amount:.2f}".replace(".", ",")


def day_cost(health: Health) -> str:
    """What the billing day has cost so far; a dash for what costs nothing."""
    if health.usd_today:
        return dollars(health.usd_today)
    return dollars(0) if health.source.price_usd else "–"


def budget(source: Source) -> str:
    """What a day may take; "" for no limit."""
    limits = [f"{dotted(source.budget_items)} kiriman"] if source.budget_items else []
    limits += [dollars(source.budget_usd)] if source.budget_usd else []
    return f"dari {' / '.join(limits)}" if limits else ""


def decimal(value: float) -> str:
    """0.1 -> `0,1`."""
    return f"{value:g}".replace(".", ",")


def schedule(source: Source, clocks: Mapping[str, str]) -> str:
    """When it is read: by its schedule as it stands, else as its declaration says."""
    declared = Cron(source.schedule).reading() if source.schedule else "hanya bila diminta"
    return clocks.get(source.id, declared)


def told(health: Health) -> str:
    """The verdict in a sentence, with what the last run said of it."""
    run = health.last_run
    said = note(run.message, run.failure).words if run and run.failure else ""
    return " ".join(filter(None, (health.verdict.told, said)))


def tone(health: Health) -> str:
    """Red calls people, amber may pass by itself."""
    if health.verdict.alarming:
        return "red"
    if health.state is State.GOOD:
        return "good"
    return "soft" if health.state in (State.OFF, State.NEVER) else "amber"
