"""Where a walk through X stands: from the newest post down to the last stored one, resumable at every page."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What X gives to turn a page with.
TOKEN = re.compile(r"[\w-]{1,200}")


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk has come; ids are decimal strings.

    Written as a cursor it is `N` (everything up to N is stored) or, in the middle, `S/U/N` or `S/U/N/T`: everything
    up to S is stored, the walk began at N and has come down to U, where token T turns the page of a list.
    """

    since: str = ""
    until: str = ""
    newest: str = ""
    token: str = ""

    @classmethod
    def read(cls, cursor: str) -> Walk:
        """The walk a cursor stands for; an unreadable one begins anew."""
        *ids, token = cursor.split("/") if cursor.count("/") == 3 else (*cursor.split("/"), "")
        if not all(part.isdecimal() or not part for part in ids) or (token and not TOKEN.fullmatch(token)):
            return cls()
        if len(ids) != 3:
            return cls(since=ids[0])
        return cls(since=ids[0], until=ids[1], newest=ids[2], token=token)

    def after(self, ids: list[int], token: str = "", *, last: bool) -> Walk:
        """The walk once a page with these ids is stored; the last page ends it."""
        top = str(max([*ids, int(self.newest or 0), int(self.since or 0)]) or "")
        return Walk(since=top) if last or not ids else Walk(self.since, str(min(ids)), top, token)

    def without(self, parameter: str) -> Walk:
        """The walk that goes on where X no longer reaches back to `parameter`.

        Below `until` nothing can be had any more, so the walk is over; without `since` it goes down as far as X
        does; a stale token begins at the top again, and what was paid for today costs nothing twice.
        """
        if parameter == "until_id":
            return Walk(since=self.newest)
        if parameter == "since_id":
            return Walk("", self.until, self.newest)
        return Walk(self.since, "", self.newest)

    def __str__(self) -> str:
        if not self.until:
            return self.since
        return "/".join((self.since, self.until, self.newest, *([self.token] if self.token else [])))
