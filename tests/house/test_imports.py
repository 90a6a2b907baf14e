"""The arrows of the house, read from the import statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("tanggap", "crawlers", "nlp", "dashboard", "pipeline")

#: Which rooms each room may import, besides itself.
ALLOWED = {
    "tanggap": set(),
    "crawlers": {"tanggap"},
    "nlp": {"tanggap"},
    "dashboard": {"tanggap"},
    "pipeline": {"tanggap", "crawlers", "nlp", "dashboard"},
}

#: What the language room may know of the hall: values and text, never the store.
NLP_MAY_KNOW = {"records", "text", "privacy", "settings", "city", "clock", "errors", "exchange", "compiled"}

#: Layers of the hall, lowest first; a module imports only its own layer and those below.
LAYERS = (
    {
        "records", "errors", "clock", "hosts", "cron", "schedules", "text", "privacy", "sections", "settings", "city",
        "passwords", "exchange", "declarations", "slang", "compiled", "__init__",
    },
    {"store"},
    {"issues", "desk", "briefs", "watch", "signals", "alerts"},
)  # fmt: skip

FOREIGN = {"tanggap": {"sklearn", "streamlit", "scrapy", "tweepy", "requests", "httpx"}}


def modules(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    for path, tree in modules(room):
        others = {name.split(".")[0] for name in imported(tree)} & set(ROOMS) - {room}
        assert others <= ALLOWED[room], f"{path.relative_to(ROOT)} imports {others - ALLOWED[room]}"


@pytest.mark.parametrize("room", FOREIGN)
def test_the_hall_knows_no_network_and_no_learning_library(room: str) -> None:
    for path, tree in modules(room):
        assert not {name.split(".")[0] for name in imported(tree)} & FOREIGN[room], path.relative_to(ROOT)


def test_only_the_engine_knows_what_carries_the_jobs() -> None:
    for room in ROOMS:
        for path, tree in modules(room):
            if path.relative_to(ROOT).as_posix() != "pipeline/engine.py":
                assert "dbos" not in {name.split(".")[0] for name in imported(tree)}, path.relative_to(ROOT)


def test_the_language_room_never_reaches_the_store() -> None:
    for path, tree in modules("nlp"):
        known = {name.split(".")[1] for name in imported(tree) if name.startswith("tanggap.")}
        assert known <= NLP_MAY_KNOW, f"{path.relative_to(ROOT)} imports {known - NLP_MAY_KNOW}"


def test_the_hall_is_layered() -> None:
    level = {name: index for index, layer in enumerate(LAYERS) for name in layer}
    for path, tree in modules("tanggap"):
        own = path.relative_to(ROOT / "tanggap").parts[0].removesuffix(".py")
        for name in imported(tree):
            parts = name.split(".")
            if parts[0] == "tanggap" and len(parts) > 1 and parts[1] in level:
                assert level[parts[1]] <= level[own], f"{path.relative_to(ROOT)} imports {name}"


def test_only_settings_read_the_environment() -> None:
    for room in ROOMS:
        for path, tree in modules(room):
            if path.relative_to(ROOT).as_posix() == "tanggap/settings.py":
                continue
            for node in ast.walk(tree):
                reads = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
                assert not reads, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} reads the environment"


def test_nothing_loads_pickles_or_draws_raw_html() -> None:
    forbidden = {"pickle", "dill", "cloudpickle", "joblib"}
    for room in ROOMS:
        for path, tree in modules(room):
            assert not {name.split(".")[0] for name in imported(tree)} & forbidden, path.relative_to(ROOT)
            for node in ast.walk(tree):
                assert not (isinstance(node, ast.keyword) and (node.arg or "").startswith("unsafe_allow")), path
                allows = isinstance(node, ast.keyword) and node.arg == "allow_pickle"
                assert not (allows and getattr(node.value, "value", True)), path


def test_rooms_hold_small_modules() -> None:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def test_every_module_opens_with_a_sentence() -> None:
    for room in ROOMS:
        for path, tree in modules(room):
            assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} does not say what it is for"


def test_no_dashboard_module_is_named_like_a_package() -> None:
    taken = {*ROOMS, "config", "tests", "streamlit", "starlette", "altair", "pandas"}
    assert not {path.stem for path in (ROOT / "dashboard").iterdir()} & taken
