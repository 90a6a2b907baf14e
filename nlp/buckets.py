"""Lines of the weight table of places: what is known of a word and its neighbours, hashed and added up in loops.

The templates come as `ends`, where each begins in `parts` (attributes) and `offsets` (rows from its own), and the last
ends; `seeds`, what the hash of each begins with; and `shift`, the bits of a hash that are left out.
"""

from __future__ import annotations

import numpy as np

from nlp.kernels import MULTIPLIER, Floats, Hashes, Ints
from tanggap.compiled import compiled

FOLD = np.uint64(29)
#: Tags of a word: see nlp/tagger.py.
TAGS = 3


@compiled
def hashed(
    scaled: Hashes, row: int, chosen: Ints, ends: Ints, steps: Ints, seeds: Hashes, shift: np.uint64, lines: Hashes
) -> None:
    """Writes the line of the weight table for each chosen template into `lines`.

    Args:
        scaled: attributes times `MULTIPLIER`, all rows one after another; `row`: where the row of the word begins.
        steps: how far behind that each part of a template stands.
    """
    for number in range(len(chosen)):
        mixed = seeds[chosen[number]]
        for part in range(ends[chosen[number]], ends[chosen[number] + 1]):
            mixed ^= scaled[np.uint64(row + steps[part])]
            mixed *= MULTIPLIER
            mixed ^= mixed >> FOLD
        lines[number] = (mixed * MULTIPLIER) >> shift


@compiled
def buckets(
    attributes: Hashes, reach: int, ends: Ints, parts: Ints, offsets: Ints, seeds: Hashes, shift: np.uint64
) -> Ints:
    """Rows x templates: the line of the weight table of each, for the rows between the first and last empty ones.

    Args:
        reach: empty rows at both ends.
    """
    scaled, width = (attributes * MULTIPLIER).ravel(), attributes.shape[1]
    every, steps = np.arange(len(seeds)).astype(np.int32), offsets * np.int32(width) + parts
    found = np.empty((max(0, len(attributes) - 2 * reach), len(seeds)), dtype=np.int32)
    lines = np.empty(len(seeds), dtype=np.uint64)
    for row in range(len(found)):
        hashed(scaled, (reach + row) * width, every, ends, steps, seeds, shift, lines)
        found[row] = lines
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
        chosen: templates of a single attribute of `looks`; for the others see `margins`.
    """
    scaled, width = (looks * MULTIPLIER).ravel(), looks.shape[1]
    found = np.zeros((len(looks), 2 * reach + 1, TAGS), dtype=np.float32)
    lines = np.empty(len(chosen), dtype=np.uint64)
    for row in range(len(looks)):
        hashed(scaled, row * width, chosen, ends, parts, seeds, shift, lines)
        for number in range(len(chosen)):
            offset = offsets[ends[chosen[number]]]
            for tag in range(TAGS):
                found[row, reach + offset, tag] += weights[lines[number], tag]
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

    All lines of a row are worked out before the first is looked up, so that the look-ups do not wait for one another.

    Args:
        spelling: the row of each word in `told` (see `alone`).
        chosen: the other templates.
    """
    scaled, width = (attributes * MULTIPLIER).ravel(), attributes.shape[1]
    steps = offsets * np.int32(width) + parts
    found = np.zeros((len(attributes), TAGS), dtype=np.float32)
    lines = np.empty(len(chosen), dtype=np.uint64)
    for row in range(reach, len(attributes) - reach):
        hashed(scaled, row * width, chosen, ends, steps, seeds, shift, lines)
        for offset in range(2 * reach + 1):
            for tag in range(TAGS):
                found[row, tag] += told[spelling[row + offset - reach], offset, tag]
        for line in lines:
            for tag in range(TAGS):
                found[row, tag] += weights[line, tag]
    return found
