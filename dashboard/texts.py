"""Texts to the public as the components draw them: findings beside their words, versions compared, what comes next."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Final

from dashboard import render
from tanggap.clock import stamp
from tanggap.desk.answering import STATES
from tanggap.desk.checker import Finding
from tanggap.desk.timeline import KINDS
from tanggap.records.desk import Response

#: Versions that are not out yet.
OPEN: Final = ("draft", "submitted", "approved")
TONES: Final = {"published": "good", "approved": "blue", "submitted": "amber"}
WORDS: Final = re.compile(r"\s+|\S+")


def newest(responses: Sequence[Response]) -> list[Response]:
    """The newest version of each answer: what is not out yet before what is, the newest answer first."""
    last = {item.number: item for item in sorted(responses, key=lambda item: item.version)}
    return sorted(last.values(), key=lambda item: (item.state not in OPEN, -item.number))


def versions(item: Response, responses: Sequence[Response]) -> list[Response]:
    """All versions of an answer, oldest first."""
    return sorted((one for one in responses if one.number == item.number), key=lambda one: one.version)


def answer(
    item: Response, findings: Sequence[Finding], made: Sequence[Response], names: Mapping[str, str]
) -> dict[str, Any]:
    """One answer: its text with the words that the checker found, the findings, and what each version changed."""
    decided = item.decided_by and f"{names.get(item.decided_by, item.decided_by)}: {item.note}"
    return {
        "id": f"tanggapan {item.id}",
        "title": f"{KINDS[item.kind].capitalize()} · versi {item.version}",
        "state": STATES[item.state],
        "tone": TONES.get(item.state, "soft"),
        "by": f"{names.get(item.by, item.by)} · {stamp(item.at)}",
        "text": parts(item.text, findings),
        "findings": [
            {"number": at, "label": one.label, "words": one.words, "advice": one.advice}
            for at, one in enumerate(findings, 1)
        ],
        "next": upcoming(item, len(findings), {one.by for one in made}, names),
        "notes": [*([decided] if decided and item.note else []), *published(item)],
        "link": render.link(item.url),
        "versions": [changed(old, new, names) for old, new in reversed(list(pairwise(made)))],
    }


def upcoming(item: Response, found: int, authors: Collection[str], names: Mapping[str, str]) -> str:
    """What has to happen next, in one sentence; "" for what is out."""
    wrote = ", ".join(sorted(names.get(name, name) for name in authors))
    why = f" Ada {found} temuan: perbaiki, atau setujui dengan alasan." if found else ""
    return {
        "draft": "Berikutnya: ajukan; lalu orang kedua yang memeriksa." + (f" Ada {found} temuan." if found else ""),
        "submitted": f"Berikutnya: disetujui orang selain {wrote}.{why}",
        "approved": "Berikutnya: terbitkan di kanal resmi, lalu catat tautannya di sini.",
    }.get(item.state, "")


def published(item: Response) -> list[str]:
    """When and under how many posts it stands."""
    if item.published_at is None:
        return []
    under = f"di bawah {len(item.threads)} kiriman" if item.threads else "tidak di bawah kiriman mana pun"
    return [f"Terbit {stamp(item.published_at)}, {under}"]


def parts(text: str, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """A text cut at the edges of the findings; `found` holds the numbers of those that a piece caused."""
    edges = sorted({0, len(text), *(place for one in findings for place in (one.start, one.end))})
    return [
        {
            "words": text[start:end],
            "found": [at for at, one in enumerate(findings, 1) if one.start <= start and end <= one.end],
        }
        for start, end in pairwise(edges)
    ]


def changed(old: Response, new: Response, names: Mapping[str, str]) -> dict[str, Any]:
    """What a version changed, word by word: `same`, `gone` and `new` pieces that make up both texts."""
    before, after = WORDS.findall(old.text), WORDS.findall(new.text)
    pieces: list[dict[str, str]] = []
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append({"kind": "same", "words": "".join(before[start:end])})
            continue
        pieces += [
            {"kind": name, "words": "".join(words)}
            for name, words in (("gone", before[start:end]), ("new", after[first:last]))
            if words
        ]
    title = f"Versi {old.version} → {new.version} · {names.get(new.by, new.by)} · {stamp(new.at)}"
    return {"title": title, "pieces": pieces}
