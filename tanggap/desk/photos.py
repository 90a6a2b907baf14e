"""What a photo tells about itself: its hashes, and when and where it says it was taken."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from tanggap.clock import WIB, stamp
from tanggap.errors import RuleError
from tanggap.records import Issue
from tanggap.records.desk import Evidence

#: Bits by which two pictures may differ and still look like the same one; of 64.
ALIKE = 6
#: Kilometres from the middle of a kelurahan beyond which a photo was taken elsewhere.
FAR_KM = 3.0
#: Pixels a photo may have; more is an attack, not a photo.
PIXELS = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """SHA-256 of the file, difference hash of the picture (64 bits in hex), time and place of its EXIF data."""

    sha256: str
    dhash: str
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None


def read_photo(data: bytes) -> Photo:
    """Reads a photo; nothing of the picture itself is kept.

    The difference hash (Krawetz 2013) compares neighbouring pixels of a 9x8 grey picture: it stays nearly the same
    when a photo is scaled, compressed or lightly edited.

    Raises:
        RuleError: it is no picture that can be read, or far too large.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > PIXELS:
                raise RuleError("Foto terlalu besar; perkecil dahulu.")
            exif = image.getexif()
            small = list(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes())
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError):
        raise RuleError("Berkas ini bukan foto yang bisa dibaca; pakai JPEG atau PNG.") from None
    bits = sum(
        (small[9 * row + column] > small[9 * row + column + 1]) << (8 * row + column)
        for row in range(8)
        for column in range(8)
    )
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    return Photo(
        sha256=hashlib.sha256(data).hexdigest(),
        dhash=f"{bits:016x}",
        taken_at=_time(exif),
        lat=_degrees(place.get(2), place.get(1)),
        lon=_degrees(place.get(4), place.get(3)),
    )


def doubts(photo: Photo, issue: Issue, centre: tuple[float, float] | None, earlier: Sequence[Evidence]) -> str:
    """What somebody should look at, in sentences; "" where nothing is odd. A doubt is a question, never a verdict.

    Args:
        centre: latitude and longitude of the issue's kelurahan; None where its place is not that exact.
        earlier: all evidence with a photo that was noted before, of any issue.
    """
    told: list[str] = []
    for item in earlier:
        where = f"bukti {item.id} pada {item.issue} ({stamp(item.at)})"
        if item.sha256 == photo.sha256:
            told.append(f"Foto ini sama dengan {where}.")
        elif item.dhash and (int(item.dhash, 16) ^ int(photo.dhash, 16)).bit_count() <= ALIKE:
            told.append(f"Foto ini sangat mirip dengan {where}.")
    if photo.taken_at and photo.taken_at < issue.first_at:
        told.append(f"Foto ini diambil {stamp(photo.taken_at)}, sebelum isu ini muncul.")
    if centre and photo.lat is not None and photo.lon is not None:
        away = distance_km((photo.lat, photo.lon), centre)
        if away > FAR_KM:
            told.append(f"Foto ini diambil sekitar {away:.0f} km dari {issue.place or 'lokasi isu'}.")
    return " ".join(told[:3])


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between two points in degrees (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def _time(exif: Image.Exif) -> datetime | None:
    """EXIF times carry no zone; a photo of this city was taken on its clock."""
    told = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return datetime.strptime(str(told), "%Y:%m:%d %H:%M:%S").replace(tzinfo=WIB) if told else None
    except ValueError:
        return None


def _degrees(parts: Any, side: Any) -> float | None:
    """Degrees, minutes, seconds as one number; south and west are negative."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side in ("S", "W") else value
