"""Turns the stored cells into series: each topic, and each topic in a kota, over hours and over days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from tanggap.city import City
from tanggap.clock import city_day
from tanggap.store.series import Cover, VoiceCount

#: A topic, and a kota or "" for the whole city.
SeriesKey = tuple[str, str]
#: The series of all citizen reports, whatever they are about; its mood is that of the topic on reporting itself.
REPORTS = "laporan"
REPORTING = "pelaporan_warga"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A series on one Jakarta day."""

    day: date
    voices: int
    positive: int
    negative: int
    #: False where too little of the day was read.
    read: bool = True

    @property
    def mood(self) -> float:
        """Positive less negative, as a share of the voices: -1 to 1."""
        return (self.positive - self.negative) / self.voices if self.voices else 0.0


def subject(key: SeriesKey) -> str:
    """`topic:banjir@31.75`."""
    topic, kota = key
    return f"topic:{topic}@{kota}" if kota else f"topic:{topic}"


def name(key: SeriesKey, city: City) -> str:
    """`Banjir di Jakarta Timur`."""
    topic, kota = key
    label = city.topics[topic].label if topic in city.topics else topic.capitalize()
    label = "Laporan warga" if topic == REPORTS else label
    return f"{label} di {city.areas[kota].short}" if kota in city.areas else label


def by_hour(counts: Sequence[VoiceCount], hours: Sequence[datetime]) -> tuple[list[SeriesKey], NDArray[np.float64]]:
    """The series that have a voice, and their voices as hours x series."""
    rows = {hour: at for at, hour in enumerate(hours)}
    columns: dict[SeriesKey, int] = {}
    cells = [(cell, key) for cell in counts for key in _keys(cell)]
    for _, key in cells:
        columns.setdefault(key, len(columns))
    table = np.zeros((len(hours), len(columns)))
    for cell, key in cells:
        if cell.hour in rows:
            table[rows[cell.hour], columns[key]] += cell.voices
    return list(columns), table


def by_day(
    counts: Sequence[VoiceCount], days: Sequence[date], covered: Mapping[date, float], least: float
) -> dict[SeriesKey, list[Day]]:
    """Each series day by day; days of which less than `least` was read are marked."""
    sums: dict[SeriesKey, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for cell in counts:
        for key in _keys(cell):
            day = sums[key][city_day(cell.hour)]
            for at, number in enumerate((cell.voices, cell.positive, cell.negative)):
                day[at] += number
            sums[REPORTS, key[1]][city_day(cell.hour)][0] += cell.reports
    return {
        key: [
            Day(day=day, voices=v, positive=p, negative=n, read=covered.get(day, 1.0) >= least)
            for day in days
            for v, p, n in [found.get(day, (0, 0, 0))]
        ]
        for key, found in sums.items()
    }


def cover_of_days(covers: Sequence[Cover]) -> dict[date, float]:
    """The mean cover of each day."""
    shares: dict[date, list[float]] = defaultdict(list)
    for one in covers:
        shares[city_day(one.hour)].append(one.share)
    return {day: sum(found) / len(found) for day, found in shares.items()}


def _keys(cell: VoiceCount) -> list[SeriesKey]:
    return [(cell.topic, ""), (cell.topic, cell.kota)] if len(cell.kota) == 5 else [(cell.topic, "")]
