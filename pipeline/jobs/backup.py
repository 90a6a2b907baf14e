"""The job that backs the store up: one checked file a night, and no more of them than the settings keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from tanggap.clock import WIB
from tanggap.errors import TanggapError
from tanggap.settings import Settings
from tanggap.store import Store, backup

NAME = "tanggap-%Y%m%dT%H%M%SZ.zip"
#: What a killed backup left is taken away after this long; a living one is never that slow.
LEFT_BEHIND = timedelta(days=1)


def back_up(
    store: Store, settings: Settings, at: datetime, *, progress: Callable[[int], None] = lambda _: None
) -> tuple[Path, backup.Manifest]:
    """Writes the backup of the moment `at` unless it is there and whole, and removes those past their time.

    Raises:
        TanggapError: it cannot be written, or does not read back; the older ones all stay then.
    """
    path = settings.backup_dir / f"{at.astimezone(UTC):{NAME}}"
    manifest = _whole(path) or backup.dump(store, path, at, progress)
    tidy(settings, at)
    return path, manifest


def _whole(path: Path) -> backup.Manifest | None:
    try:
        return backup.verify(path) if path.exists() else None
    except TanggapError:
        return None


def backups(settings: Settings) -> dict[datetime, Path]:
    """The backups of the installation by the moment they show, oldest first."""
    found: dict[datetime, Path] = {}
    for path in sorted(settings.backup_dir.glob("tanggap-*.zip")):
        try:
            found[datetime.strptime(path.name, NAME).replace(tzinfo=UTC)] = path
        except ValueError:
            continue  # somebody's own file
    return found


def tidy(settings: Settings, at: datetime) -> None:
    """Removes the backups that nobody needs any more, and what killed ones left behind."""
    found = backups(settings)
    try:
        for moment in found.keys() - worth_keeping(found, settings.backup.daily, settings.backup.weekly):
            found[moment].unlink(missing_ok=True)
        for left in settings.backup_dir.glob("tanggap-*.zip.partial-*"):
            if at - datetime.fromtimestamp(left.stat().st_mtime, UTC) > LEFT_BEHIND:
                left.unlink(missing_ok=True)
    except OSError as error:
        raise TanggapError(f"{settings.backup_dir} cannot be tidied: {error.strerror or error}.") from error


def worth_keeping(moments: Iterable[datetime], daily: int, weekly: int) -> set[datetime]:
    """The newest of each of the last `daily` days and of each of the last `weekly` weeks that have one."""
    days: dict[tuple[int, ...], datetime] = {}
    weeks: dict[tuple[int, ...], datetime] = {}
    for moment in sorted(moments):
        year, week, day = moment.astimezone(WIB).isocalendar()
        days[year, week, day] = weeks[year, week] = moment
    return {*islice(reversed(days.values()), daily), *islice(reversed(weeks.values()), weekly)}
