"""What merging, splitting or moving would do, in one sentence, before anybody does it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from dashboard.words import dotted
from tanggap.desk.transfers import with_copies
from tanggap.records import Issue
from tanggap.store import issues

#: What follows from putting an issue in order, under every sentence.
AFTERWARDS = "Sesudah itu mesin hanya mengusulkan perubahan pada isu ini. Bisa diurungkan."


def merge(issue: Issue, target: Issue) -> str:
    """Where the posts go, and that the number keeps leading there."""
    total = issue.posts + target.posts
    return (
        f"{dotted(issue.posts)} kiriman {issue.id} masuk ke {target.id} “{target.title}”, yang menjadi {dotted(total)} "
        f"kiriman. Nomor {issue.id} tetap membuka isu itu; antrean hanya memuat {target.id}. {AFTERWARDS}"
    )


def leaving(
    db: Connection, issue: Issue, posts: Collection[int], target: Issue | None, *, alone: bool
) -> tuple[str, bool]:
    """How many posts leave with their copies, what stays, where they go, and whether it can be done.

    Args:
        alone: whether they become an issue of their own.
    """
    links = issues.links_of(db, issue.id)
    gone = with_copies(links, posts)
    copies = len(gone) - len(set(posts) & {link.post for link in gone})
    told = f"{dotted(len(gone))} kiriman" + (f", {dotted(copies)} di antaranya salinan," if copies else "")
    stays = f"{issue.id} tinggal {dotted(len(links) - len(gone))} kiriman"
    if len(gone) == len(links):
        return f"Tidak bisa: {issue.id} tidak boleh kosong; gabungkan isunya bila semua kiriman harus pindah.", False
    if target is not None:
        return f"{told} pindah ke {target.id} “{target.title}”; {stays}. {AFTERWARDS}", True
    if alone:
        return f"{told} menjadi isu baru; {stays}. Mesin tidak menggabungkan keduanya lagi. {AFTERWARDS}", True
    return f"{told} keluar dan tidak masuk isu ini lagi; {stays}. {AFTERWARDS}", True
