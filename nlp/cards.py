"""Model files: plain arrays beside a card that says what they are, both sealed by checksums, never code."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanggap.errors import ModelError

#: Where the models that ship with the product stand.
INSTALLED = Path(__file__).parent / "models"
#: Version of the file layout; files of another one are refused.
FORMAT = 1

Card = Mapping[str, Any]
Arrays = dict[str, NDArray[Any]]


def install(directory: Path, name: str, arrays: Mapping[str, NDArray[Any]], card: Card) -> None:
    """Writes `<name>-<version>.npz` and then the card `<name>.json` that names it.

    The card changes hands last and at once, so a stop in between leaves the model before in service.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    content = buffer.getvalue()
    file = f"{name}-{card['version']}.npz"
    sealed = seal({**card, "format": FORMAT, "file": file, "sha256": hashlib.sha256(content).hexdigest()})
    directory.mkdir(parents=True, exist_ok=True)
    for part, written in ((file, content), (f"{name}.json", sealed.encode())):
        fresh = directory / f"{part}.new"
        fresh.write_bytes(written)
        fresh.replace(directory / part)
    for old in directory.glob(f"{name}-*.npz"):
        if old.name != file:
            old.unlink()


def installed(directory: Path, name: str) -> tuple[dict[str, Any], Arrays]:
    """The card and the arrays of an installed model.

    Raises:
        ModelError: card or arrays are missing, damaged, changed by hand, or of another format.
    """
    card = read_card(directory / f"{name}.json")
    path = directory / str(card.get("file"))
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != card["sha256"]:
            raise ModelError(f"{path} is damaged (its checksum differs); install the model files again.")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return card, {part: arrays[part] for part in arrays.files}
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} cannot be read as a {name} model: {error}.") from None


def seal(card: Card) -> str:
    """The card as text that carries a checksum of itself."""
    plain = {name: value for name, value in card.items() if name != "card_sha256"}
    body = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
    return json.dumps(
        {**plain, "card_sha256": hashlib.sha256(body.encode()).hexdigest()},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )


def read_card(path: Path) -> dict[str, Any]:
    """A card as it was sealed.

    Raises:
        ModelError: it is missing, changed since it was written, or of another format.
    """
    try:
        text = path.read_text(encoding="utf-8")
        card = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"The model card {path} cannot be read: {error}; install the model files again.") from None
    if not isinstance(card, dict) or seal(card) != text:
        raise ModelError(f"The model card {path} was changed after it was written; install the model files again.")
    if card.get("format") != FORMAT:
        raise ModelError(f"{path} has format {card.get('format')}, this version reads {FORMAT}; train it again.")
    return card
