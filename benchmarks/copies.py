"""How surely copies are folded: 100,000 texts made of the sample city's words, and copies of them changed in six ways.

python -m benchmarks.copies
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from pipeline.sample import corpus
from tanggap.issues.copies import CopyIndex, essence

ORIGINALS = 100_000
#: Copies of each kind.
COPIES = 17_000
#: Words of one text that stay together in a made one, and how many such rows a made text has.
ROW = 4
ROWS = (4, 7)

rng = random.Random(7)


def rows_of_words() -> list[str]:
    """Every four words of the sample's posts and reports."""
    lines = [line["text"] for pattern in ("posts*.jsonl", "reports.jsonl") for line in corpus.lines(pattern)]
    texts = [text.split() for text in dict.fromkeys(lines)]
    return [" ".join(words[at : at + ROW]) for words in texts for at in range(0, max(1, len(words) - ROW + 1), ROW)]


def made(rows: list[str]) -> Iterator[str]:
    """Different texts without end."""
    seen: set[str] = set()
    while True:
        text = " ".join(rng.choice(rows) for _ in range(rng.randint(*ROWS)))
        if essence(text) not in seen:
            seen.add(essence(text))
            yield text


def slipped(text: str) -> str:
    """Two letters swapped in a tenth of the words."""
    words = text.split()
    for at in rng.sample(range(len(words)), max(1, len(words) // 10)):
        word = words[at]
        if len(word) > 3:
            letter = rng.randrange(1, len(word) - 1)
            words[at] = word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :]
    return " ".join(words)


def reworded(share: float, vocabulary: list[str]) -> Callable[[str], str]:
    """Another word for a share of them."""

    def change(text: str) -> str:
        words = text.split()
        for at in rng.sample(range(len(words)), round(share * len(words))):
            words[at] = rng.choice(vocabulary)
        return " ".join(words)

    return change


def main() -> None:
    """Prints the share of texts wrongly taken for copies, and the share of copies that were found."""
    rows = rows_of_words()
    vocabulary = [word for row in rows for word in row.split()]
    index = CopyIndex()
    texts: list[str] = []
    wrong = 0
    for text in made(rows):
        wrong += index.add(len(texts), text) is not None
        texts.append(text)
        if len(texts) == ORIGINALS:
            break
    print(f"{ORIGINALS} different texts, wrongly linked: {wrong} ({wrong / ORIGINALS:.5f})")
    changes: dict[str, Callable[[str], str]] = {
        "retweet": lambda text: f"RT @warga{rng.randrange(999)}: {text}",
        "link": lambda text: f"{text} https://t.co/{rng.randrange(10**6)}",
        "cut to 80 %": lambda text: text[: int(len(text) * 0.8)],
        "typing slips": slipped,
        "20 % of words changed": reworded(0.2, vocabulary),
        "35 % of words changed": reworded(0.35, vocabulary),
    }
    for name, change in changes.items():
        found = sum(index.find(change(text)) is not None for text in rng.sample(texts, COPIES))
        print(f"{name:<22} found {found / COPIES:.4f}")


if __name__ == "__main__":
    main()
