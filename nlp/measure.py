"""What cross-validation says of a task: figures with intervals, by class, channel and register, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from nlp.data import Row
from nlp.features import Floats
from nlp.intervals import of_classes
from nlp.linear import LinearModel
from nlp.metrics import calibration_curve, calibration_error, classification, grouped, levels
from nlp.slices import by_slice

T = TypeVar("T")

#: Origins that are measured: what the product reads.
MEASURED = ("city", "corrected")


def figures(
    model: LinearModel, margins: Floats, rows: Sequence[Row], gold: Sequence[str], registers: Sequence[str]
) -> dict[str, Any]:
    """What held-out margins say of the city's rows; texts from elsewhere have one figure per origin of their own."""
    said = [model.labels[number] for number in model.decide(margins)]
    own = [number for number, row in enumerate(rows) if row.origin in MEASURED]
    true, told = picked(own, gold, said)
    report = classification(true, told)
    report["intervals"] = {name: list(span) for name, span in of_classes(true, told).items()}
    report["slices"] = slices(own, rows, gold, said, registers)
    shares = model.probabilities(margins)[own]
    right = shares.argmax(axis=1) == [model.labels.index(gold[number]) for number in own]
    report["calibration_error"] = calibration_error(shares.max(axis=1), right)
    report["calibration_curve"] = calibration_curve(shares.max(axis=1), right)
    if elsewhere := _elsewhere(rows, gold, said):
        report["macro_f1_elsewhere"] = elsewhere
    if model.task == "urgency":
        report |= levels(list(map(int, true)), list(map(int, told)))
    return report


def slices(
    own: Sequence[int], rows: Sequence[Row], gold: Sequence[str], said: Sequence[str], registers: Sequence[str]
) -> dict[str, Any]:
    """Figures by channel and by register, and those of the rows that staff corrected."""
    true, told = picked(own, gold, said)
    channels = [rows[number].channel for number in own]
    origins = [rows[number].origin for number in own]
    found = {
        "channel": by_slice(channels, true, told),
        "register": by_slice([registers[number] for number in own], true, told),
    }
    return found | {"origin": by_slice(origins, true, told, least=1)} if "corrected" in origins else found


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, int, float, float]]:
    """Name, number of texts and macro-F1 before and after of everything two reports measured; the whole first."""
    lines = [("all", int(after["n"]), float(before["macro_f1"]), float(after["macro_f1"]))]
    for kind, found in after["slices"].items():
        for name, now in found.items():
            was = before["slices"][kind].get(name)
            if was:
                lines.append((f"{kind} {name}", now["n"], was["macro_f1"]["value"], now["macro_f1"]["value"]))
    return lines


def picked(numbers: Sequence[int], gold: Sequence[T], said: Sequence[T]) -> tuple[list[T], list[T]]:
    """Truth and answers of some of the rows."""
    return [gold[number] for number in numbers], [said[number] for number in numbers]


def _elsewhere(rows: Sequence[Row], gold: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    away = [number for number, row in enumerate(rows) if row.origin in ("smsa", "nusax")]
    groups = grouped(away, [row.origin for row in rows])
    return {origin: classification(*picked(members, gold, said))["macro_f1"] for origin, members in groups.items()}
