"""How well posts are grouped into issues: ours beside common methods, on a labelled file and on the sample city.

python -m benchmarks.grouping ../shared/data/jakarta/dev_groups.jsonl
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN, HDBSCAN, AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from benchmarks.cases import Case, Labels, labelled, sample_city
from nlp.evaluate import evaluate_issues
from pipeline.grouping import detect_posts
from pipeline.office import Office
from tanggap.records import Post

#: Dimensions of the latent semantic space.
LATENT = 100


def ours(case: Case, office: Office) -> tuple[Labels, float]:
    """Our groups, and the seconds of processor time that grouping took once the texts were understood."""
    scores = office.scorer.score(case.posts)
    begun = time.process_time()
    found, order = detect_posts(case.posts, scores, office, everything=not case.chatter)
    spent = time.process_time() - begun
    member: dict[int, str] = {order[m.position]: m.issue for m in found.memberships}
    return [member.get(number) for number in range(len(case.posts))], spent


def tfidf(posts: Sequence[Post]) -> np.ndarray:
    """Unit rows of sublinear TF-IDF over the words of the texts; a text without words is like no other."""
    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform([post.full_text for post in posts]).toarray()
    wordless = np.flatnonzero(~matrix.any(axis=1))
    own = np.zeros((len(matrix), len(wordless)))
    own[wordless, np.arange(len(wordless))] = 1
    return np.hstack([matrix, own])


def latent(posts: Sequence[Post]) -> np.ndarray:
    """Unit rows of latent semantic analysis (TF-IDF, truncated singular values)."""
    space = TruncatedSVD(min(LATENT, len(posts) - 1), random_state=0)
    return np.asarray(normalize(space.fit_transform(tfidf(posts))))


OTHERS: dict[str, Callable[[Sequence[Post]], np.ndarray]] = {
    "every post alone": lambda posts: np.full(len(posts), -1),
    "DBSCAN, TF-IDF": lambda posts: DBSCAN(eps=0.6, min_samples=2, metric="cosine").fit_predict(tfidf(posts)),
    "HDBSCAN, LSA-100": lambda posts: HDBSCAN(min_cluster_size=2, copy=True).fit_predict(latent(posts)),
    "average link, TF-IDF, 0.7": lambda posts: AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=0.7
    ).fit_predict(tfidf(posts)),
}


def judged(case: Case, found: Labels) -> dict[str, float]:
    """Figures over all rows; with chatter over those that are in an issue on either side, as `tanggap demo` does."""
    pairs = list(zip(found, case.gold, strict=True))
    if case.chatter:
        pairs = [pair for pair in pairs if pair != (None, None)]
    return evaluate_issues([mine for mine, _ in pairs], [true for _, true in pairs])


def shown(case: Case, numbers: np.ndarray) -> Labels:
    """Cluster numbers as issues: noise is none, and with chatter nothing under three posts shows."""
    sizes = Counter(numbers.tolist())
    least = 3 if case.chatter else 1
    return [None if number < 0 or sizes[number] < least else number for number in numbers.tolist()]


def line(name: str, figures: dict[str, float]) -> str:
    """One row of the table."""
    shares = (figures[key] for key in ("bcubed_precision", "bcubed_recall", "bcubed_f1", "recall_grouped", "ami"))
    return f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} |"


def main() -> None:
    """Prints a table per case."""
    office = Office.open(None)
    for case in (*map(labelled, map(Path, sys.argv[1:])), sample_city()):
        print(f"\n{case.name}: {len(case.posts)} posts, {len(set(case.gold) - {None})} issues\n")
        print("| method | B-cubed P | R | F1 | R, issues of two and more | AMI |\n|---|---|---|---|---|---|")
        for name, method in OTHERS.items():
            print(line(name, judged(case, shown(case, method(case.posts)))), flush=True)
        found, spent = ours(case, office)
        print(line("tanggap", judged(case, found)))
        print(f"\ntanggap grouped and ranked in {spent:.1f} s of processor time")


if __name__ == "__main__":
    main()
