"""Which fields of a payload speak of a person; their values are dropped before anything is kept or set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tanggap.text import fold

#: Names of fields that hold a person rather than a report, folded.
PERSONAL = frozenset({
    "nik", "ktp", "kk", "hp", "wa", "telp", "tlp", "cp", "email", "e mail", "mail", "surel", "alamat", "address",
    "account", "account id", "device id", "handle", "author", "penulis", "user", "user id", "phone", "mobile",
})  # fmt: skip

#: Words of which one in a field's name is enough, wherever it stands.
OF_PERSONS = frozenset(
    "username nama name fullname firstname lastname displayname pelapor pemohon pengadu telepon telpon telp phone "
    "whatsapp email surel nik ktp kk hp wa penulis author user kontak contact".split()
)

#: Words that turn a name into that of a place, a thing or an office: `name_kel`, `service_name`, `nama jalan`.
OF_THINGS = frozenset(
    "kel kelurahan kec kecamatan kota kab kabupaten kode service layanan jalan file desk loket kategori category "
    "agency instansi opd dinas unit office kantor area wilayah kanal channel place tempat lokasi".split()
)

#: `"username": "..."` and `<author>...</author>` inside text: records that could not be taken apart, JSON within JSON.
#: Where an object or list begins as the value, its end cannot be known, and all that follows goes with it.
PAIR = re.compile(
    r"""(?P<quote>["'])(?P<key>[^"'\\]{1,40})(?P=quote)\s*:\s*"""
    r"""(?:"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[{\[].*|[^\s,}\]]+)""",
    re.DOTALL,
)
TAG = re.compile(r"<(?P<key>[\w:.\-]{1,40})>[^<]*")


@lru_cache(maxsize=4096)
def is_personal(name: str) -> bool:
    """Whether a field of this name holds a person: a name, an account, a number to call, a home."""
    folded = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    words = set(folded.split())
    return folded in PERSONAL or (bool(words & OF_PERSONS) and not words & OF_THINGS)


def without_persons(value: Any, depth: int = 12) -> Any:
    """`value` less every field that speaks of a person, at any level; what nests deeper than `depth` is dropped."""
    if isinstance(value, Mapping):
        kept = {key: inner for key, inner in value.items() if not is_personal(str(key))} if depth else {}
        return {key: without_persons(inner, depth - 1) for key, inner in kept.items()}
    if isinstance(value, list | tuple):
        return [without_persons(inner, depth - 1) for inner in value] if depth else []
    return blank_persons(value) if isinstance(value, str) else value


def blank_persons(text: str) -> str:
    """Text less the values of personal fields, where it holds JSON or XML."""

    def blanked(found: re.Match[str]) -> str:
        if not is_personal(found["key"]):
            return found[0]
        return f"<{found['key']}>" if found[0].startswith("<") else f'"{found["key"]}": ""'

    if "{" not in text and "<" not in text:
        return text
    return TAG.sub(blanked, PAIR.sub(blanked, text))
