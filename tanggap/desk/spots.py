"""Places that a counter may name: every area of the city, and its landmarks, each with the area it lies in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from tanggap.city import City
from tanggap.errors import SettingsError

#: Levels of areas in the order they are offered.
LEVELS = ("kelurahan", "kecamatan", "kota", "kabupaten")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place as people choose it."""

    name: str
    #: Smallest area that holds it; for a landmark, where it stands.
    area: str
    #: What it lies in, in words.
    within: str
    #: `kelurahan`, `pasar`, `rs`, ...
    kind: str
    landmark: bool = False


def spots(city: City) -> tuple[Spot, ...]:
    """Kelurahan first, then kecamatan and kota, then landmarks; a road through several areas is none.

    Raises:
        SettingsError: the list of landmarks cannot be read.
    """
    areas = [area for area in city.areas.values() if area.level in LEVELS]
    areas.sort(key=lambda area: (LEVELS.index(area.level), area.short))
    return (*(_area(area.code, city) for area in areas), *_landmarks(city))


def counters(city: City) -> tuple[str, ...]:
    """The desks that take complaints: Balai Kota, then every kecamatan by name."""
    names = sorted(area.short for area in city.areas.values() if area.level == "kecamatan")
    return ("Balai Kota", *(f"Kecamatan {name}" for name in names))


def _area(code: str, city: City) -> Spot:
    area = city.areas[code]
    above = [city.areas[step].short for step in city.lineage(code)[1:]]
    return Spot(name=area.short, area=code, within=", ".join(above), kind=area.level)


def _landmarks(city: City) -> Iterator[Spot]:
    path = city.places_dir / "landmarks.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    for row in rows:
        code = row["kelurahan"] or row["kecamatan"]
        through = row["extent"] == "line" and row["also"]
        if code in city.areas and not through:
            where = city.area_label(code)
            yield Spot(name=row["name"], area=code, within=where, kind=row["type"].replace("_", " "), landmark=True)
