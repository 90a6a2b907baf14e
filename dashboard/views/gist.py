"""The part Ikhtisar of an issue: its summary with the posts behind each number, its reasons, and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from dashboard import context, evidence, reading, render
from dashboard.views import corrections, ordering
from dashboard.views.deeds import refused
from dashboard.words import dotted
from tanggap.issues.outlook import outlook
from tanggap.issues.priority import Ranking
from tanggap.issues.summary import Count
from tanggap.records import Issue, Link, Reading, User

KEY: Final = "rincian_ringkasan"
PROOF: Final = "rincian_bukti"
#: Name in the address bar of the number whose posts are unfolded.
ROWS: Final = "baris"
PER_PAGE: Final = 20


def tab(issue: Issue, user: User) -> None:
    """The whole part."""
    summed(issue)
    proof(issue, may=not refused(user, "curate", issue))
    ordering.panel(issue, user)


def summed(issue: Issue) -> None:
    """The summary; below the sentence of a number that was asked for stand the posts it counts."""
    told = reading.summary(issue.id, issue.topic, issue.version, issue.posts)
    asked = st.query_params.get(ROWS, "")
    counted = next((count for sentence in told for count in sentence.counts if count.name == asked), None)
    data = {"sentences": [evidence.sentence_data(sentence) for sentence in told], "open": rows(issue, counted)}
    render.draw(
        "summary", data, key=KEY, on_open_change=choose, on_more_change=more,
        on_wrong_change=lambda: corrections.ask(KEY), on_undo_change=lambda: corrections.take_back(KEY),
    )  # fmt: skip


def rows(issue: Issue, count: Count | None) -> dict[str, Any] | None:
    """The posts behind a number, newest first, page by page."""
    if count is None:
        return None
    pages = st.session_state.get("baris_hal", {}).get((issue.id, count.name), 1)
    newest = sorted(count.posts, reverse=True)[: pages * PER_PAGE]
    members = reading.some(issue.id, tuple(newest))
    posts = quotes(members)
    corrections.mark(posts, members)
    return {
        "name": count.name,
        "issue": issue.id,
        "posts": posts,
        "more": min(PER_PAGE, len(count.posts) - len(newest)),
    }


def choose() -> None:
    """A number was pressed: its posts unfold, or fold again."""
    name = str(render.trigger(KEY, "open") or "")
    if name and st.query_params.get(ROWS) != name:
        st.query_params[ROWS] = name
    else:
        st.query_params.pop(ROWS, None)


def more() -> None:
    """The next page of the posts behind the number."""
    at = (str(render.trigger(KEY, "more")), st.query_params.get(ROWS, ""))
    st.session_state["baris_hal"] = {at: st.session_state.get("baris_hal", {}).get(at, 1) + 1}


def quotes(members: Sequence[tuple[Link, Reading]]) -> list[dict[str, Any]]:
    """Posts as the components draw them, each by itself."""
    return [quote_of(evidence.Quote(link=link, reading=found)) for link, found in members]


def quote_of(quote: evidence.Quote) -> dict[str, Any]:
    """One quote in the words of this city."""
    here = context.current()
    declared, _ = reading.crawl_state()
    return evidence.quote_data(quote, {source.id: source for source in declared}, here.workflow, here.city.topics)


def proof(issue: Issue, *, may: bool) -> None:
    """Reasons with what would change them, quotes, and all posts on demand; who may, answers what is to be checked."""
    members = reading.members(issue.id, issue.version)
    pages = st.session_state.get("semua", {}).get(issue.id, 0)
    listed = evidence.folded(members)
    shown = listed[: pages * PER_PAGE]
    data: dict[str, Any] = {
        "score": issue.score,
        "basis": f"{dotted(issue.posts)} kiriman dari {dotted(issue.accounts)} suara, {dotted(issue.news)} berita",
        "reasons": evidence.reason_data(issue),
        "turns": turns(issue),
        "posts": issue.posts,
        "asks": may and not context.current().workflow.is_closed(issue.status),
        "unsure": sum(link.suggested for link, _ in members),
        "quotes": [quote_of(quote) for quote in evidence.chosen(members)],
        "all": [quote_of(quote) for quote in shown] if pages else None,
        "more": min(PER_PAGE, len(listed) - len(shown)) if pages else 0,
    }
    corrections.mark([*data["quotes"], *(data["all"] or [])], members)
    render.draw(
        "evidence", data, key=PROOF, on_toggle_change=lambda: turn(issue.id, 0 if pages else 1),
        on_more_change=lambda: turn(issue.id, pages + 1), on_same_change=lambda: check(issue, same=True),
        on_other_change=lambda: check(issue, same=False), on_wrong_change=lambda: corrections.ask(PROOF),
        on_undo_change=lambda: corrections.take_back(PROOF),
    )  # fmt: skip
    corrections.form()


def check(issue: Issue, *, same: bool) -> None:
    """The answer to "the same trouble?" beside a post."""
    post = render.trigger(PROOF, "same" if same else "other")
    if post is not None:
        ordering.answer_check(issue, int(post), same=same)


def turns(issue: Issue) -> list[str]:
    """What would lift the issue into the next class, what would lower it, and what holds it."""
    here = context.current()
    if here.workflow.is_closed(issue.status) or not issue.reasons:
        return []
    found = outlook(issue, ranking(), here.now())
    return [*(turned.told for turned in (found.up, found.down) if turned), *([found.held] if found.held else [])]


@st.cache_resource(show_spinner=False)
def ranking() -> Ranking:
    """The tables of priority.toml."""
    return Ranking.load(context.current().settings.config_dir)


def turn(issue_id: str, pages: int) -> None:
    """Show so many pages of all posts of an issue; none means the chosen quotes."""
    st.session_state["semua"] = {issue_id: pages}
