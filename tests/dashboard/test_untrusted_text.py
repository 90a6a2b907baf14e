"""The walls between text of the public and the screen, read from the source."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import dashboard

ROOM = Path(dashboard.__file__).parent
SCRIPTS = sorted((ROOM / "components").glob("*.js"))
MODULES = sorted(path for path in ROOM.rglob("*.py") if path.name != "__init__.py")
#: Elements of Streamlit that read Markdown or HTML and so fetch images that a text names.
READERS = frozenset(
    "markdown write title header subheader caption info success warning error toast metric table latex badge exception "
    "write_stream".split()
)


def faults(tree: ast.AST) -> list[str]:
    """Calls that could draw a text as markup."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and node.arg.startswith("unsafe_"):
            found.append(node.arg)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "st"):
            continue
        if node.func.attr in ("html", "iframe", "components"):
            found.append(node.func.attr)
        if node.func.attr in READERS and not all(isinstance(argument, ast.Constant) for argument in node.args):
            found.append(node.func.attr)
    return found


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "render.py"], ids=lambda path: path.stem)
def test_no_module_but_render_draws_a_variable_as_markup(path: Path) -> None:
    assert faults(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_wall_sees_what_it_is_for() -> None:
    assert faults(ast.parse("st.markdown(x)\nst.html('y')\nst.write(a, unsafe_allow_html=True)")) != []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_components_build_text_nodes_only(path: Path) -> None:
    script = path.read_text(encoding="utf-8")

    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc",
                      "DOMParser", "createContextualFragment", "fetch(", "XMLHttpRequest"):  # fmt: skip
        assert forbidden not in script


def test_no_name_in_the_room_hides_a_package() -> None:
    own = {path.stem for path in ROOM.iterdir() if not path.name.startswith((".", "_"))}

    assert own.isdisjoint(set(packages_distributions()) | set(sys.stdlib_module_names))
