"""Status words of the city's report desks, put into our own states."""

from __future__ import annotations

from tanggap.records import Status
from tanggap.text import fold

#: Our state -> words of the desks: Qlue's three colours, CRM and JAKI (Menunggu to Selesai), LAPOR!, FixMyStreet.
SPELLINGS: dict[Status, str] = {
    Status.WAITING: "wait waiting menunggu baru new open submitted received diterima terkirim "
    "belum_diproses belum_ditindaklanjuti belum_terverifikasi belum_diverifikasi verifikasi menunggu_verifikasi "
    "unconfirmed confirmed",
    Status.COORDINATION: "coordination coordinating koordinasi dikoordinasikan sedang_dikoordinasikan investigating "
    "internal_referral",
    Status.DISPOSITION: "disposition disposisi didisposisikan diteruskan terdisposisi assigned",
    Status.IN_PROCESS: "process processing in_process in_progress proses diproses sedang_diproses dalam_proses "
    "on_progress sedang_dikerjakan ditindaklanjuti sedang_ditindaklanjuti tindak_lanjut tl planned action_scheduled",
    Status.RESOLVED: "complete completed resolved selesai selesai_diproses closed close done fixed tuntas "
    "telah_selesai sudah_selesai",
    Status.DEFERRED: "tunda ditunda tertunda deferred pending on_hold",
    Status.REFERRED: "bukan_wewenang bukan_kewenangan dirujuk referred not_responsible unable_to_fix",
    Status.DISMISSED: "arsip diarsipkan arsipkan ditolak rejected dismissed cancelled canceled dibatalkan spam",
    Status.MERGED: "duplicate duplikat digabung merged",
}

WORDS = {word.replace("_", " "): status for status, words in SPELLINGS.items() for word in words.split()}

#: What one of these notes says more exactly than the `open` or `closed` beside it.
FINER_OPEN = frozenset({Status.COORDINATION, Status.DISPOSITION, Status.IN_PROCESS, Status.DEFERRED})
FINER_CLOSED = frozenset({Status.REFERRED, Status.DISMISSED, Status.MERGED})


def read_status(word: object) -> Status | None:
    """Our state for a desk's word in any spelling; None for one we do not know, which the reader keeps as it came."""
    return WORDS.get(fold(word[:80])) if isinstance(word, str) else None


def read_open311(word: object, notes: object) -> Status | None:
    """Our state for Open311's `open` or `closed`, made finer where `status_notes` is or begins with a word we know.

    Notes never close what is open nor open what is closed: `Selesai dikerjakan besok` stands on an open request.
    """
    status = read_status(word)
    finer = note_status(notes)
    if status is Status.WAITING and finer in FINER_OPEN:
        return finer
    if status is Status.RESOLVED and finer in FINER_CLOSED:
        return finer
    return status


def note_status(notes: object) -> Status | None:
    """The state that the first one to three words of a note name, longest first."""
    words = fold(notes[:80]).split()[:3] if isinstance(notes, str) else []
    found = (WORDS.get(" ".join(words[:count])) for count in range(len(words), 0, -1))
    return next((status for status in found if status), None)
