"""The configured city: its topics, bodies, areas, routing rules and desk rules, read once from config/."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from tanggap.errors import SettingsError
from tanggap.settings import read_toml

#: Table of slang that the office adds beside the shipped slang.csv, and where a word is said.
OFFICE_SLANG = "slang_office.csv"
Region = Literal["id", "jkt", "jv", "su", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A city service people talk about."""

    id: str
    label: str
    english: str
    agency: str
    #: Harm to people when it goes wrong, 0-1.
    severity: float
    #: Hours of silence after which a new post opens a new issue.
    idle_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that answers for a service: dinas, BUMD or outside party."""

    id: str
    name: str
    short: str
    type: str
    handle: str = ""
    #: The body above it.
    parent: str = ""
    #: It has one unit per area of this level (`kota`, `kecamatan`, `kelurahan`), called `unit` and the area's name.
    units: str = ""
    unit: str = ""
    #: The area a unit is tied to.
    area: str = ""
    #: Where a hand-over to it is sent; public addresses only.
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A kota, kecamatan or kelurahan."""

    code: str
    level: str
    name: str
    parent: str
    kota: str
    lat: float
    lon: float

    @property
    def short(self) -> str:
        """The name as people say it: `Jakarta Pusat` for Kota Administrasi Jakarta Pusat."""
        return self.name.removeprefix("Kota Administrasi ").removeprefix("Kabupaten Administrasi ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Texts on `topic` holding one of `words` belong to `agency`; `fallback` when it returns them."""

    name: str
    topic: str
    words: tuple[str, ...]
    agency: str
    fallback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRoute:
    """Within `area`, `topic` belongs to `agency`, whatever the words."""

    topic: str
    area: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Everything of config/ that describes the city rather than this installation."""

    topics: Mapping[str, Topic]
    agencies: Mapping[str, Agency]
    areas: Mapping[str, Area]
    routes: tuple[Route, ...]
    local_routes: tuple[LocalRoute, ...] = ()
    #: Units of bodies that have one per area: `AG37.31.75.03.1008` is the kelurahan office of that area.
    units: Mapping[str, Agency] = field(default_factory=dict, repr=False)
    #: The tables of workflow.toml; tanggap.desk turns them into rules.
    workflow: Mapping[str, Any] = field(repr=False)
    places_dir: Path
    language_dir: Path

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code with its parents, smallest first: kelurahan, kecamatan, kota."""
        chain: list[str] = []
        while code in self.areas and self.areas[code].level != "provinsi":
            chain.append(code)
            code = self.areas[code].parent
        return tuple(chain)

    def area_label(self, code: str) -> str:
        """`Kampung Melayu, Jatinegara` for a kelurahan, `Jatinegara, Jakarta Timur` for a kecamatan."""
        chain = [self.areas[step].short for step in self.lineage(code)]
        distinct = list(dict.fromkeys(chain))
        return ", ".join(distinct[:2]) if distinct else code

    def body(self, code: str | None) -> Agency | None:
        """The body or unit with this code."""
        return (self.agencies.get(code) or self.units.get(code)) if code else None

    def agency_label(self, code: str | None) -> str:
        """The short name of a body or unit, or a dash."""
        body = self.body(code)
        return body.short if body else "–"

    def unit_at(self, agency: str, area: str) -> Agency | None:
        """The unit of a body for an area: the suku dinas of its kota, the office of its kelurahan; None without one."""
        return next((self.units[key] for step in self.lineage(area) if (key := f"{agency}.{step}") in self.units), None)

    def above(self, code: str | None) -> tuple[str, ...]:
        """A body and those above it, smallest first."""
        chain: list[str] = []
        while code and code not in chain and (body := self.body(code)):
            chain.append(code)
            code = body.parent
        return tuple(chain)


def load_city(config_dir: Path) -> City:
    """The city of a configuration directory.

    Raises:
        SettingsError: a file is missing, broken, or names a body or topic that does not exist.
    """
    topics = {
        key: build(Topic, config_dir / "topics.toml", key, {"id": key, **table})
        for key, table in read_toml(config_dir / "topics.toml").items()
    }
    agencies = {
        key: build(Agency, config_dir / "agencies.toml", key, {"id": key, **table})
        for key, table in read_toml(config_dir / "agencies.toml").items()
    }
    routes = tuple(
        build(
            Route,
            config_dir / "routing.toml",
            table.get("name", "?"),
            {**table, "words": tuple(table.get("words", ()))},
        )
        for table in read_toml(config_dir / "routing.toml").get("rule", [])
    )
    local_routes = tuple(
        build(LocalRoute, config_dir / "routing.toml", "area", table)
        for table in read_toml(config_dir / "routing.toml").get("area", [])
    )
    areas = read_areas(config_dir / "places" / "areas.csv")
    check_names(topics, agencies, routes)
    check_places(agencies, local_routes, topics, areas)
    return City(
        topics=topics,
        agencies=agencies,
        areas=areas,
        routes=routes,
        local_routes=local_routes,
        units=read_units(agencies, areas),
        workflow=read_toml(config_dir / "workflow.toml"),
        places_dir=config_dir / "places",
        language_dir=config_dir / "language",
    )


def check_names(topics: Mapping[str, Topic], agencies: Mapping[str, Agency], routes: Sequence[Route]) -> None:
    """Refuses a topic or routing rule that names what is not there."""
    if "lainnya" not in topics:
        raise SettingsError("topics.toml needs the topic [lainnya] for what fits no other.")
    named = [(topic.id, topic.agency) for topic in topics.values()]
    named += [(route.name, body) for route in routes for body in (route.agency, route.fallback)]
    for owner, agency in named:
        if agency not in agencies:
            raise SettingsError(f"{owner} names the body {agency}, which agencies.toml does not know.")
    for route in routes:
        if route.topic not in topics:
            raise SettingsError(
                f"The rule {route.name} of routing.toml names the topic {route.topic}, which is unknown."
            )


def check_places(
    agencies: Mapping[str, Agency],
    local_routes: Sequence[LocalRoute],
    topics: Mapping[str, Topic],
    areas: Mapping[str, Area],
) -> None:
    """Refuses a local rule or a parent that names what is not there."""
    for body in agencies.values():
        if body.parent and body.parent not in agencies:
            raise SettingsError(f"{body.id} names the parent {body.parent}, which agencies.toml does not know.")
    for route in local_routes:
        owner, _, place = route.agency.partition(".")
        if route.topic not in topics or route.area not in areas or owner not in agencies or place not in {"", *areas}:
            raise SettingsError(
                f"The local rule {route.topic} in {route.area} of routing.toml names a topic, area or body "
                "that is unknown."
            )


def read_units(agencies: Mapping[str, Agency], areas: Mapping[str, Area]) -> dict[str, Agency]:
    """One unit per area for each body that has them; its parent is the unit above it, else the body itself."""
    units: dict[str, Agency] = {}
    for body in agencies.values():
        above = agencies.get(body.parent)
        for area in areas.values():
            if body.units and tier(area) == body.units:
                higher = area.code
                while above and higher in areas and tier(areas[higher]) != above.units:
                    higher = areas[higher].parent
                parent = f"{above.id}.{higher}" if above and higher in areas else body.id
                name = f"{body.unit or body.short} {area.short}"
                key = f"{body.id}.{area.code}"
                units[key] = Agency(id=key, name=name, short=name, type=body.type, parent=parent, area=area.code)
    return units


def tier(area: Area) -> str:
    """The level of an area; the one kabupaten stands beside the kota."""
    return "kota" if area.level == "kabupaten" else area.level


T = TypeVar("T")


def build(kind: type[T], path: Path, key: str, values: dict[str, Any]) -> T:
    """A value of `kind` from a TOML table, or one sentence saying which table does not fit."""
    try:
        return kind(**values)
    except TypeError as error:
        raise SettingsError(f"{path}: [{key}] does not fit: {error}.") from None


def read_areas(path: Path) -> dict[str, Area]:
    """Code -> area, from areas.csv."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                row["code"]: Area(
                    code=row["code"],
                    level=row["level"],
                    name=row["name"],
                    parent=row["parent"],
                    kota=row["kota"],
                    lat=float(row["lat"]),
                    lon=float(row["lon"]),
                )
                for row in csv.DictReader(file)
            }
    except (OSError, KeyError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as a list of areas: {error}.") from None
