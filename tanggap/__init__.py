"""The hall of the house: records, rules and the store that every room shares."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tanggap-monitor")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
