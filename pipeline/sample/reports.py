"""The citizen reports of the day: hand-written ones of three channels, topped up with declared variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.random import Generator

from pipeline.sample.accounts import Accounts
from pipeline.sample.press import at
from pipeline.sample.published import CHANNELS, COUNTER, JAKI, QLUE, FollowUp, Report, TrueIssue
from pipeline.sample.variants import REPORT_RULES, Original, words_of
from tanggap.city import Area, read_areas
from tanggap.settings import packaged_config

#: Reports wanted per channel, variants included.
WANTED: Mapping[str, int] = {QLUE: 140, JAKI: 30, COUNTER: 30}
#: One phone in this many gives no position.
NO_POSITION = 12
#: Desks open and close at these hours.
DESK = (8.0, 15.8)


@dataclass(slots=True, kw_only=True)
class Entry:
    """A report before its number is known."""

    line: Mapping[str, Any]
    text: str
    hour: float
    base: Entry | None = None
    rule: str | None = None


def reports_of(
    day: date, issues: Mapping[str, TrueIssue], lines: Sequence[Mapping[str, Any]], seed: int
) -> tuple[Report, ...]:
    """All reports by time; numbers rise with time within each channel."""
    areas = read_areas(packaged_config() / "places" / "areas.csv")
    rng = np.random.default_rng([seed, 4])
    accounts = Accounts(np.random.default_rng([seed, 5]))
    reports: list[Report] = []
    for channel, source in CHANNELS.items():
        own = [line for line in lines if line["channel"] == channel]
        entries = sorted(entries_of(source, own, issues, rng), key=lambda entry: entry.hour)
        numbers = {id(entry): native_id(source, day, number) for number, entry in enumerate(entries, 1)}
        for entry in entries:
            report = report_of(day, source, entry, areas, accounts, rng)
            base = numbers[id(entry.base)] if entry.base else None
            reports.append(replace(report, native_id=numbers[id(entry)], variant_of=base))
    return tuple(sorted(reports, key=lambda report: (report.at, report.native_id)))


def entries_of(
    source: str, lines: Sequence[Mapping[str, Any]], issues: Mapping[str, TrueIssue], rng: Generator
) -> list[Entry]:
    """The lines and, up to the number wanted, variants of those that belong to an issue, later than their base."""
    written = [Entry(line=line, text=line["text"], hour=line["at_h"]) for line in lines]
    about = [entry for entry in written if entry.line["issue"] and not entry.line.get("follow_ups")]
    entries = list(written)
    for number in range(max(0, WANTED[source] - len(written)) if about else 0):
        base = about[number % len(about)]
        text, rule = reworded(base, issues[base.line["issue"]], rng)
        closes = DESK[1] if source == COUNTER else min(issues[base.line["issue"]].end_h + 0.5, 23.9)
        hour = min(base.hour + float(rng.exponential(0.9)) + 0.05, max(closes, base.hour + 0.1))
        entries.append(Entry(line=base.line, text=text, hour=hour, base=base, rule=rule))
    return entries


def reworded(base: Entry, issue: TrueIssue, rng: Generator) -> tuple[str, str]:
    """The text after the first of a shuffled list of report rules that changes it, and that rule's name."""
    original = Original(base.text, "", words_of(f"{issue.place} {issue.slug}"))
    for index in rng.permutation(len(REPORT_RULES)):
        text = REPORT_RULES[index](original, rng)
        if text != base.text:
            break
    return text, REPORT_RULES[index].__name__


def report_of(
    day: date, source: str, entry: Entry, areas: Mapping[str, Area], accounts: Accounts, rng: Generator
) -> Report:
    """The entry as a report; its position is the middle of the kelurahan, moved by up to some 300 metres."""
    line = entry.line
    area = areas[line["kel"]]
    located = source == QLUE and rng.integers(NO_POSITION) > 0
    return Report(
        native_id="",
        source=source,
        issue=line["issue"],
        at=at(day, entry.hour),
        text=entry.text,
        author=accounts.next(),
        area=area.code,
        area_name=area.name,
        lat=round(area.lat + float(rng.uniform(-0.003, 0.003)), 6) if located else 0.0,
        lon=round(area.lon + float(rng.uniform(-0.003, 0.003)), 6) if located else 0.0,
        category=line["category"],
        follow_ups=tuple(
            FollowUp(at=at(day, step["at_h"]), status=step["status"], note=step["note"], by=step["by"])
            for step in line.get("follow_ups", ())
        )
        if entry.base is None
        else (),
        rule=entry.rule,
    )


def native_id(source: str, day: date, number: int) -> str:
    """The number a channel gives its `number`-th report of the day."""
    if source == JAKI:
        return f"JK{day:%d%m%y}{number:04d}"
    if source == COUNTER:
        return f"LK-{day:%Y%m%d}-{number:03d}"
    return str(day.toordinal() * 1000 + number)
