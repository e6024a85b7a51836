"""What the guide shows is run: its commands in one shell on a real server, its Python as doctests."""

from __future__ import annotations

import doctest
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[4] / "src" / "deciderkit" / "QUEUES.md"
TEXT = GUIDE.read_text(encoding="utf-8")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MARK = "-- next --"
END = "for each in worker relay notifier broker; do kill -9 $(cat $each.pid); done 2> /dev/null"


def steps(text: str) -> list[tuple[str, str]]:
    """Each command of the console blocks with the output that is shown below it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return found


def free_port() -> str:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return str(held.getsockname()[1])


def test_the_run_of_the_guide_prints_what_is_shown(tmp_path: Path) -> None:
    text = TEXT.replace("4222", free_port())
    sender = re.search(r"^```python\n(# send\.py\n.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert sender is not None
    (tmp_path / "send.py").write_text(sender[1], encoding="utf-8")
    commands = [command for command, _ in steps(text)]
    script = "\n".join([f"trap '{END}' EXIT", *(f"{each}\necho '{MARK}'" for each in commands)])
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "TERM": "dumb", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    seen = done.stdout.split(f"{MARK}\n")
    logs = "".join(each.read_text() for each in tmp_path.glob("*.log") if each.stem != "broker")
    for (command, output), said in zip(steps(text), seen, strict=False):
        shown = doctest.OutputChecker().check_output(output, said, FLAGS)
        assert shown, f"$ {command}\n{said}\n{logs}"
    assert len(commands) == len(seen) - 1
    assert "Traceback" not in logs


def test_the_python_of_the_guide_runs() -> None:
    attempted = doctest.testfile(str(GUIDE), module_relative=False, optionflags=FLAGS)
    assert (0, True) == (attempted.failed, attempted.attempted > 0)
