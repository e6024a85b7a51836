"""``python -m tests.mutants.mutmut_shell``: mutmut on every line of the stores and of the dispatch loop.

mutmut reads one table of one ``pyproject.toml``, and in this project that is the pure core's. So it runs in
a folder of its own, where the same project stands with ``[tool.mutmut-shell]`` in that table's place. All
that is given goes on to ``mutmut run``: ``--max-children 2``, or names such as ``'*stores.memory*'``.
What lived is listed at the end; in that folder ``mutmut show NAME`` shows what is wrong in one of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = ROOT / "build" / "mutmut-shell"
LIVED: Final = (": survived", ": no tests", ": suspicious")


def prepare(place: Path) -> None:
    """The project at ``place``: its own options, and links to all else."""
    place.mkdir(parents=True, exist_ok=True)
    options = (ROOT / "pyproject.toml").read_text()
    for of in ("[tool.mutmut]", "[tool.mutmut-shell]"):
        assert 1 == options.count(of), f"pyproject.toml: expected one table {of}"
    options = options.replace("[tool.mutmut]", "[tool.mutmut-core]")
    (place / "pyproject.toml").write_text(options.replace("[tool.mutmut-shell]", "[tool.mutmut]"))
    for name in ("src", "tests", "README.md"):
        if not (place / name).exists():
            (place / name).symlink_to(ROOT / name)


def main(asked: list[str]) -> int:
    """Run mutmut and list what lived; the exit code is that of mutmut."""
    prepare(PLACE)
    surroundings = {**os.environ, "CI": "1"}  # the same examples at each run
    mutmut = [sys.executable, "-m", "mutmut"]
    ran = subprocess.run([*mutmut, "run", *asked], cwd=PLACE, env=surroundings, check=False)
    if ran.returncode == 0:
        told = [*mutmut, "results"]
        results = subprocess.run(told, cwd=PLACE, stdout=subprocess.PIPE, text=True, check=True)
        lived = [each.strip() for each in results.stdout.splitlines() if each.endswith(LIVED)]
        print(*lived, f"{len(lived)} lived", sep="\n")
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
