"""Recall and precision of masking per kind of identifier, on made texts, and texts per second.

    python -m benchmarks.masking [--positives 5000] [--negatives 20000] [--show 20]

A planted identifier counts as found when the whole of it, and nothing else of the text, became its mask; any other mask
counts against the kind it names. --show prints texts that came out wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.planted import KINDS, Sample, samples
from tanggap.privacy import TOKEN, mask

#: Kind -> its mask.
LABELS = dict(
    zip(KINDS, ("[NIK]", "[telepon]", "[surel]", "[plat]", "[rekening]", "[kartu]", "[NPWP]", "[rumah]"), strict=True)
)


@dataclass(slots=True)
class Tally:
    """What masking made of some texts."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    #: Masks made, by label.
    made: Counter[str] = field(default_factory=Counter)
    innocent: int = 0
    untouched: int = 0
    wrong: list[tuple[Sample, str]] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """Share of the planted identifiers of a kind that became its mask."""
        return self.found[kind] / max(1, self.planted[kind])

    def precision(self, kind: str) -> float:
        """Share of the masks of a kind that stand for one."""
        return self.found[kind] / max(1, self.made[LABELS[kind]])


def tally(drawn: Iterable[Sample]) -> Tally:
    """Masks every text and counts what came of it."""
    counts = Tally()
    for sample in drawn:
        masked = mask(sample.text)
        right = masked == sample.masked
        counts.made.update(TOKEN.findall(masked))
        if sample.kind:
            counts.planted[sample.kind] += 1
            counts.found[sample.kind] += right
        else:
            counts.innocent += 1
            counts.untouched += right
        if not right:
            counts.wrong.append((sample, masked))
    return counts


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--positives", type=int, default=5_000)
    options.add_argument("--negatives", type=int, default=20_000)
    options.add_argument("--show", type=int, default=0)
    chosen = options.parse_args()
    drawn = list(samples(chosen.positives, chosen.negatives))
    begun = time.process_time()
    counts = tally(drawn)
    pace = len(drawn) / (time.process_time() - begun)
    lines = ["| kind | texts | recall | precision |", "|---|---|---|---|"]
    lines += [f"| {k} | {counts.planted[k]:,} | {counts.recall(k):.4f} | {counts.precision(k):.4f} |" for k in KINDS]
    lines.append(f"\n{counts.untouched:,} of {counts.innocent:,} texts without identifiers came out untouched.")
    lines.append(f"{pace:,.0f} texts/s on one core.")
    lines += [f"{sample.kind}: {sample.text!r} -> {masked!r}" for sample, masked in counts.wrong[: chosen.show]]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
