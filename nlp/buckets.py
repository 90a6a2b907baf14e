"""Lines of the weight table of places: what is known of a word and its neighbours, hashed and added up in loops."""

from __future__ import annotations

import numpy as np

from nlp.kernels import MULTIPLIER, Floats, Hashes, Ints
from tanggap.compiled import compiled

FOLD = np.uint64(29)


@compiled
def bucket(
    attributes: Hashes, row: int, first: int, last: int, parts: Ints, offsets: Ints, seed: np.uint64, shift: np.uint64
) -> np.int64:
    """The line of the weight table for what the parts from `first` until `last` look at around a row."""
    mixed = seed
    for part in range(first, last):
        mixed ^= attributes[row + offsets[part], parts[part]] * MULTIPLIER
        mixed *= MULTIPLIER
        mixed ^= mixed >> FOLD
    return np.int64((mixed * MULTIPLIER) >> shift)


@compiled
def buckets(
    attributes: Hashes, reach: int, ends: Ints, parts: Ints, offsets: Ints, seeds: Hashes, shift: np.uint64
) -> Ints:
    """Rows x templates: the line of the weight table of each, for the rows between the first and last empty ones.

    Args:
        reach: empty rows at both ends.
        ends: where each template begins in `parts` (attributes) and `offsets` (rows from its own), and the last ends.
        seeds: what the hash of each template begins with; `shift`: the bits of a hash that are left out.
    """
    found = np.empty((max(0, len(attributes) - 2 * reach), len(seeds)), dtype=np.int32)
    for row in range(len(found)):
        for at in range(len(seeds)):
            first, last = ends[at], ends[at + 1]
            found[row, at] = bucket(attributes, reach + row, first, last, parts, offsets, seeds[at], shift)
    return found


@compiled
def alone(
    looks: Hashes,
    chosen: Ints,
    reach: int,
    weights: Floats,
    ends: Ints,
    parts: Ints,
    offsets: Ints,
    seeds: Hashes,
    shift: np.uint64,
) -> Floats:
    """Spellings x (2 reach + 1) x tags: what each says by itself to a word so many places before or after it.

    Args:
        looks: spellings x attributes.
        chosen: templates of a single attribute of `looks`; for the others see `buckets`.
    """
    found = np.zeros((len(looks), 2 * reach + 1, weights.shape[1]), dtype=np.float32)
    for row in range(len(looks)):
        for at in chosen:
            offset, first = offsets[ends[at]], ends[at]
            line = bucket(looks, row - offset, first, first + 1, parts, offsets, seeds[at], shift)
            for tag in range(weights.shape[1]):
                found[row, reach + offset, tag] += weights[line, tag]
    return found


@compiled
def margins(
    attributes: Hashes,
    spelling: Ints,
    told: Floats,
    chosen: Ints,
    reach: int,
    weights: Floats,
    ends: Ints,
    parts: Ints,
    offsets: Ints,
    seeds: Hashes,
    shift: np.uint64,
) -> Floats:
    """Rows x tags: what speaks for each tag; zeros for the empty rows at both ends.

    Args:
        spelling: the row of each word in `told` (see `alone`).
        chosen: the other templates; for the rest see `buckets`.
    """
    found = np.zeros((len(attributes), weights.shape[1]), dtype=np.float32)
    for row in range(reach, len(attributes) - reach):
        for offset in range(-reach, reach + 1):
            for tag in range(weights.shape[1]):
                found[row, tag] += told[spelling[row + offset], reach + offset, tag]
        for at in chosen:
            line = bucket(attributes, row, ends[at], ends[at + 1], parts, offsets, seeds[at], shift)
            for tag in range(weights.shape[1]):
                found[row, tag] += weights[line, tag]
    return found
