"""All seeded bugs of the shell: `python -m tests.mutants` runs them, two at a time."""

from __future__ import annotations

from tests.mutants.shell.bug import Bug
from tests.mutants.shell.loop import FOLDS, LOOP, REQUESTS
from tests.mutants.shell.stores import FILE, LOG

BUGS: tuple[Bug, ...] = (*REQUESTS, *LOOP, *FOLDS, *FILE, *LOG)
