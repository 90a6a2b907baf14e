"""What many series usually bring in each hour, learned online from their own past: level, hour of week, dispersion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanggap.signals.seasons import WEEK

Floats = NDArray[np.float64]

#: Share of an hour's surprise that moves the level: it forgets half in a day and a half.
LEVEL = 1 / 48
#: The same while the series is in a burst, so that a burst is not learned as usual.
LEVEL_BURST = LEVEL / 8
#: Most weight of a new week in a cell of the week, of a new day in an hour of the day, and of one in Ramadan.
CELL, HOUR_OF_DAY, FASTING_HOUR = 1 / 5, 1 / 20, 1 / 4
#: Weeks of what its hour of the day suggests that a cell of the week is worth.
BORROWED = 4.0
#: Weight of the neighbouring hours.
SIDES = 0.25
#: Memory of the dispersion, and what is added because it is only estimated.
MEMORY, ADDED = 1 / 500, 0.05
#: Standard deviations from which a count is cut before it teaches.
CUT = 3.0
#: Fewest posts expected in an hour.
LEAST = 0.02
GUESSED_DISPERSION = 0.3
MOST_DISPERSION = 3.0


@dataclass(slots=True)
class Baseline:
    """The state of `series` columns after the hours fed so far; counts are negative binomial, var = m + d m^2."""

    level: Floats
    cells: Floats
    #: Weeks each cell was seen; one for all columns, because hours are missing for all of them.
    seen: Floats
    hours: Floats
    fasting: Floats
    above: Floats
    below: Floats

    @classmethod
    def start(cls, level: Floats) -> Baseline:
        """A baseline that knows nothing but a first guess of the level."""
        count = len(level)
        shape = (WEEK, count)
        return cls(
            level=np.maximum(level.astype(float), LEAST),
            cells=np.ones(shape),
            seen=np.zeros(WEEK),
            hours=np.ones((24, count)),
            fasting=np.ones((24, count)),
            above=np.full(count, GUESSED_DISPERSION),
            below=np.ones(count),
        )

    @property
    def dispersion(self) -> Floats:
        """Moment estimate of d, with a little added."""
        return np.clip(self.above / np.maximum(self.below, 1e-9), 0.0, MOST_DISPERSION) + ADDED

    def shape(self, cell: int, fasting: bool) -> Floats:
        """How much of the level an hour like this brings: its cell, smoothed and drawn to its hour of the day."""
        around = [(cell - 1) % WEEK, cell, (cell + 1) % WEEK]
        weights = np.array([SIDES, 1 - 2 * SIDES, SIDES])
        own = weights @ self.cells[around]
        usual = weights @ self.hours[[at % 24 for at in around]]
        weeks = self.seen[cell]
        drawn: Floats = (weeks * own + BORROWED * usual) / (weeks + BORROWED)
        return np.asarray(drawn * self.fasting[cell % 24]) if fasting else drawn

    def expect(self, cell: int, fasting: bool) -> Floats:
        """Posts expected in an hour like this."""
        return np.maximum(self.level * self.shape(cell, fasting), LEAST)

    def learn(self, counts: Floats, cell: int, fasting: bool, bursting: NDArray[np.bool_]) -> None:
        """Takes in what an hour brought; counts far above the usual are cut first."""
        usual, dispersion = self.expect(cell, fasting), self.dispersion
        cut = np.minimum(counts, usual + CUT * np.sqrt(usual + dispersion * usual**2) + 1)
        strayed = np.where(bursting, 0.0, 1.0)
        self.above += MEMORY * strayed * ((cut - usual) ** 2 - usual - self.above)
        self.below += MEMORY * strayed * (usual**2 - self.below)
        shape = usual / self.level
        rate = np.where(bursting, LEVEL_BURST, LEVEL)
        self.level = np.maximum(self.level + rate * (cut - usual) / np.maximum(shape, 0.5), LEAST)
        times = np.minimum(cut / self.level, 10.0)
        hour = cell % 24
        if fasting:
            self.fasting[hour] += FASTING_HOUR * (times / np.maximum(self.hours[hour], 0.1) - self.fasting[hour])
            return
        weight = max(CELL, 1 / (self.seen[cell] + 1))
        self.cells[cell] += weight * (times - self.cells[cell])
        self.hours[hour] += max(HOUR_OF_DAY, 1 / (7 * self.seen[cell] + 1)) * (times - self.hours[hour])
        self.seen[cell] += 1
