"""Notices that records have changed their shape: cleans samples for quarantine and ends a run that is mostly broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from crawlers.batch import Batch
from crawlers.personal import blank_persons, without_persons
from tanggap import privacy, text
from tanggap.errors import SourceError
from tanggap.records import Source

#: Longest line that is taken apart for its sample.
LINE_CHARS = 100_000
#: Longest sample kept of one record, and how much of one text in it is looked at.
SAMPLE_CHARS = 2000
#: Entries of one list or object that a sample shows.
SAMPLE_ITEMS = 60

#: An account in running text or in the address of its page.
HANDLE = re.compile(r"(?P<lead>(?<![\w.])@|/@|/users/|/profile/)[\w.\-]+(?:@[\w.\-]+)?")

#: A run in which a larger share of the records cannot be read is stopped, once this many have been seen.
SHARE, SEEN = 0.2, 10
#: Broken records, with not one good among them, that mean a changed layout rather than bad luck.
ALL_BROKEN = 3
#: How long a source whose records have changed is left alone.
PAUSE = timedelta(hours=1)


def sample(record: Any) -> str:
    """A record for quarantine: personal fields dropped, texts masked, cut to SAMPLE_CHARS; never fails."""
    if isinstance(record, str):
        record = parsed(record)
    try:
        told = json.dumps(short(without_persons(record)), ensure_ascii=False, default=str)
    except (ValueError, TypeError, RecursionError):
        told = f"a {type(record).__name__} that cannot be written as JSON"
    return text.clip(told, SAMPLE_CHARS)


def parsed(line: str) -> Any:
    """What a line of JSON holds; of one that cannot be taken apart, its beginning less what speaks of persons."""
    try:
        return json.loads(line) if len(line) <= LINE_CHARS else line[: 2 * SAMPLE_CHARS]
    except (ValueError, RecursionError):
        return line[: 2 * SAMPLE_CHARS]


def short(value: Any) -> Any:
    """`value` with its texts masked and cut, and with no more than SAMPLE_ITEMS entries per list or object."""
    if isinstance(value, str):
        return text.clip(masked(value[: SAMPLE_CHARS + 200]), SAMPLE_CHARS)
    if isinstance(value, dict):
        return {masked(str(key)[:100]): short(inner) for key, inner in list(value.items())[:SAMPLE_ITEMS]}
    if isinstance(value, list):
        return [short(inner) for inner in value[:SAMPLE_ITEMS]]
    if isinstance(value, int) and abs(value) > 10**9:
        return masked(str(value)) if abs(value) < 10**30 else "a number of many digits"
    return value


def masked(value: str) -> str:
    """Text repaired and masked as at the door, and without handles."""
    return HANDLE.sub(r"\g<lead>…", privacy.mask(blank_persons(text.repair(value))))


def watch(found: Iterator[Batch], source: Source, now: datetime, *, share: float = SHARE) -> Iterator[Batch]:
    """The batches, for as long as their records can be read.

    Good records always pass on. From the first batch with a broken record the cursor is withheld, and given back at
    the end of a run that was sound enough: so a run that ends here has lost nothing, and once the reader is repaired
    the records come again.

    Args:
        found: batches of one run, of any kind of source; closed when this ends.
        source: what is read, for the sentence.
        now: when the run takes place; the source is left alone for PAUSE after it.
        share: largest share of broken records that is borne; 1 bears any, as an import of a file does.

    Raises:
        SourceError: `drift` when more than `share` of at least SEEN records were broken, `layout` when not one of
            ALL_BROKEN or more could be read. Raised only after the batch was handed on.
    """
    good = broken = 0
    first = held = ""
    with closing(found):  # type: ignore[type-var]
        try:
            for batch in found:
                told = [refusal.told for refusal in batch.refusals if refusal.kind == "payload"]
                good += max(0, batch.fetched - len(batch.refusals))
                broken += len(told)
                first = first or (told[0] if told else "")
                held = batch.cursor or held
                yield replace(batch, cursor="") if broken else batch
                judge(source, good, broken, first, now, share)
        except SourceError as error:
            if broken and held and error.failure not in ("drift", "layout"):
                yield Batch(cursor=held)
            raise
    if broken and held:
        yield Batch(cursor=held)


def judge(source: Source, good: int, broken: int, first: str, now: datetime, share: float) -> None:
    """
    Raises:
        SourceError: too many records were broken.
    """
    seen = good + broken
    if broken >= ALL_BROKEN and not good:
        told = f"{source.id}: none of {broken} records could be read ({first}); its layout has changed."
        raise SourceError(told, "layout", retry_at=now + PAUSE)
    if seen >= SEEN and broken > share * seen:
        told = f"{source.id}: {broken} of {seen} records could not be read (first: {first}); their shape has changed."
        raise SourceError(told, "drift", retry_at=now + PAUSE)
