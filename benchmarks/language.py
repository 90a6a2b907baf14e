"""Posts per second and memory: all our tasks beside the recipe most people write for one task.

    python -m benchmarks.language [--texts FILE.jsonl ...] [--posts 50000]

The plain recipe is Sastrawi's stemmer as shipped, scikit-learn's TfidfVectorizer and LinearSVC, fitted on our written
posts. Without --texts the posts are sentences of our written posts in random pairs, with a new word in each; with it
those of the files in random order. No text comes twice. Each side runs in a process of its own on one core.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nlp.cards import INSTALLED
from nlp.stem import RootWords, base_words

WRITTEN = INSTALLED / "written_posts.jsonl"
SYLLABLES = "ba ca da ga ka la ma na pa ra sa ta wa ji ku li mo ne pi ru si to".split()
#: Posts scored before the clock starts, so that loading is not counted.
WARM = 50
BATCH = 1000

Score = Callable[[Sequence[str]], object]


def texts(paths: Sequence[Path], count: int) -> list[str]:
    """At most `count` texts of the files, each once, or made ones."""
    if not paths:
        return list(itertools.islice(made(random.Random(7)), count))
    rows = {json.loads(line)["text"]: None for path in paths for line in path.read_text(encoding="utf-8").splitlines()}
    return random.Random(7).sample(list(rows), min(count, len(rows)))


def made(draw: random.Random) -> Iterator[str]:
    """Posts nobody wrote: two written sentences and a word of random syllables."""
    sentences = [json.loads(line)["text"] for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    while True:
        word = "".join(draw.choices(SYLLABLES, k=4))
        yield f"{draw.choice(sentences)} {word} {draw.choice(sentences)}"


def ours() -> Score:
    """Relevance, sentiment, topic, complaint, urgency, places, agency, language and reasons."""
    from nlp.score import Scorer
    from tanggap.city import load_city
    from tanggap.records import Post
    from tanggap.settings import packaged_config

    scorer, now = Scorer.load(load_city(packaged_config())), datetime(2026, 11, 22, tzinfo=UTC)
    return lambda batch: scorer.score(
        [Post(source="x", native_id="1", text=text, published_at=now, collected_at=now) for text in batch]
    )


def plain(*, quick: bool = False) -> Score:
    """Sentiment only. `quick`: Sastrawi's dictionary as a set, which the shipped one searches word by word."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    stemmer = StemmerFactory().create_stemmer()
    if quick:
        stemmer.delegatedStemmer.dictionary = RootWords(base_words())
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    vectorizer = TfidfVectorizer()
    values = vectorizer.fit_transform(stemmer.stem(row["text"]) for row in rows)
    model = LinearSVC().fit(values, [row["sentiment"] for row in rows])
    return lambda batch: model.predict(vectorizer.transform(stemmer.stem(text) for text in batch))


SIDES: dict[str, Callable[[], Score]] = {"plain": plain, "plain, set": partial(plain, quick=True), "ours": ours}
#: Posts that a side gets, where it would take too long for all.
FEWER = {"plain": 100, "plain, set": 2_000}


def measure(side: str, paths: Sequence[Path], wanted: int) -> str:
    """One line of the table: posts per second of processor time, first fifth and rest, and peak memory."""
    posts, score = texts(paths, wanted + WARM), SIDES[side]()
    score(posts[:WARM])
    posts = posts[WARM:]
    count, begun = len(posts), time.process_time()
    first = count // 5
    for start in range(0, first, BATCH):
        score(posts[start : min(start + BATCH, first)])
    middle = time.process_time()
    for start in range(first, count, BATCH):
        score(posts[start : start + BATCH])
    end = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    early, late = first / (middle - begun), (count - first) / (end - middle)
    return f"| {side} | {count:,} | {early:,.0f} | {late:,.0f} | {memory} MiB |"


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--texts", type=Path, nargs="+", default=[])
    options.add_argument("--posts", type=int, default=50_000)
    options.add_argument("--side", choices=tuple(SIDES))
    chosen = options.parse_args()
    if chosen.side:
        sys.stdout.write(measure(chosen.side, chosen.texts, chosen.posts) + "\n")
        return
    sys.stdout.write("| | posts | posts/s/core, first fifth | rest | peak memory |\n|---|---|---|---|---|\n")
    for side in SIDES:
        count = min(chosen.posts, FEWER.get(side, chosen.posts))
        command = [sys.executable, "-m", "benchmarks.language", "--side", side, "--posts", str(count)]
        more = ["--texts", *map(str, chosen.texts)] if chosen.texts else []
        sys.stdout.write(subprocess.run([*command, *more], check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
