"""Passwords."""

from __future__ import annotations

from tanggap.passwords import hash_password, verify_password


def test_a_password_fits_only_its_own_salted_argon2id_hash() -> None:
    one, two = hash_password("payung-hujan-biru"), hash_password("payung-hujan-biru")

    assert one.startswith("$argon2id$")
    assert one != two
    assert verify_password("payung-hujan-biru", one)
    assert not verify_password("payung-hujan-hijau", one)


def test_nobody_and_damaged_hashes_fit_no_password() -> None:
    assert not verify_password("nobody has this password", None)
    assert not verify_password("", None)
    assert not verify_password("x", "not a hash")
