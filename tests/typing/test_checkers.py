"""Two type checkers, neither with a plugin, find nothing to say of what people copy: tour, library, inferred types."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.pages import files, python_of, read_page, run

ROOT = Path(__file__).parents[2]
README = read_page("README.md")
PLAIN_MYPY = "mypy --strict --config-file=plain.ini --cache-dir=.mypy"
PYRIGHT = f"pyright --pythonpath '{sys.executable}'"
FORGOTTEN = """
from mars_rover import Move, Reason, decide, initial_state
from deciderkit import outcome
reason: str = outcome(decide(Move("r1"), initial_state)).failure().reason
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The README's tour as one program, its files, and the file of inferred types, for each checker."""
    there = tmp_path_factory.mktemp("typed")
    (there / "plain.ini").write_text("[mypy]\n", encoding="utf-8")
    (there / "tour.py").write_text(python_of(README), encoding="utf-8")
    inferred = Path(__file__).with_name("test_inferred.py")
    (there / "inferred.py").write_text(inferred.read_text(encoding="utf-8"), encoding="utf-8")
    (there / "wrong.py").write_text(FORGOTTEN, encoding="utf-8")
    for name, code in files(README):
        (there / name).write_text(code, encoding="utf-8")
    return there


def test_mypy_without_a_plugin_passes_the_tour_and_the_library(folder: Path) -> None:
    said = run(f"{PLAIN_MYPY} tour.py inferred.py", folder)
    assert said.startswith("Success"), said
    said = run(f"{PLAIN_MYPY} -p deciderkit.examples.library", folder)
    assert said.startswith("Success"), said


def test_pyright_passes_the_tour_and_the_library(folder: Path) -> None:
    library = ROOT / "src" / "deciderkit" / "examples" / "library"
    said = run(f"{PYRIGHT} tour.py inferred.py '{library}'", folder)
    assert "0 errors" in said, said


@pytest.mark.parametrize("checker", [PLAIN_MYPY, PYRIGHT])
def test_control_a_wrong_type_is_noticed(folder: Path, checker: str) -> None:
    said = run(f"{checker} wrong.py", folder)
    assert "wrong.py:4" in said, said
    assert "1 error" in said, said
