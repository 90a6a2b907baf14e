"""Hashes and checks passwords with argon2id at the defaults of argon2-cffi (RFC 9106, low-memory profile)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Shortest password a person may choose.
MIN_LENGTH = 12

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The salted argon2id hash to store, parameters included. Takes about 50 ms and 64 MiB."""
    return _HASHER.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether `password` belongs to `password_hash`.

    None stands for a person who does not exist: the same work is done, so that the time of the answer does not
    tell which names are known.
    """
    try:
        return _HASHER.verify(password_hash or _decoy(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, name: str) -> str | None:
    """Why `password` may not be chosen by `name`, in Indonesian; None when it may."""
    if len(password) < MIN_LENGTH:
        return f"Sandi baru minimal {MIN_LENGTH} huruf."
    if name.casefold() in password.casefold():
        return "Sandi baru tidak boleh memuat nama pengguna."
    if len(set(password)) < 5:
        return "Sandi baru terlalu mudah ditebak; pakai lebih banyak huruf yang berbeda."
    return None


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody has this password")
