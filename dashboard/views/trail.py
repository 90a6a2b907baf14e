"""Riwayat: every decision about the issue in sentences, how long the public waited, and what the answer did."""

from __future__ import annotations

from dashboard import context, dossier, render
from tanggap.desk.measuring import Measuring
from tanggap.records import Issue, User


def tab(issue: Issue, user: User) -> None:
    """Silence and effect above, the decisions below, the newest first."""
    del user
    here = context.current()
    measuring = Measuring(here.store, here.city, here.now)
    told = [dossier.waited(measuring.silence(issue.id))]
    if issue.answered_at is not None:
        told.append(f"Efek jawaban: {measuring.effect(issue.id).words}")
    data = {"told": told, "steps": dossier.steps(here.desk.history(issue.id))}
    render.draw("trail", data, key=f"riwayat {issue.id}")
