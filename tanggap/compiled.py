"""Loops over numbers as machine code (Numba), compiled once per machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """A loop as machine code, kept beside its module, or compiled anew in each process where nothing can be kept."""
    try:
        return cast("Loop", njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        return cast("Loop", njit(nogil=True)(loop))
