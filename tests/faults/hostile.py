"""Hostile text on its way out: names, keys, reasons and files that would forge lines or steer a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from deciderkit.log.codec import Stored
from deciderkit.log.pages import Commit
from deciderkit.shell import open_store
from mars_rover.codec import codec
from tests.faults.harness import Figures
from tests.seeding import ASKED

FORGED: Final = "ok: 9 events"
HOSTILE: Final = f"a\n{FORGED}\r\x1b[31m\x9b2J\u202e\u2028\x07"
RAW: Final = ("deciderkit.plain", "escaped = _UNSEEN.sub(_escape, text[:limit])", "escaped = text")
"""F28's control: the one function that escapes gives its text back as it is, as ``print`` would."""


def commands(folder: Path) -> dict[str, list[str]]:
    """Commands of the command line that show, in one way or another, what came from outside."""
    folder.mkdir(parents=True)
    store, odd = folder / "log.db", folder / HOSTILE.replace("/", "")
    line = {"position": 1, "stream": "rover-r1", "version": 1, "type": HOSTILE, "schema": 1}
    line |= {"command_id": "c1", "recorded_at": "2026-01-01T00:00:00Z", "data": {}}
    files: dict[str, Any] = {
        "key": {HOSTILE: 1},
        "type": line,
        "stream": {**line, "stream": HOSTILE},
        "id": {**line, "command_id": HOSTILE},
        "time": {**line, "recorded_at": HOSTILE},
        "field": {**line, "type": "MarsRoverTurnedOff", "data": {"rover_id": "r1", HOSTILE: 1}},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content) + "\n")
    twice = f"a\\n{FORGED}"
    (folder / "twice").write_text(f'{{"{twice}": 1, "{twice}": 2}}\n')
    imports = [*files, "twice"]
    found = {
        f"import {name}": ["import", str(folder / name), "--store", str(store)] for name in imports
    }
    found["import a file"] = ["import", str(odd), "--store", str(store)]
    found["a store"] = ["log", "--store", str(odd)]
    found["a program"] = ["drive", f"MM{HOSTILE}", "--store", str(store)]
    found["a rover"] = ["drive", "MM", "--rover", HOSTILE, "--store", str(store)]
    found["a start"] = ["drive", "MM", "--start", HOSTILE]
    damaged = folder / "damaged.db"
    with open_store(damaged, codec) as opened:
        commit = Commit(1, 1, 1, "rover-r1", "a~1", "2026-01-01T00:00:00Z", "", 0)
        data = json.dumps({"rover_id": "r1", HOSTILE: 1}, separators=(",", ":")).encode()
        opened.restore([(commit, [Stored("MarsRoverTurnedOff", 1, data)])], 0).unwrap()
    for name in ("log", "verify", "rovers", "export"):
        found[f"{name} of a damaged log"] = [name, "--store", str(damaged)]
    return found


def hostile_texts(folder: Path, bug: tuple[str, str, str] | None = None) -> Figures:
    """F28: wrong is a command that lets anything through that is no plain text, or a line that it forged."""
    environment = {**os.environ, **({ASKED: json.dumps(bug)} if bug else {}), "NO_COLOR": "1"}
    run = "import tests.seeding, mars_rover.shell.cli as cli; cli.main()"
    wrong, asked = 0, commands(folder / "in")
    for arguments in asked.values():
        told = subprocess.run(
            [sys.executable, "-c", run, *arguments],
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            check=False,
        )
        text = (told.stdout + told.stderr).decode()
        wrong += not fit(text) or told.returncode in (0, None) or "Traceback" in text
    return Figures(len(asked), wrong)


def fit(text: str) -> bool:
    """Whether ``text`` holds nothing but lines that can be printed, none of them forged."""
    lines = text.split("\n")
    plain = all(each.isprintable() for each in lines)
    return bool(text) and plain and not any(each.startswith(FORGED) for each in lines)
