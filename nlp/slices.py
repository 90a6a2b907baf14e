"""The kinds of texts a model is measured on apart: their channel, and whether they are written as people talk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlp.intervals import of_classes
from nlp.metrics import classification, grouped
from nlp.prepare import Prepared

#: Share of words spelled otherwise than in a dictionary from which a text is colloquial.
COLLOQUIAL = 0.15
#: Texts below which a slice says nothing.
LEAST = 20


def register_of(text: Prepared) -> str:
    """`colloquial` for a text with slang, abbreviations or stretched words, else `standard`."""
    words = [token for token in text.tokens if token.kind == "word"]
    changed = sum(token.norm != token.surface.lower() for token in words)
    return "colloquial" if words and changed / len(words) >= COLLOQUIAL else "standard"


def by_slice(
    names: Sequence[str], gold: Sequence[str], said: Sequence[str | None], least: int = LEAST
) -> dict[str, Any]:
    """Per slice the number of texts, macro-F1 over the classes of the slice and accuracy, with 95 % intervals."""
    found = {}
    for name, members in grouped(range(len(names)), names).items():
        if len(members) >= least:
            true, told = [gold[at] for at in members], [said[at] for at in members]
            figures, spans = classification(true, told), of_classes(true, told)
            found[name] = {"n": len(members)} | {
                key: {"value": figures[key], "interval": list(spans[key])} for key in ("macro_f1", "accuracy")
            }
    return found
