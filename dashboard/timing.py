"""A schedule as a form fills it in: checked part by part, with one Indonesian sentence for what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tanggap.cron import JAKARTA, Cron
from tanggap.errors import UsageError
from tanggap.schedules import CatchUp, Schedule

EXAMPLE: Final = "contoh: */15 5-21 * * *"
#: The parts of a cron line of five fields, and what each may hold.
PARTS: Final = (
    ("menit", "0-59"),
    ("jam", "0-23"),
    ("tanggal", "1-31"),
    ("bulan", "1-12"),
    ("hari", "0-6 atau SUN-SAT, 0 Minggu"),
)
SECONDS: Final = ("detik", "0-59")
#: What most schedules are, one click each.
USUAL: Final = {
    "tiap 5 menit": "*/5 * * * *",
    "tiap 15 menit": "*/15 * * * *",
    "tiap jam": "0 * * * *",
    "tiap pagi 06.30": "30 6 * * *",
    "hari kerja 07.00": "0 7 * * 1-5",
}
#: Longest wait of a jitter, in seconds, and longest name.
MOST_JITTER_S: Final = 3_600
LONGEST: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form says, as it was typed."""

    name: str
    job: str
    argument: str = ""
    cron: str
    quiet: str = ""
    jitter_s: int = 0
    catch_up: CatchUp = CatchUp.LATEST
    timezone: str = JAKARTA

    @property
    def clock(self) -> Cron:
        """Its slots; sound only where `fault` finds nothing."""
        return Cron(" ".join(self.cron.split()), self.timezone, hours(self.quiet))

    def schedule(self, by: str, now: datetime) -> Schedule:
        """The schedule it describes, new from now on."""
        clock = self.clock
        return Schedule(
            name=self.name.strip(),
            job=self.job,
            argument=self.argument.strip(),
            cron=clock.line,
            timezone=self.timezone,
            quiet=clock.quiet,
            jitter_s=self.jitter_s,
            catch_up=self.catch_up,
            decided_to=now,
            edited_by=by,
            edited_at=now,
        )


def hours(quiet: str) -> str:
    """Quiet hours as they are stored: `22.00 - 05.00` -> `22:00-05:00`."""
    return "".join(quiet.split()).replace(".", ":").replace("–", "-")


def fault(draft: Draft, now: datetime) -> str:
    """What is wrong with when it fires, in one sentence; "" for nothing."""
    fields = draft.cron.split()
    if not fields:
        return f"Isi kapan jadwal ini berjalan, {EXAMPLE}."
    if len(fields) not in (5, 6):
        return f"Tulis lima bagian: menit, jam, tanggal, bulan, hari; {EXAMPLE}."
    if bad := bad_part(fields, now):
        return bad
    if not works(Cron(" ".join(fields), draft.timezone), now):
        return "Jadwal ini tidak pernah jatuh pada hari yang ada."
    try:
        _ = draft.clock.hush
    except UsageError:
        return f"Jam tenang `{draft.quiet}` tidak terbaca; tulis seperti 22.00-05.00."
    if not works(draft.clock, now):
        return "Jadwal ini tidak pernah jatuh di luar jam tenangnya; ubah salah satunya."
    return ""


def bad_part(fields: list[str], now: datetime) -> str:
    """The first part of a cron line that cannot be read, and what it may hold."""
    parts = (SECONDS, *PARTS) if len(fields) == 6 else PARTS
    for at, (name, holds) in enumerate(parts):
        alone = ["*" if at != place else part for place, part in enumerate(fields)]
        if not works(Cron(" ".join(alone)), now):
            return f"Bagian {name} `{fields[at]}` tidak terbaca; isinya {holds}, * atau */15."
    return ""


def works(clock: Cron, now: datetime) -> bool:
    """Whether it ever fires."""
    try:
        clock.check(now)
    except UsageError:
        return False
    return True


def name_fault(name: str) -> str:
    """What is wrong with the name of a new schedule; "" for nothing."""
    name = name.strip()
    if not name or len(name) > LONGEST or any(letter in name for letter in "@#/ \t\n"):
        return "Beri nama pendek tanpa spasi, misalnya baca-pagi."
    return ""
