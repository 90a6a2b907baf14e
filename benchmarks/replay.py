"""How soon the live path sees the sample city's true issues: the recorded day played step by step.

python -m benchmarks.replay
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from pipeline.commands.replay import show
from pipeline.drill import Drill
from pipeline.office import Office
from pipeline.replay import Recording, play
from pipeline.sample import SampleDay
from pipeline.sample.recording import record
from tanggap.settings import load_settings, packaged_config

DAY = date(2026, 11, 21)
STEP = timedelta(minutes=10)


def main() -> None:
    """Plays the day and prints lead times, order and false alarms."""
    office = Office(load_settings(packaged_config(), environ={}))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        record(SampleDay.build(DAY), folder)
        recording = Recording.read(folder, b"benchmark")
        drill = Drill(recording)
        for moment in play(recording, office, folder, step=STEP):
            drill.see(moment)
        show(drill, moment)


if __name__ == "__main__":
    main()
