from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import compiled
from benchmarks.__main__ import main
from benchmarks.long_rows import long_rows
from benchmarks.measure import Missing, Row, measure
from benchmarks.programs import Long, random_letters
from mars_rover.batch.shell import native

ROOT = Path(__file__).parents[2]


def test_the_module_prints_a_row_a_line() -> None:
    command = [sys.executable, "-m", "benchmarks", "--json", "--commands", "2000", "--repeats", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    names = [row["name"] for row in rows]
    assert names[0] == "article-style dispatcher"
    assert names[-1] == "growth of simulate"
    assert len(names) == len(set(names))
    assert rows[0]["ratio"] == 1.0
    measured = [row for row in rows[:-1] if "missing" not in row]
    assert all(row["commands_per_second"] > 0 for row in measured)
    assert {1000, 2000} == {row["commands"] for row in measured}


def test_the_table_says_what_a_row_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.compiled.cache_clear()
    monkeypatch.setattr("shutil.which", lambda name: None)
    result = CliRunner().invoke(main, ["--commands", "1000", "--repeats", "1"])
    assert result.exit_code == 0
    assert "install a C compiler" in result.stdout
    assert "simulate_fleet" in result.stdout


def test_the_table_says_where_there_is_no_native_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(native, "_PATIENCE", native.Patience())
    rows = [row for row in long_rows(Long(random_letters(1000))) if "native" in row.name]
    measure(rows, repeats=1)
    assert ["numba"] * len(rows) == [row.missing for row in rows]


def test_a_row_with_a_wrong_answer_fails() -> None:
    wrong = Row("wrong", 1, lambda: lambda: "1:1:N", expected="0:0:N")
    with pytest.raises(AssertionError, match="wrong: 1:1:N instead of 0:0:N"):
        measure([wrong], repeats=1)


def test_a_row_that_lacks_something_is_not_run() -> None:
    def lacking() -> None:
        raise Missing("a compiler")

    row = Row("lacking", 1, lacking, expected="0:0:N")  # type: ignore[arg-type]
    measure([row], repeats=1)
    assert (row.missing, row.seconds) == ("a compiler", [])
