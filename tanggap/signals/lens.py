"""The quiet-place lens: voices per 10,000 residents, and places heard on one channel but not on the other."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.special import gammaincinv, pdtr

from tanggap.city import City
from tanggap.errors import SettingsError
from tanggap.store.areas import AreaVoices

#: Voices and reports of a place under which nothing is said about it.
FEW = 10
#: Chance under which silence is none.
RARE = 0.01
#: Share of what is due under which a channel is missing.
MISSING = 1 / 3
PER = 10_000
#: Levels that are looked at, by the level of an area; a kabupaten stands among the kota.
LEVELS = {"kota": "kota", "kabupaten": "kota", "kecamatan": "kecamatan", "kelurahan": "kelurahan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One kelurahan, or a kecamatan or kota as a whole."""

    code: str
    name: str
    #: `kota`, `kecamatan` or `kelurahan`.
    level: str
    #: Posts that are no copies, and citizen reports.
    posts: int
    reports: int
    #: None where population.csv does not tell.
    population: int | None
    #: Voices of both channels per 10,000 residents with the 95 % interval; None without a population.
    rate: tuple[float, float, float] | None
    #: `tanpa unggahan`, `tanpa laporan`, `senyap`, or "".
    sign: str
    #: Why, in one sentence.
    told: str = ""

    @property
    def voices(self) -> int:
        """Of both channels."""
        return self.posts + self.reports


def populations(city: City) -> dict[str, int]:
    """Residents by area code, from config/places/population.csv; empty without that file.

    Raises:
        SettingsError: the file has other columns, or a number that is none.
    """
    path = city.places_dir / "population.csv"
    if not path.is_file():
        return {}
    return _read(path)


def _read(path: Path) -> dict[str, int]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["code"]: int(row["population"]) for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{path} needs the columns code and population: {error}.") from None


def look(heard: Sequence[AreaVoices], city: City, residents: Mapping[str, int]) -> list[Place]:
    """Every kota, kecamatan and kelurahan, those with a sign first, then by voices.

    A place is without posts, or without reports, when it has less than a third of what the other channel makes due at
    the city's own proportion, and so few is improbable (Poisson, 1 in 100). It is silent when even the upper end of its
    rate is under half that of the city. Places that too few speak of get no sign, for small numbers say nothing.
    """
    posts = _summed({one.area: one.posts for one in heard}, city)
    reports = _summed({one.area: one.reports for one in heard}, city)
    all_posts, all_reports = sum(one.posts for one in heard), sum(one.reports for one in heard)
    people = sum(residents.get(code, 0) for code, area in city.areas.items() if area.level in ("kota", "kabupaten"))
    usual = PER * (all_posts + all_reports) / people if people else None
    found = []
    for code, area in city.areas.items():
        if area.level in LEVELS:
            told, sign = _sign(posts.get(code, 0), reports.get(code, 0), all_posts, all_reports)
            count, living = posts.get(code, 0) + reports.get(code, 0), residents.get(code)
            rate = rate_of(count, living) if living else None
            if rate and usual and not sign and usual * (living or 0) / PER >= FEW and rate[2] < usual / 2:
                sign, told = "senyap", f"{_one(rate[0])} suara per 10.000 warga; kota seluruhnya {_one(usual)}"
            found.append(
                Place(
                    code=code, name=area.short, level=LEVELS[area.level], posts=posts.get(code, 0), population=living,
                    reports=reports.get(code, 0), rate=rate, sign=sign, told=told,
                )
            )  # fmt: skip
    return sorted(found, key=lambda place: (not place.sign, -place.voices, place.name))


def rate_of(count: int, residents: int) -> tuple[float, float, float]:
    """Voices per 10,000 residents with the exact 95 % interval of a Poisson count (Garwood 1936)."""
    low = gammaincinv(count, 0.025) if count else 0.0
    high = gammaincinv(count + 1, 0.975)
    return PER * count / residents, PER * float(low) / residents, PER * float(high) / residents


def _sign(posts: int, reports: int, all_posts: int, all_reports: int) -> tuple[str, str]:
    """What is missing here, and why it should be there."""
    if not all_posts or not all_reports:
        return "", ""
    due_posts, due_reports = reports * all_posts / all_reports, posts * all_reports / all_posts
    here = f"{reports} laporan, {posts} unggahan; menurut kota seluruhnya sekitar"
    if reports >= FEW and _missing(posts, due_posts):
        return f"{here} {due_posts:.0f} unggahan", "tanpa unggahan"
    if posts >= FEW and _missing(reports, due_reports):
        return f"{here} {due_reports:.0f} laporan", "tanpa laporan"
    return "", ""


def _missing(count: int, due: float) -> bool:
    return count < MISSING * due and float(pdtr(count, due)) < RARE


def _summed(own: Mapping[str, int], city: City) -> dict[str, int]:
    """Counts with those of the parts added to the whole."""
    found: dict[str, int] = {}
    for area, count in own.items():
        for code in city.lineage(area):
            found[code] = found.get(code, 0) + count
    return found


def _one(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
