"""Reads the rows of an .xlsx workbook as a stream: guarded against bombs, formulas never evaluated."""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from lxml import etree
from openpyxl.cell.text import Text
from openpyxl.reader import excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from tanggap.errors import SourceError

#: First bytes of every zip file, and so of every .xlsx.
ZIP = b"PK\x03\x04"

#: Largest workbook once unpacked, most parts of one, and how many times larger than packed it may grow.
UNPACKED_BYTES = 2_000_000_000
PARTS = 1000
EXPANSION = 100
#: Below this size no expansion harms anybody.
SMALL_BYTES = 10_000_000

#: Rows and columns a sheet can have; a broken row number would give empty rows without end.
ROWS, COLUMNS = 1_048_576, 16_384

#: What zipfile, the XML readers and openpyxl raise on a broken workbook.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, InvalidFileException,
    ParseError, etree.XMLSyntaxError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
)  # fmt: skip

STRING = f"{{{SHEET_MAIN_NS}}}si"


class Strings:
    """The shared strings of a workbook in a temporary file: a million texts cost eight bytes of memory each."""

    def __init__(self, part: IO[bytes]) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the workbook
        self.ends = array("Q", [0])
        for _, node in etree.iterparse(part, tag=STRING, resolve_entities=False, no_network=True, huge_tree=False):
            self.file.write(Text.from_tree(node).content.replace("x005F_", "").encode("utf-8", "surrogatepass"))
            self.ends.append(self.file.tell())
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]

    def __getitem__(self, place: int) -> str:
        """
        Raises:
            IndexError: there is no such string.
        """
        if not 0 <= place < len(self.ends) - 1:
            raise IndexError(place)
        self.file.seek(self.ends[place])
        return self.file.read(self.ends[place + 1] - self.ends[place]).decode("utf-8", "surrogatepass")


class Reader(excel.ExcelReader):  # type: ignore[misc]
    """openpyxl's reader with the shared strings out of memory."""

    def read_strings(self) -> None:
        """Puts the shared strings into a file."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as strings:
                self.shared_strings = Strings(strings)


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so is to be read as a workbook."""
    return start.startswith(ZIP)


def workbook_rows(body: bytes | Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of every filled row of the first sheet.

    A formula gives the value it had when the workbook was saved. Dates come in ISO 8601, whole numbers without a
    point.

    Raises:
        SourceError: it is no workbook, a broken one, or would unpack too large; failure `layout`.
    """
    with opened(body) as file, told_as_broken(name):
        check_size(file, name)
        with quiet():
            reader = Reader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
            sheet = reader.wb.worksheets[0]
            # What a sheet says of its own size is not believed.
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
        for number, cells in quietly(rows):
            if number > ROWS or len(cells) > COLUMNS:
                raise SourceError(f"{name} has more rows or columns than a sheet can have.", "layout")
            values = [cell_text(cell) for cell in cells]
            if any(values):
                yield number, values


def opened(body: bytes | Path) -> IO[bytes]:
    """The workbook as a file."""
    return io.BytesIO(body) if isinstance(body, bytes) else body.open("rb")


@contextmanager
def told_as_broken(name: str) -> Iterator[None]:
    """
    Raises:
        SourceError: in place of whatever a reader raises on a broken workbook; failure `layout`.
    """
    try:
        yield
    except BROKEN as error:
        raise SourceError(f"{name} is no workbook that can be read ({type(error).__name__}).", "layout") from None


def check_size(file: IO[bytes], name: str) -> None:
    """Weighs a workbook by its table of contents, before anything is unpacked; zipfile unpacks no more than that says.

    Raises:
        SourceError: it would unpack too large; failure `layout`.
    """
    packed = file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS or unpacked > UNPACKED_BYTES or unpacked > max(SMALL_BYTES, EXPANSION * packed):
        raise SourceError(
            f"{name} would unpack from {packed:,} to {unpacked:,} bytes in {len(parts)} parts, which no honest "
            f"workbook does; save it as CSV.",
            "layout",
        )
    file.seek(0)


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings of openpyxl about styles and extensions it leaves out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def quietly(rows: Iterator[Any]) -> Iterator[Any]:
    """The rows, read in portions during which no warnings are told."""
    while True:
        with quiet():
            portion = list(islice(rows, 500))
        if not portion:
            return
        yield from portion


def cell_text(value: Any) -> str:
    """A cell as the text a CSV file would hold; a date at midnight is a day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
