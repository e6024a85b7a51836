"""Pages that are run: what a page of Markdown shows is written, typed and compared, from its top to its end.

A block whose first line is ``# some/file.py`` is a file, ``console`` blocks are commands with what they
print, and Python with ``>>>`` is run as a doctest, each in the folder that the page has for itself.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"# ([\w./-]+\.\w+)\n")


def read_page(name: str) -> str:
    """The text of a page, by its name from the root of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def console_steps(block: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output that is shown below it."""
    steps = []
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = step.partition("\n")
        steps.append((command, output))
    return steps


def files(text: str) -> list[tuple[str, str]]:
    """The files that a page shows: blocks whose first line is a comment with their name."""
    return [(name[1], code) for _, code in _BLOCK.findall(text) if (name := _NAME.match(code))]


def python_of(text: str) -> str:
    """The doctests of a page as one program, without what they print."""
    examples = doctest.DocTestParser().get_examples(text)
    return "".join(each.source for each in examples)


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


def played(text: str, folder: Path, **variables: str) -> Iterator[tuple[str, str, str]]:
    """Do in ``folder`` what a page shows, in order, with ``variables`` set: each command, what is shown, and what came."""
    exported = dict(variables)
    for language, block in _BLOCK.findall(text):
        if name := _NAME.match(block):
            file = folder / name[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, encoding="utf-8")
        elif language == "console":
            for command, output in console_steps(block):
                if setting := re.fullmatch(r"export (\w+)=(\S+)", command):
                    exported[setting[1]] = setting[2]
                else:
                    yield command, output, run(command, folder, **exported)


def differences(text: str, folder: Path, **variables: str) -> list[str]:
    """Every command of a page that printed something else than what is shown."""
    same = doctest.OutputChecker().check_output
    return [
        f"$ {command}\n{came}"
        for command, shown, came in played(text, folder, **variables)
        if not same(shown, came, FLAGS)
    ]


def failed_doctests(name: str) -> tuple[int, int]:
    """How many examples of the page's Python failed, and how many there are."""
    failed, attempted = doctest.testfile(str(ROOT / name), module_relative=False, optionflags=FLAGS)
    return failed, attempted
