"""Loops as machine code, also where nothing can be kept."""

from __future__ import annotations

import pytest

from tanggap import compiled


def test_loops_are_compiled_anew_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def njit(**options: bool) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda loop: loop

    monkeypatch.setattr(compiled, "njit", njit)
    assert compiled.compiled(len)([1]) == 1
