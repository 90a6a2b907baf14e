"""Status words of the city's report desks, put into our own states."""

from __future__ import annotations

from tanggap.records import Status

#: Qlue's three colours and CRM's five words (Pergub 128/2017 practice), plus spellings seen in exports.
WORDS = {
    "wait": Status.WAITING,
    "waiting": Status.WAITING,
    "menunggu": Status.WAITING,
    "baru": Status.WAITING,
    "coordination": Status.COORDINATION,
    "koordinasi": Status.COORDINATION,
    "disposition": Status.DISPOSITION,
    "disposisi": Status.DISPOSITION,
    "process": Status.IN_PROCESS,
    "in_process": Status.IN_PROCESS,
    "proses": Status.IN_PROCESS,
    "diproses": Status.IN_PROCESS,
    "complete": Status.RESOLVED,
    "completed": Status.RESOLVED,
    "resolved": Status.RESOLVED,
    "selesai": Status.RESOLVED,
}


def read_status(word: object) -> Status | None:
    """Our state for a desk's word; None for a word we do not know, which the reader keeps as it came."""
    return WORDS.get(str(word or "").strip().lower())
