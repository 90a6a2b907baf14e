"""What people taught about belonging, as grouping reads it: homes of posts, and what may not come together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tanggap.records import Bond, BondKind, Decided, Suggestion, SuggestionKind

K = TypeVar("K")

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Constraints of a grouping pass (Wagstaff et al. 2001), in the names of living issues."""

    #: Post -> the issue it must be in.
    homes: Mapping[int, str] = field(default_factory=dict)
    #: Post -> issues it may not be in.
    barred: Mapping[int, frozenset[str]] = field(default_factory=dict)
    #: Issue -> issues it may not become one with.
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Issues that people have put in order: what is not surely theirs is only suggested.
    curated: frozenset[str] = NOTHING

    @classmethod
    def of(
        cls,
        bonds: Iterable[Bond],
        decided: Iterable[Suggestion],
        living: Mapping[str, str],
        curated: Iterable[str] = (),
    ) -> Bonds:
        """
        Args:
            bonds: in the order they were taught; the later one about the same post or pair counts.
            decided: suggestions that people rejected; each is a word of theirs too.
            living: issue -> the one it lives on in.
        """
        refused = [bond for item in decided if item.state is Decided.REJECTED for bond in _refused(item)]
        posts: dict[tuple[int, str], BondKind] = {}
        pairs: dict[frozenset[str], BondKind] = {}
        for kind, issue, other, post in (*refused, *((b.kind, b.issue, b.other, b.post) for b in bonds)):
            home = living.get(issue, issue)
            if post is not None:
                posts.pop((post, home), None)
                posts[post, home] = kind
            elif other is not None and (there := living.get(other, other)) != home:
                pairs[frozenset((home, there))] = kind
        return cls(
            homes={post: issue for (post, issue), kind in posts.items() if kind is BondKind.MUST},
            barred=_gathered(((p, i) for (p, i), kind in posts.items() if kind is BondKind.CANNOT)),
            apart=_gathered(
                (one, other)
                for pair, kind in pairs.items()
                if kind is BondKind.CANNOT
                for one in pair
                for other in pair - {one}
            ),
            curated=frozenset(living.get(name, name) for name in curated),
        )

    def against(self, post: int | None, issue: str | None) -> frozenset[str]:
        """The issues that a reading, together with the issue it is in, may not become one with."""
        return (self.barred.get(post or 0, NOTHING) | self.apart.get(issue or "", NOTHING)) - {issue}


def _refused(item: Suggestion) -> list[tuple[BondKind, str, str | None, int | None]]:
    """The bonds that rejecting a suggestion says."""
    if item.kind is SuggestionKind.MERGE:
        return [(BondKind.CANNOT, item.issue, item.other, None)]
    if item.kind is SuggestionKind.JOIN:
        return [(BondKind.CANNOT, item.issue, None, post) for post in item.posts]
    return []


def _gathered(pairs: Iterable[tuple[K, str]]) -> dict[K, frozenset[str]]:
    found: defaultdict[K, set[str]] = defaultdict(set)
    for key, name in pairs:
        found[key].add(name)
    return {key: frozenset(names) for key, names in found.items()}
