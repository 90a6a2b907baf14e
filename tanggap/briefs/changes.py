"""What changed since the brief before: new, worse, reopened, closed, and the volume where it can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanggap.briefs.health import Health
from tanggap.briefs.words import listed, number, percent
from tanggap.clock import stamp
from tanggap.records import Brief, BriefItem, Issue, Status

#: A score that rose by this much is worse, whatever its class.
WORSE = 10
#: Below this many posts a change in percent misleads.
COMPARABLE = 20
UNSEEN = frozenset({Status.DISMISSED, Status.MERGED})


def changes(
    before: Brief | None, issues: Sequence[Issue], totals: Mapping[str, int], health: Sequence[Health]
) -> tuple[str, ...]:
    """Sentences on what differs from the brief before; there is always at least one."""
    if before is None:
        return ("Ringkasan pertama; belum ada pembanding.",)
    seen = sorted((issue for issue in issues if issue.status not in UNSEEN), key=lambda issue: -issue.score)
    since = [issue for issue in seen if issue.status_at > before.made_at]
    earlier = {item.issue: item for item in before.items}
    groups = {
        "isu baru": [issue.title for issue in seen if issue.detected_at > before.made_at],
        "isu memburuk": [grown(earlier[i.id], i) for i in seen if i.id in earlier and worse(earlier[i.id], i)],
        "isu dibuka kembali": [i.title for i in since if i.reopened and i.status is Status.WAITING],
        "isu selesai": [issue.title for issue in since if issue.status is Status.RESOLVED],
    }
    found = [f"{number(len(names))} {words}: {listed(names)}." for words, names in groups.items() if names]
    if not found:
        found = [f"Tidak ada isu baru, memburuk, atau selesai sejak ringkasan {stamp(before.made_at)}."]
    return (*found, *volume(before, totals, health))


def worse(earlier: BriefItem, issue: Issue) -> bool:
    """Whether an open issue rose in class or clearly in score."""
    if issue.status is Status.RESOLVED:
        return False
    return issue.priority < earlier.priority or issue.score >= earlier.score + WORSE


def grown(earlier: BriefItem, issue: Issue) -> str:
    """`Banjir di Kampung Melayu (skor 64 → 91)`."""
    return f"{issue.title} (skor {earlier.score} → {issue.score})"


def volume(before: Brief, totals: Mapping[str, int], health: Sequence[Health]) -> tuple[str, ...]:
    """The change of volume; withheld while a source fails, because a gap would look like calm."""
    old, new = before.totals.get("posts", 0), totals["posts"]
    if failed := [source.title for source in health if source.failed]:
        return (f"Jumlah unggahan tidak dibandingkan karena ada sumber yang gagal: {listed(failed)}.",)
    if before.totals.get("sources_failed", 0) or min(old, new) < COMPARABLE or old == new:
        return ()
    direction = "naik" if new > old else "turun"
    share = percent(abs(new - old), old)
    return (f"Unggahan 24 jam {direction} {share}: {number(old)} → {number(new)}.",)
