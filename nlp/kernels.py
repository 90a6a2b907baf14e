"""The loops over numbers in which reading texts would spend its time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanggap.compiled import compiled

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
Ints = NDArray[np.int32]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]

#: Column of what is no feature.
NONE = -1
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
#: Bits of a letter in the key of a letter group: five of them fit into 64.
WIDE = np.uint64(12)


@compiled
def slot(key: np.uint64, size: int) -> np.int64:
    """Where the search for a key begins in a table of a power of two of slots."""
    return np.int64((key * MULTIPLIER) >> np.uint64(32)) & (size - 1)


@compiled
def keys_of(letters: Hashes, edges: Numbers) -> Hashes:
    """The letters of each group as one number; the groups stand one after another."""
    found = np.zeros(len(edges) - 1, dtype=np.uint64)
    for group in range(len(found)):
        for letter in letters[edges[group] : edges[group + 1]]:
            found[group] = (found[group] << WIDE) | letter
    return found


@compiled
def slots(keys: Hashes) -> Numbers:
    """A hash table of the keys: at a power of two of slots the number of the key that lies there, or NONE."""
    size = 2
    while size < 2 * len(keys):
        size *= 2
    found = np.full(size, NONE, dtype=np.intp)
    for number in range(len(keys)):
        at = slot(keys[number], size)
        while found[at] != NONE:
            at = (at + 1) & (size - 1)
        found[at] = number
    return found


@compiled
def groups(letters: Hashes, edges: Numbers, shortest: int, longest: int, keys: Hashes, table: Numbers) -> Any:
    """The known letter groups of words that stand one after another, and the end of those of each word.

    Args:
        letters: numbers from 1 on, 0 for a letter that no group holds.
        keys: per group its letters, `WIDE` bits each; `table`: see `slots`.
    """
    found, ends = np.empty((longest - shortest + 1) * len(letters), dtype=np.int32), np.empty(len(edges) - 1, np.int32)
    count = 0
    for word in range(len(ends)):
        for size in range(shortest, longest + 1):
            for start in range(edges[word], edges[word + 1] - size + 1):
                key, known = np.uint64(0), True
                for letter in letters[start : start + size]:
                    key, known = (key << WIDE) | letter, known and letter > 0
                at = slot(key, len(table))
                while known and table[at] != NONE and keys[table[at]] != key:
                    at = (at + 1) & (len(table) - 1)
                if known and table[at] != NONE:
                    found[count] = table[at]
                    count += 1
        ends[word] = count
    return found[:count], ends


@compiled
def totals(ends: Ints, columns: Ints, first: int, table: Floats) -> Floats:
    """The lines of the table of all features of each piece from number `first` on, added up."""
    found = np.zeros((len(ends) - 1 - first, table.shape[1]), dtype=np.float32)
    for piece in range(len(found)):
        for at in range(ends[first + piece], ends[first + piece + 1]):
            for column in range(table.shape[1]):
                found[piece, column] += table[columns[at], column]
    return found


@compiled
def count(pieces: Ints, strength: Floats, ends: Ints, columns: Ints, counts: Floats, touched: Ints) -> int:
    """Adds the strengths of the features of some pieces to their counts; writes each once, and says how many."""
    held = 0
    for at in range(len(pieces)):
        for place in range(ends[pieces[at]], ends[pieces[at] + 1]):
            feature = columns[place]
            if feature != NONE:
                if counts[feature] == 0:
                    touched[held] = feature
                    held += 1
                counts[feature] += strength[at]
    return held


@compiled
def said(
    edges: Numbers, pieces: Ints, strength: Floats, ends: Ints, columns: Ints, table: Floats, width: int, whole: Floats
) -> Floats:
    """What each text says: texts x columns of the table.

    A feature counts log2(1 + its strengths) in the first `width` columns, and the square of that in the others.

    Args:
        edges: where the pieces of each text begin, and where the last ends.
        ends: where the features of each piece begin in `columns`, and where the last ends.
        whole: `totals` of the pieces, to which only the features are added that do not count exactly once; or no rows.
    """
    found = np.zeros((len(edges) - 1, table.shape[1]), dtype=np.float32)
    counts = np.zeros(len(table), dtype=np.float32)
    touched = np.empty(len(table), dtype=np.int32)
    for text in range(len(found)):
        own = slice(edges[text], edges[text + 1])
        for at in range(edges[text], edges[text + 1]) if len(whole) else range(0):
            for column in range(table.shape[1]):
                found[text, column] += strength[at] * whole[pieces[at], column]
        held = count(pieces[own], strength[own], ends, columns, counts, touched)
        for feature in touched[:held]:
            strong, counts[feature] = counts[feature], 0
            if strong == 1 and len(whole):
                continue
            value, told = np.float32(np.log2(np.float32(1) + strong)), strong if len(whole) else np.float32(0)
            for column in range(width):
                found[text, column] += (value - told) * table[feature, column]
            for column in range(width, table.shape[1]):
                found[text, column] += (value * value - told) * table[feature, column]
    return found


@compiled
def pairs(
    stems: Ints, denied: Flags, texts: Numbers, alone: Ints, known: Ints, keys: Numbers, values: Ints, span: int
) -> Ints:
    """Words x 2: the column of each word, and of the pair that it opens; NONE where there is none.

    Args:
        alone: per stem the column of the word, and of the denied word.
        known: per stem its number among those that pairs are made of, 0 for none.
        keys: the known pairs as one number each in order, then one above all of them; `values`: their columns.
        span: what the first word of a pair is multiplied by.
    """
    found = np.full((len(stems), 2), NONE, dtype=np.int32)
    for word in range(len(stems)):
        found[word, 0] = alone[2 * stems[word] + denied[word]]
        after = word + 1
        if after < len(stems) and texts[word] == texts[after] and known[stems[word]] and known[stems[after]]:
            key = (2 * known[stems[word]] + denied[word]) * span + 2 * known[stems[after]] + denied[after]
            low, high = 0, len(keys) - 1
            while low < high:
                middle = (low + high) // 2
                if keys[middle] < key:
                    low = middle + 1
                else:
                    high = middle
            if keys[low] == key:
                found[word, 1] = values[low]
    return found


@compiled
def pulls(
    tokens: Numbers,
    words: Numbers,
    letters: Floats,
    table: Floats,
    letter_strength: Floats,
    word_strength: Floats,
    columns: Ints,
    pro: int,
    con: int,
) -> NDArray[np.float64]:
    """How much each token of one text spoke for one column rather than against it.

    Args:
        tokens: the spelling of each token; `letters`: spellings x columns.
        words: the token of each word, and of the word after the last; `table`: features x columns.
        columns: words x 2: see `pairs`. The two tokens of a pair share its pull.
    """
    found = np.empty(len(tokens), dtype=np.float64)
    for token in range(len(tokens)):
        found[token] = (letters[tokens[token], pro] - letters[tokens[token], con]) * letter_strength[token]
    for word in range(len(columns)):
        for size in range(2):
            feature = columns[word, size]
            if feature != NONE:
                pull = (table[feature, pro] - table[feature, con]) * word_strength[word]
                found[words[word]] += pull
                found[words[word + size]] += pull
    return found


@compiled
def strongest(pull: NDArray[np.float64], spelling: Numbers, silent: int, share: float, chosen: Ints) -> None:
    """Writes the tokens with the strongest pulls into `chosen`, strongest first, each spelling once.

    Args:
        silent: the spelling that no reason is told by.
        share: share of the strongest pull that a token must reach.
    """
    least = 0.0
    for each in pull:
        least = max(least, share * each)
    for place in range(len(chosen)):
        best = NONE
        for token in range(len(pull)):
            if pull[token] > 0 and pull[token] >= least and spelling[token] != silent:
                fresh = best == NONE or pull[token] > pull[best]
                for other in chosen[:place]:
                    fresh = fresh and spelling[token] != spelling[other]
                if fresh:
                    best = token
        if best == NONE:
            break
        chosen[place] = best


@compiled
def reasons(
    token_edges: Numbers,
    word_edges: Numbers,
    spelling: Numbers,
    word_token: Numbers,
    columns: Ints,
    letters: Floats,
    table: Floats,
    letter_strength: Floats,
    word_strength: Floats,
    pro: Numbers,
    con: Numbers,
    silent: int,
    most: int,
    share: float,
) -> Ints:
    """The tokens that spoke most for each decision: models x texts x `most`, NONE where there are fewer.

    Args:
        pro, con: models x texts: the columns that spoke for and against each decision.
    """
    found = np.full((*pro.shape, most), NONE, dtype=np.int32)
    for text in range(len(token_edges) - 1):
        first, last = token_edges[text], token_edges[text + 1]
        own = slice(word_edges[text], word_edges[text + 1])
        for model in range(len(pro)):
            pull = pulls(
                spelling[first:last],
                word_token[own] - first,
                letters,
                table,
                letter_strength[first:last],
                word_strength[own],
                columns[own],
                pro[model, text],
                con[model, text],
            )
            strongest(pull, spelling[first:last], silent, share, found[model, text])
            for place in range(most):
                if found[model, text, place] != NONE:
                    found[model, text, place] += first
    return found
