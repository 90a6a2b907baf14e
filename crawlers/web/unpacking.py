"""Unpacks answers whole or not at all: forty bytes out of one at most, within the limit of a page, nothing missing."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tanggap.errors import PayloadError

#: Bytes out of one packed byte; pages pack 4 to 10 fold, the most repetitive sitemaps 30 fold.
RATIO = 40

#: Small answers may unpack to this much whatever their ratio; an empty page of blanks is no attack.
FLOOR = 64 * 1024


class DamagedError(PayloadError):
    """Packed bytes that end early or do not fit their checksum; what they held before is not to be trusted."""


def allowed(packed: int, limit: int) -> int:
    """How many bytes an answer of `packed` bytes may unpack to, at most `limit`."""
    return min(limit, max(FLOOR, RATIO * packed))


def unpack(encoding: str, body: bytes, limit: int) -> bytes:
    """The whole of a packed body; no more than `allowed` bytes, and one, are ever unpacked.

    Raises:
        PayloadError: it holds more than that.
        DamagedError: a part of it is missing or wrong.
    """
    room = allowed(len(body), limit)
    try:
        plain, whole = PACKINGS[encoding](body, room + 1)
    except PayloadError:
        raise
    except Exception as error:  # noqa: BLE001 - each library has an error of its own for broken bytes
        raise DamagedError(f"it cannot be unpacked ({type(error).__name__})") from None
    if len(plain) > room:
        raise PayloadError(f"it unpacks too large ({len(plain)} bytes so far out of {len(body)})")
    if not whole:
        raise DamagedError("it broke off while it was unpacked")
    return plain


def gzip(body: bytes, most: int) -> tuple[bytes, bool]:
    """(up to `most` bytes, whether they are all) of gzip members, one after the other."""
    plain, whole = b"", False
    while body[:2] == b"\x1f\x8b" and len(plain) < most:
        stream = zlib.decompressobj(wbits=31)
        plain += stream.decompress(body, most - len(plain))
        body, whole = stream.unused_data, stream.eof
    return plain, whole


def deflate(body: bytes, most: int) -> tuple[bytes, bool]:
    """(up to `most` bytes, whether they are all) of a zlib stream, or of a raw one, which some servers send."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    return stream.decompress(body, most), stream.eof


def brotli(body: bytes, most: int) -> tuple[bytes, bool]:
    """(up to about `most` bytes, whether they are all) of a Brotli stream."""
    from brotli import Decompressor  # type: ignore[import-untyped]

    stream = Decompressor()
    plain = stream.process(body, output_buffer_limit=most)
    while not stream.is_finished() and len(plain) < most:
        more = stream.process(b"", output_buffer_limit=most - len(plain))
        if not more:
            break
        plain += more
    return plain, stream.is_finished()


def zstd(body: bytes, most: int) -> tuple[bytes, bool]:
    """(up to `most` bytes, whether they are all) of a Zstandard frame."""
    from backports.zstd import ZstdDecompressor

    stream = ZstdDecompressor()
    plain = stream.decompress(body, max_length=most)
    while not stream.eof and not stream.needs_input and len(plain) < most:
        plain += stream.decompress(b"", max_length=most - len(plain))
    return plain, stream.eof


PACKINGS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": gzip,
    "x-gzip": gzip,
    "deflate": deflate,
    "br": brotli,
    "zstd": zstd,
}
