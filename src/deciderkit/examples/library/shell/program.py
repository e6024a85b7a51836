"""What a process of the library runs: ``deciderkit --board deciderkit.examples.library.shell.program``."""

from __future__ import annotations

import sys
from typing import Final

from deciderkit.examples.library.board import board, codec
from deciderkit.examples.library.events import Reminded
from deciderkit.shell import Program, version_of


def write(event: Reminded, key: str) -> None:
    """Mail, as far as an example goes: a line on stderr. ``key`` is for the mail server, to drop repeats."""
    print(f"To {event.email}: {event.copy} is due on {event.due:%d.%m.%Y} [{key}]", file=sys.stderr)


program: Final = Program(board, codec, {Reminded: write}, version_of("deciderkit"))
