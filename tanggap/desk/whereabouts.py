"""Whether the position a post carries and the places its text names are the same corner of the city."""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.desk.photos import distance_km
from tanggap.records import Place, Reading

#: Kilometres from the point of an area within which one is still in it or beside it.
REACH: Mapping[str, float] = {"kelurahan": 3, "landmark": 3, "kecamatan": 6, "kota": 14}


def apart_km(reading: Reading) -> float | None:
    """How far the position of a post is from the nearest place of its text, where it is in none of them.

    None where they agree, or where either is missing; roads and places outside the city have no point. Both stay in
    the records, for who reports from the office names the street at home.
    """
    post = reading.post
    if post.lat is None or post.lon is None:
        return None
    here = (post.lat, post.lon)
    placed = [place for place in reading.score.places if place.lat is not None and place.level in REACH]
    ways = [(distance_km(here, point(place)), REACH[place.level]) for place in placed]
    if not ways or any(way <= reach for way, reach in ways):
        return None
    return min(way for way, _ in ways)


def point(place: Place) -> tuple[float, float]:
    """Latitude and longitude of a place."""
    return place.lat or 0.0, place.lon or 0.0
