"""The command line of the bank, asked about a log in this process, which may be one that was forked."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final, NamedTuple, TextIO
from unittest.mock import patch

from deciderkit.shell.cli.kit import main
from tests.deciderkit.shell.cli import bank

BOARD: Final = f"{bank.__name__}:board"


class Ended(NamedTuple):
    """How a run of the command line ended."""

    code: object
    out: str
    err: str

    def is_one_line(self, code: int) -> bool:
        """Whether it ended with ``code`` and one line of an error, and nothing else."""
        one_line = self.err.endswith("\n") and self.err.count("\n") == 1
        return self.code == code and one_line and not self.out


def asked(path: Path, *arguments: str) -> Ended:
    """How the command line ends on the log at ``path``. What it raises in another way is raised."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = [io.TextIOWrapper(each, encoding="utf-8") for each in (out, err)]
    code = ask(path, *arguments, out=streams[0], err=streams[1])
    return Ended(code, out.getvalue().decode(), err.getvalue().decode())


def ask(path: Path, *arguments: str, out: TextIO, err: TextIO) -> object:
    """Run the command line on the log at ``path``; its exit code."""
    with (
        patch.dict(os.environ, {"DECIDERKIT_BOARD": BOARD, "DECIDERKIT_STORE": str(path)}),
        patch.object(sys, "argv", ["deciderkit", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            return ended.code
        finally:
            out.flush()
            err.flush()
