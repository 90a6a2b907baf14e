"""The tables of signals.toml: from when on a signal is worth a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from tanggap.errors import SettingsError
from tanggap.settings import Section, explain, read_toml

Floats = NDArray[np.float64]


class CalendarRules(Section):
    """Days on which the city keeps other hours."""

    #: First and last day of each Ramadan.
    ramadan: tuple[tuple[date, date], ...]


class BurstRules(Section):
    """When a series is in a burst."""

    times: float = Field(gt=1)
    #: (usual posts an hour from which it holds, log-likelihood ratio), by rising rate.
    thresholds: tuple[tuple[float, float], ...] = Field(min_length=1)
    #: (usual posts an hour from which it holds, evidence less that a series needs whose counts vary by chance alone).
    steady: tuple[tuple[float, float], ...] = ()
    #: Dispersion (variance m + d m^2) from which a series comes in waves and needs all of its evidence.
    wavy: float = Field(default=0.3, gt=0)
    least_days: int = Field(ge=1)
    learn_days: int = Field(ge=14)
    least_posts: int = Field(ge=1)

    def heights(self, rates: Floats, dispersion: Floats) -> Floats:
        """Evidence from which series of these usual posts an hour, and this dispersion, are in a burst."""
        calm = 1 - np.clip(dispersion / self.wavy, 0.0, 1.0)
        return _stepped(self.thresholds, rates) - calm * _stepped(((0.0, 0.0), *self.steady), rates)

    def threshold(self, rate: float) -> float:
        """The same for one series that comes in waves."""
        return float(self.heights(np.array([rate]), np.array([self.wavy]))[0])


def _stepped(table: tuple[tuple[float, float], ...], rates: Floats) -> Floats:
    """The value of the last line of a table that holds for each rate."""
    steps, values = np.array(table).T
    return np.asarray(values[np.searchsorted(steps, rates, side="right") - 1])


class BreakRules(Section):
    """When a series has broken with its past."""

    window_days: int = Field(ge=14)
    least_days: int = Field(ge=2)
    alpha: float = Field(gt=0, lt=1)
    least_change: float = Field(gt=0, lt=1)
    least_mood: float = Field(gt=0, le=2)
    least_posts: float = Field(gt=0)


class CoverageRules(Section):
    """When too little was read to speak of a trend."""

    least: float = Field(gt=0, le=1)


class CoordinationRules(Section):
    """When accounts post alike too often for chance."""

    windows_s: tuple[int, ...] = Field(min_length=1)
    least_families: int = Field(ge=2)
    alpha: float = Field(gt=0, lt=1)


class Rules(Section):
    """signals.toml."""

    calendar: CalendarRules
    bursts: BurstRules
    breaks: BreakRules
    coverage: CoverageRules
    coordination: CoordinationRules

    @classmethod
    def load(cls, config_dir: Path) -> Rules:
        """Reads signals.toml; SettingsError for a missing, unknown or wrong line."""
        path = config_dir / "signals.toml"
        try:
            return cls.model_validate(read_toml(path))
        except ValidationError as error:
            raise SettingsError(explain(error, path, cls)) from None
