"""Words for jobs on the screens: what they are called, when they come, how far they are and how they went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from dashboard.messages import note
from dashboard.words import dollars, dotted
from tanggap.clock import MONTHS, WIB, span, stamp
from tanggap.schedules import ENDED, LABELS, CatchUp, JobRun, Schedule, State

TITLES: Final[Mapping[str, str]] = {
    "crawl": "Membaca sumber",
    "score": "Memahami kiriman",
    "group": "Mengelompokkan isu",
    "copies": "Berita kembar",
    "health": "Kesehatan sumber",
    "signals": "Mencari yang tidak biasa",
    "brief": "Ringkasan harian",
    "alert": "Memanggil petugas",
    "purge": "Mengosongkan teks lama",
    "comply": "Memeriksa penghapusan di X",
    "backup": "Mencadangkan data",
    "drift": "Pergeseran bahasa",
    "score_part": "Memahami sebagian kiriman",
    "webhooks": "Mengirim webhook",
    "desk": "Janji dan bantahan",
    "archive": "Memahami arsip",
}

#: What a run counts; a count that is not named is shown under its own name.
COUNTS: Final[Mapping[str, str]] = {
    "fetched": "diambil",
    "new": "baru",
    "duplicate": "ganda",
    "failed": "gagal dibaca",
    "scored": "dipahami",
    "broken": "rusak",
    "opened": "dibuka",
    "linked": "ditautkan",
    "merged": "digabung",
    "visible": "terlihat",
    "items": "butir",
    "edition": "edisi",
    "emptied": "dikosongkan",
    "set aside": "contoh dibuang",
    "leads": "judul dibuang",
    "checked": "diperiksa",
    "erased": "dihapus",
    "standing": "alarm tetap",
    "cleared": "alarm selesai",
    "ended": "berakhir",
    "noted": "dicatat",
    "sent": "dikirim",
    "delivered": "terkirim",
    "given up": "tidak terkirim",
    "promises": "janji ditandai",
    "disputes": "bantahan",
    "words": "kata baru",
    "shifted": "bergeser",
    "rows": "baris",
    "bytes": "bita",
}

CATCH_UP: Final[Mapping[CatchUp, str]] = {
    CatchUp.SKIP: "dilewati saja",
    CatchUp.LATEST: "hanya yang terakhir",
    CatchUp.ALL: "semuanya",
}

TONES: Final[Mapping[State, str]] = {
    State.DONE: "good",
    State.SET_ASIDE: "red",
    State.RUNNING: "blue",
    State.SKIPPED: "soft",
    State.CANCELLED: "soft",
}
#: Who asks and is no person.
MACHINE: Final = "machine"
OTHERS: Final = {MACHINE: "mesin", "cli": "baris perintah"}
MINUTE: Final = timedelta(minutes=1)


def title(job: str) -> str:
    """What people call a job."""
    return TITLES.get(job, job)


def subject(job: str, argument: str, sources: Mapping[str, str]) -> str:
    """What the job is about: the name of a source, else what it was told."""
    return sources.get(argument, argument) if job == "crawl" else argument


def counts(run: JobRun) -> str:
    """`6 baru, 24 ganda, 30 diambil`; "" for nothing."""
    parts = [f"{dotted(count)} {COUNTS.get(name, name)}" for name, count in run.counts.items() if count]
    return ", ".join(parts)


def length(time: timedelta) -> str:
    """`0,4 dtk`, `41 dtk`, `12 mnt`."""
    seconds = time.total_seconds()
    if time >= MINUTE:
        return span(time)
    return f"{seconds:.1f} dtk".replace(".", ",") if seconds < 10 else f"{seconds:.0f} dtk"


def state(run: JobRun) -> dict[str, str]:
    """The state of a run with its tone; one that will be tried again says so."""
    if run.state is State.ASKED and run.attempt > 1 and run.reason:
        return {"words": f"dicoba lagi {clock(run.due_at)} (ke-{run.attempt})", "tone": "amber"}
    return {"words": LABELS[run.state], "tone": TONES.get(run.state, "")}


def clock(moment: datetime) -> str:
    """`14.15`, with seconds where there are any."""
    local = moment.astimezone(WIB)
    return f"{local:%H.%M.%S}" if local.second else f"{local:%H.%M}"


def fires(slots: Sequence[datetime], now: datetime) -> list[dict[str, str]]:
    """Coming slots by their day: `hari ini`, `besok`, `24 Nov`."""
    today, found = now.astimezone(WIB).date(), dict[str, list[str]]()
    for slot in slots:
        day = slot.astimezone(WIB).date()
        near = {0: "hari ini", 1: "besok"}.get((day - today).days)
        year = f" {day.year}" if day.year != today.year else ""
        found.setdefault(near or f"{day.day} {MONTHS[day.month - 1][:3]}{year}", []).append(clock(slot))
    if len(found) > 1 and len({tuple(times) for times in found.values()}) == 1:
        return [{"day": f"{', '.join(found)} pukul", "times": " · ".join(next(iter(found.values())))}]
    return [{"day": day, "times": " · ".join(times)} for day, times in found.items()]


def manners(item: Schedule) -> list[str]:
    """What else is agreed: quiet hours, jitter, and what becomes of slots that went by, where that is not as usual."""
    told = []
    if item.quiet:
        told.append(f"jam tenang {item.quiet.replace(':', '.')}")
    if item.jitter_s:
        told.append(f"mulai acak 0-{item.jitter_s} dtk sesudahnya")
    if item.catch_up is not CatchUp.LATEST:
        told.append(f"slot terlewat: {CATCH_UP[item.catch_up]}")
    return told


def progress(run: JobRun, now: datetime) -> dict[str, Any]:
    """How far a running job is, for how long, and about how long it still takes."""
    since = now - (run.started_at or now)
    told = f"{dotted(run.done)} dari {dotted(run.total)}" if run.total else dotted(run.done) if run.done else ""
    share = min(1.0, run.done / run.total) if run.total else None
    left = since * (1 / share - 1) if share and run.done < run.total else None
    return {
        "told": told,
        "share": None if share is None else round(100 * share),
        "since": round((run.started_at or now).timestamp() * 1000),
        "left": f"kira-kira {length(left)} lagi" if left is not None and since > timedelta(seconds=5) else "",
        "worker": worker(run),
    }


def worker(run: JobRun) -> str:
    """The slot of the worker, without its token."""
    return run.worker.rpartition(".")[0] or run.worker


def why(run: JobRun, names: Mapping[str, str]) -> str:
    """The slot where it began late, or who asked for it."""
    if run.slot is None or run.by != MACHINE:
        return f"diminta {names.get(run.by) or TITLES.get(run.by) or OTHERS.get(run.by, run.by)}"
    began = run.started_at or run.due_at
    return "" if abs(began - run.slot) < MINUTE else f"slot {stamp(run.slot)}"


def history(run: JobRun, sources: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """A run as the history draws it."""
    told = note(run.reason)
    return {
        "id": run.id,
        "title": title(run.job),
        "about": subject(run.job, run.argument, sources),
        "schedule": run.schedule,
        "at": stamp(run.started_at or run.due_at),
        "why": why(run, names),
        "lasted": length(run.lasted) if run.lasted is not None and run.state in ENDED else "",
        "state": state(run),
        "counts": counts(run),
        "cost": dollars(run.cost_usd) if run.cost_usd else "",
        "reason": told.words,
        "more": told.more,
        "log": run.log,
        "tries": f"percobaan ke-{run.attempt}" if run.attempt > 1 else "",
        "worker": worker(run),
        "open": run.state not in ENDED,
        "aside": run.state is State.SET_ASIDE,
    }
