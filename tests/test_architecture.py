"""The direction of imports and the purity of the core, held by tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
PURE = sorted(
    path
    for path in SRC.rglob("*.py")
    if not {"shell", "testing"} & set(path.parts)
    and path.stem not in ("__main__", "testing", "pytest_deciderkit")
)
WORLDLY_MODULES = {
    *("asyncio", "click", "ctypes", "hypothesis", "io", "logging", "multiprocessing", "os"),
    *("pathlib", "pickle", "pytest", "random", "rich", "secrets", "shutil", "signal", "socket"),
    *("sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "uuid", "warnings"),
    *("returns.io", "returns.unsafe", "returns.future", "numpy.random"),
}
VALUES = {"uuid.UUID"}
"""Types of values that live in a module with worldly functions."""
WORLDLY_CALLS = {"print", "open", "input", "eval", "exec", "__import__", "id", "globals"}
WORLDLY_METHODS = {"now", "utcnow", "today", "getenv"}


def impurities(source: str) -> Iterator[str]:
    """What in ``source`` touches the world: imports, calls and global state."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names):
                yield from (f"import {each.name}" for each in names if _worldly(each.name))
            case ast.ImportFrom(module=str(module), names=names) if _worldly(module):
                if {f"{module}.{each.name}" for each in names} - VALUES:
                    yield f"from {module} import"
            case ast.Call(func=ast.Name(name)) if name in WORLDLY_CALLS:
                yield f"{name}()"
            case ast.Call(func=ast.Attribute(attr=name)) if name in WORLDLY_METHODS:
                yield f".{name}()"
            case ast.Global():
                yield "global"


def _worldly(module: str) -> bool:
    return module in WORLDLY_MODULES or module.split(".", maxsplit=1)[0] in WORLDLY_MODULES


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(SRC)))
def test_a_pure_module_touches_nothing_of_the_world(path: Path) -> None:
    assert [] == list(impurities(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path",
        "from time import sleep",
        "from uuid import UUID, uuid4",
        "from returns.io import IO",
        "print(1)",
        "datetime.now()",
        "def f():\n    global x",
        "def f():\n    import random",
    ],
)
def test_control_an_impure_module_is_caught(source: str) -> None:
    assert [] != list(impurities(source))


def test_imports_run_one_way() -> None:
    assert 0 == lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)


def test_control_an_import_against_the_stream_is_caught(tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    contract = """
[tool.importlinter]
root_package = "mars_rover"
[[tool.importlinter.contracts]]
name = "upside down"
type = "layers"
layers = ["mars_rover.values", "mars_rover.commands"]
"""
    config.write_text(contract, encoding="utf-8")
    assert 0 != lint_imports(config_filename=str(config), no_cache=True)


def test_the_kit_is_imported_without_the_rover_and_the_core_without_the_shell() -> None:
    """Importing the packages loads neither the other nor a library that only the edge needs."""
    script = "import sys, {package}; print([name for name in {unwanted} if name in sys.modules])"
    for package, unwanted in (
        ("deciderkit", ["mars_rover", "click", "rich", "hypothesis", "sqlite3", "numpy"]),
        ("mars_rover", ["click", "rich", "hypothesis", "sqlite3", "numpy", "deciderkit.shell"]),
    ):
        code = script.format(package=package, unwanted=unwanted)
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert "[]\n" == run.stdout
