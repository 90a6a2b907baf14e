"""What signals say to people, in plain Indonesian."""

from __future__ import annotations

from tanggap.city import City
from tanggap.clock import MONTHS, stamp
from tanggap.signals.breaks import Break, Interval
from tanggap.signals.bursts import Burst
from tanggap.signals.series import REPORTING, REPORTS, SeriesKey, name


def burst_told(burst: Burst, key: SeriesKey, city: City) -> str:
    """`Banjir di Jakarta Timur naik 3,4× dari biasa sejak 22 Nov 14.00: 34 suara, biasanya 10.`"""
    times = f"{burst.times:.1f}×".replace(".", ",")
    since = stamp(burst.since)
    return (
        f"{name(key, city)} naik {times} dari biasa sejak {since}: {burst.posts} suara, biasanya {burst.expected:.0f}."
    )


def break_told(found: Break, key: SeriesKey, city: City, mood: Interval | None) -> str:
    """`Laporan warga turun 62 % sejak 25 Okt (55–68 %); sentimen terhadap aturan -0,4 (-0,5 sampai -0,3).`

    Args:
        mood: the change of mood to tell beside the volume; for reports that of what people say about reporting.
    """
    since = f"sejak {found.day.day} {MONTHS[found.day.month - 1][:3]}"
    parts = []
    if found.volume:
        parts.append(f"{_volume(found.volume)} {since} ({_span(found.volume)})")
    if mood:
        about = "sentimen terhadap aturan" if key[0] in (REPORTS, REPORTING) else "sentimen"
        beside = "" if parts else f" {since}"
        parts.append(f"{about} {_points(mood.value)}{beside} ({_points(mood.low)} sampai {_points(mood.high)})")
    return f"{name(key, city)} {'; '.join(parts)}."


def _volume(change: Interval) -> str:
    return f"{'turun' if change.value < 0 else 'naik'} {abs(change.value) * 100:.0f} %"


def _span(change: Interval) -> str:
    low, high = sorted((abs(change.low), abs(change.high)))
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def _points(value: float) -> str:
    return f"{value:+.1f}".replace(".", ",")
