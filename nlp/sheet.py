"""A batch of texts as columns of numbers: tokens and words with the text they stand in, negated words marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from nlp.memory import DENIABLE, NEGATES, Flags, Memory, Numbers, before, spread

#: Content words that a negation reaches.
REACH = 2

#: Negation -> words after which it denies nothing ("tidak hanya").
Negations = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Texts read together; tokens and words stand in order, one text after another."""

    memory: Memory
    #: Numbers of the chunks of each text.
    chunks: Sequence[Sequence[int]]
    #: Per token: its row in the memory, its text, how many tokens of the text stand before it.
    token: Numbers
    token_text: Numbers
    token_at: Numbers
    #: First token and first word of each text, and the ends of the last.
    token_edges: Numbers
    word_edges: Numbers
    #: Per word: its row in the memory, its text, its token.
    word: Numbers
    word_text: Numbers
    word_token: Numbers
    #: Whether a negation reaches the word.
    denied: Flags

    @classmethod
    def of(cls, chunks: Sequence[Sequence[int]], memory: Memory, negations: Negations) -> Sheet:
        """The sheet of texts whose chunks are remembered."""
        sizes = np.fromiter(map(len, chunks), dtype=np.intp, count=len(chunks))
        numbers = np.fromiter(chain.from_iterable(chunks), dtype=np.intp, count=int(sizes.sum()))
        text_of = np.repeat(np.arange(len(chunks)), sizes)
        token, tokens = spread(memory.token_ends, numbers)
        word, words = spread(memory.word_ends, numbers)
        token_text, word_text = np.repeat(text_of, tokens), np.repeat(text_of, words)
        token_edges, word_edges = (edges(text, len(chunks)) for text in (token_text, word_text))
        clause = np.repeat(before(np.asarray(memory.clause_ends)[numbers]), words)
        clause += np.asarray(memory.ends_before)[word]
        return cls(
            memory=memory,
            chunks=chunks,
            token=token,
            token_text=token_text,
            token_at=np.arange(len(token)) - token_edges[token_text],
            token_edges=token_edges,
            word_edges=word_edges,
            word=word,
            word_text=word_text,
            word_token=np.asarray(memory.sources)[word] + np.repeat(before(tokens), words),
            denied=denied(memory, word, word_text, clause, negations),
        )


def edges(text: Numbers, texts: int) -> Numbers:
    """Where the tokens or words of each text begin, and where the last end, from the text of each."""
    return np.concatenate([[0], np.cumsum(np.bincount(text, minlength=texts))])


def denied(memory: Memory, word: Numbers, text: Numbers, clause: Numbers, negations: Negations) -> Flags:
    """Which words a negation reaches: the next two content words of its clause; a negation itself is never denied."""
    roles, every = np.asarray(memory.roles)[word], np.arange(len(word))
    denying = roles == NEGATES
    for at in np.flatnonzero(denying).tolist():
        after = at + 1 < len(word) and text[at] == text[at + 1] and memory.words[word[at + 1]]
        roles[at] = NEGATES if after not in negations[memory.words[word[at]]] else -NEGATES
    deniable = roles == DENIABLE
    last = np.maximum.accumulate(np.where(denying, every, -1))
    content = np.cumsum(deniable)
    near = content - content[last] <= REACH
    within = (text == text[last]) & (clause == clause[last]) & (roles[last] == NEGATES)
    return np.asarray(deniable & (last >= 0) & near & within)
