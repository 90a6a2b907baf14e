"""How soon the live path sees the sample city's true issues: the recorded day played step by step.

python -m benchmarks.replay
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.grouping import line
from nlp.evaluate import evaluate_issues
from pipeline.commands.replay import show
from pipeline.drill import Drill
from pipeline.office import Office
from pipeline.replay import Moment, Recording, play
from pipeline.sample import SampleDay
from pipeline.sample.recording import record
from tanggap.settings import load_settings, packaged_config

DAY = date(2026, 11, 21)
STEP = timedelta(minutes=10)


def grouped(recording: Recording, moment: Moment) -> dict[str, float]:
    """Figures of the groups that stood at a moment, over posts that are in an issue on either side."""
    pairs = [(moment.membership.get(key), true) for key, true in recording.truth.items()]
    pairs = [pair for pair in pairs if pair != (None, None)]
    return evaluate_issues([mine for mine, _ in pairs], [true for _, true in pairs])


def main() -> None:
    """Plays the day and prints lead times, order, false alarms, and how well posts were grouped in the end."""
    office = Office(load_settings(packaged_config(), environ={}))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        record(SampleDay.build(DAY), folder)
        recording = Recording.read(folder, b"benchmark")
        drill = Drill(recording)
        for moment in play(recording, office, folder, step=STEP):
            drill.see(moment)
        show(drill, moment)
        print(line("tanggap, as the day went", grouped(recording, moment)))


if __name__ == "__main__":
    main()
