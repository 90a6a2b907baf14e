"""How much is heard from each place, read for the page of signals: voices by level, and the posts they count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from dashboard import witness
from dashboard.words import dotted
from tanggap.city import City
from tanggap.records import PostKind
from tanggap.signals import lens
from tanggap.signals.lens import Place
from tanggap.store import areas

#: Days that are looked over.
SPAN: Final = timedelta(days=28)
LEVELS: Final = ("kota", "kecamatan", "kelurahan")
#: What may be looked at among the places of a level, by its name in the address.
SIFTS: Final[Mapping[str, tuple[str, Callable[[Place], bool]]]] = {
    "semua": ("semua", lambda _: True),
    "bertanda": ("bertanda", lambda place: bool(place.sign)),
    "tanpa-unggahan": ("ada laporan, tanpa unggahan", lambda place: bool(place.reports and not place.posts)),
    "tanpa-laporan": ("ada unggahan, tanpa laporan", lambda place: bool(place.posts and not place.reports)),
    "tanpa-suara": ("tanpa suara", lambda place: not place.voices),
}
#: Which posts a number of a place counts, by its name in the address.
COUNTED: Final[Mapping[str, tuple[PostKind, ...]]] = {
    "unggahan": (PostKind.POST,),
    "laporan": (PostKind.REPORT,),
    "suara": (PostKind.POST, PostKind.REPORT),
}
UNFILLED: Final = (
    "Jumlah warga per {level} belum diisi (places/population.csv), jadi yang tampak jumlah suara, "
    "bukan suara per 10.000 warga."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The places as they were heard until a moment."""

    until: datetime
    places: Sequence[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is looked at, as the address says it; a wrong word means its default."""

    level: str = LEVELS[0]
    sift: str = "semua"
    #: `31.75.03:laporan`: the number whose posts are unfolded, "" for none.
    open: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str], names: tuple[str, str, str]) -> Choice:
        """The choice in an address, under these names of level, sift and rows."""
        level, sift, opened = (address.get(name, "") for name in names)
        return cls(
            level=level if level in LEVELS else LEVELS[0],
            sift=sift if sift in SIFTS else "semua",
            open=opened if opened.partition(":")[2] in COUNTED else "",
        )


def heard(db: Connection, city: City, now: datetime) -> Heard:
    """Every place with the voices of 28 days."""
    return Heard(until=now, places=lens.look(areas.area_voices(db, now - SPAN, now), city, lens.populations(city)))


def data(found: Heard, city: City, choice: Choice, limit: int) -> dict[str, Any]:
    """The places of a level as the component draws them, as many as `limit`."""
    level = [place for place in found.places if place.level == choice.level]
    kept = [place for place in level if SIFTS[choice.sift][1](place)]
    rated = any(place.rate for place in level)
    return {
        "levels": [
            {"name": name, "count": sum(place.level == name for place in found.places)} for name in LEVELS
        ],
        "level": choice.level,
        "sifts": [
            {"name": name, "words": words, "count": sum(fits(place) for place in level)}
            for name, (words, fits) in SIFTS.items()
        ],
        "sift": choice.sift,
        "rated": rated,
        "note": "" if rated else UNFILLED.format(level=choice.level),
        "rows": [line(place, city) for place in kept[:limit]],
        "more": len(kept[limit:]),
        "open": choice.open,
    }  # fmt: skip


def line(place: Place, city: City) -> dict[str, Any]:
    """One place; a kelurahan is named with its kecamatan, a kecamatan with its kota."""
    area = city.areas[place.code]
    around = city.areas[area.parent]
    return {
        "code": place.code,
        "name": place.name,
        "within": "" if around.level == "provinsi" else around.short,
        "href": f"./?{urlencode({'wilayah': area.name})}" if place.level != "kelurahan" else "",
        "posts": dotted(place.posts),
        "reports": dotted(place.reports),
        "voices": dotted(place.voices),
        "rate": rate(place),
        "sign": place.sign,
        "told": place.told,
    }


def rate(place: Place) -> str:
    """`3,1 (2,8–3,4)`, or why there is none."""
    if place.voices < lens.FEW and not place.sign:
        return "terlalu sedikit suara"
    if place.rate is None:
        return "jumlah warga belum diisi"
    return "{:.1f} ({:.1f}–{:.1f})".format(*place.rate).replace(".", ",")


def rows(db: Connection, found: Heard, city: City, opened: str, limit: int) -> dict[str, Any] | None:
    """The posts behind the number that is open, newest first, and how many more there are; None where none is."""
    code, _, counted = opened.partition(":")
    place = next((place for place in found.places if place.code == code), None)
    if place is None or counted not in COUNTED:
        return None
    count = {"unggahan": place.posts, "laporan": place.reports, "suara": place.voices}[counted]
    numbers = areas.posts_of(db, code, COUNTED[counted], found.until - SPAN, found.until, limit)
    return {"posts": witness.quotes(db, numbers, city), "more": max(0, count - limit)}
