"""What the README shows is run: its Python as doctests, its console blocks as commands."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def console_steps(text: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output that is shown below it."""
    steps = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            steps.append((command, output))
    return steps


def files(text: str) -> list[tuple[str, str]]:
    """The files that the README shows: blocks of Python whose first line is their name."""
    blocks = re.findall(
        r"^```python\n(# (\S+\.py)\n.*?)^```$", text, flags=re.DOTALL | re.MULTILINE
    )
    return [(name, code) for code, name in blocks]


def run(command: str, folder: Path, **exported: str) -> str:
    """What a person would see of ``command``, with this environment's programs on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "TERM": "dumb", "COLUMNS": "100", **exported}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return done.stdout


def test_the_python_of_the_readme_runs() -> None:
    attempted = doctest.testfile(str(README), module_relative=False, optionflags=FLAGS)
    assert 0 == attempted.failed
    assert attempted.attempted > 0


def test_every_command_of_the_readme_prints_what_is_shown(tmp_path: Path) -> None:
    """In one folder that holds the README's files, in order: later ones go on from earlier ones."""
    for name, code in files(TEXT):
        (tmp_path / name).write_text(code, encoding="utf-8")
    exported: dict[str, str] = {}
    for command, output in console_steps(TEXT):
        if setting := re.fullmatch(r"export (\w+)=(\S+)", command):
            exported[setting[1]] = setting[2]
            continue
        seen = run(command, tmp_path, **exported)
        assert doctest.OutputChecker().check_output(output, seen, FLAGS), f"$ {command}\n{seen}"


def test_the_files_of_the_readme_pass_the_type_checker(tmp_path: Path) -> None:
    for name, code in files(TEXT):
        (tmp_path / name).write_text(code, encoding="utf-8")
    assert "Success" in run("mypy --strict --cache-dir=.mypy kettle.py", tmp_path)


def test_the_readme_has_two_commands_for_a_fresh_clone() -> None:
    block = re.search(r"^```sh\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert block is not None
    commands = block[1].splitlines()
    assert 2 == len(commands)
    assert all(each.startswith("python3 -m venv .venv && ") for each in commands)
