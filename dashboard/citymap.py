"""The kecamatan outlines as small SVG paths, and where a point of the city lies on that drawing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tanggap.errors import SettingsError

WIDTH: Final = 420.0
#: The thousand islands lie far north; they share one small box, so that the city itself can be read.
ISLANDS: Final = "31.01"
ISLAND_SPOT: Final = (30.0, 24.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMap:
    """Outlines in a drawing of `width` x `height`, by an equal-distance projection on the middle latitude."""

    width: float
    height: float
    #: code, name, SVG path
    outlines: tuple[tuple[str, str, str], ...]
    west: float
    north: float
    #: Units of the drawing per degree of longitude and of latitude.
    scale: tuple[float, float]

    def point(self, code: str, lat: float, lon: float) -> tuple[float, float]:
        """Where the area `code` with its middle at lat, lon lies on the drawing."""
        if code.startswith(ISLANDS):
            return ISLAND_SPOT
        x = (lon - self.west) * self.scale[0]
        y = (self.north - lat) * self.scale[1]
        return min(max(x, 4.0), self.width - 4), min(max(y, 4.0), self.height - 4)


@cache
def load_map(places_dir: Path) -> CityMap:
    """The drawing of kecamatan.geojson.

    Raises:
        SettingsError: the file is missing or no GeoJSON of areas with a code and a name.
    """
    path = places_dir / "kecamatan.geojson"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        areas = [(f["properties"]["code"], f["properties"]["name"], list(rings(f["geometry"]))) for f in features]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{path} cannot be read as GeoJSON outlines: {error}.") from None
    mainland = [area for area in areas if not area[0].startswith(ISLANDS)]
    points = [point for _, _, outline in mainland for ring in outline for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    across = WIDTH / (east - west)
    scale = (across, across / math.cos(math.radians((south + north) / 2)))
    return CityMap(
        width=WIDTH,
        height=round((north - south) * scale[1], 1),
        outlines=tuple((code, name, drawn(outline, west, north, scale)) for code, name, outline in mainland),
        west=west,
        north=north,
        scale=scale,
    )


def rings(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    """The outer rings of a Polygon or MultiPolygon; holes do not show at this size."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return (polygon[0] for polygon in polygons)


def drawn(outline: Sequence[Sequence[Sequence[float]]], west: float, north: float, scale: tuple[float, float]) -> str:
    """Rings as one SVG path in whole units, with points dropped that fall on the one before."""
    parts = []
    for ring in outline:
        points: list[str] = []
        for lon, lat in ring:
            point = f"{round((lon - west) * scale[0])} {round((north - lat) * scale[1])}"
            if not points or points[-1] != point:
                points.append(point)
        if len(points) > 2:
            parts.append("M" + "L".join(points) + "Z")
    return "".join(parts)
