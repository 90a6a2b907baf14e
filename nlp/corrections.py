"""What staff set right, as rows to train on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.data import Row
from tanggap.records import Correction, Post

#: Name of the channel under which corrected texts are measured.
CHANNEL = "koreksi petugas"


def rows_of(taught: Iterable[tuple[Post, Sequence[Correction]]]) -> list[Row]:
    """A row per post with the labels that people gave it, the newest of a field; who said it and why stand beside.

    `agency` is routed, not learned; places are learned by their words in the text, as in every labelled file; and a
    post that is not about the city teaches nothing but that.
    """
    rows = []
    for post, said in taught:
        labels: dict[str, object] = {item.field: item.after for item in said if item.field != "agency"}
        if isinstance(places := labels.get("places"), list):
            labels["places"] = [place["text"] for place in places if place["text"]]
        if labels.get("relevant") is False:
            labels = {"relevant": False}
        elif "topic" in labels:
            labels["relevant"] = True
        if labels:
            told = {"by": [item.by for item in said], "why": [item.why for item in said]}
            rows.append(Row(f"{post.source}/{post.native_id}", post.full_text, "corrected", CHANNEL, labels | told))
    return rows
