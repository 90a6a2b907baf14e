"""Riwayat: how long the public waited, the clocks, who is called, what the answer did, and every decision."""

from __future__ import annotations

from typing import Any, Final

from dashboard import context, dealings, dossier, measures, reading, render
from tanggap.desk.deadlines import deadlines
from tanggap.desk.measuring import Measuring
from tanggap.records import Issue, User

#: Posts named behind an effect.
ROWS: Final = 8


def tab(issue: Issue, user: User) -> None:
    """The measures above, the decisions below, the newest first."""
    del user
    here = context.current()
    now = here.now()
    data = {
        "silence": measures.waited(Measuring(here.store, here.city, here.now).silence(issue.id)),
        "clocks": [measures.clock(one, now) for one in deadlines(issue, here.workflow) if one.start <= now],
        "called": measures.called(
            issue, reading.staff(), here.settings.alerts.channels, here.workflow, here.city
        ),
        "effect": followed(issue) if issue.answered_at is not None else None,
        "steps": dossier.steps(here.desk.history(issue.id)),
    }  # fmt: skip
    render.draw("trail", data, key=f"riwayat {issue.id}")


def followed(issue: Issue) -> dict[str, Any]:
    """The effect of the answer with the newest posts after it."""
    told = dealings.effect(issue)
    end = issue.answered_at + told.side if issue.answered_at else None
    after = [
        one
        for _, one in reading.members(issue.id, issue.version)
        if issue.answered_at and end and issue.answered_at <= one.post.published_at < end
    ]
    return measures.effect(told, [dealings.post_data(one) for one in after[:ROWS]])
