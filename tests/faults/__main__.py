"""The fault table in full: ``python -m tests.faults [F1 F2 ...]`` prints its figures and its controls.

A fault holds where nothing is wrong; a control holds where the fault is caught. Exits with 1 where one
does not hold.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.bit_flips import bit_flips, unsummed_damage
from tests.faults.disk_full import disk_full, no_longer_files
from tests.faults.harness import Figures
from tests.faults.kills import (
    TornSaves,
    killed_appends,
    killed_policies,
    killed_saves,
    killed_with_checkpoints,
    unknown_outcomes,
)
from tests.faults.poison import poison
from tests.faults.power_cut import power_cuts
from tests.faults.programs import huge_program, jumping_clock, odd_letters
from tests.faults.server_rows import SERVER_FAULTS
from tests.faults.writers import (
    NoHeadCheck,
    identity_order,
    many_writers,
    tailing_reader,
    two_runners,
)

Run = Callable[[Path], Figures]

FAULTS: dict[str, tuple[Run, Run | None]] = {
    "F1 killed during append": (
        lambda at: killed_appends(at / "log", 200),
        lambda at: killed_appends(at / "log", 200, acknowledge_first=True),
    ),
    "F2 power cut": (lambda _: power_cuts(2_000), lambda _: power_cuts(500, mode="NORMAL")),
    "F3 outcome unknown": (
        lambda at: unknown_outcomes(at / "log", 200),
        lambda at: unknown_outcomes(at / "log", 200, fresh_id=True),
    ),
    "F4 two writers": (
        lambda at: many_writers(at / "log", 2, 1_000),
        lambda at: many_writers(at / "log", 2, 1_000, NoHeadCheck),
    ),
    "F4 eight writers": (
        lambda at: many_writers(at / "log", 8, 250),
        lambda at: many_writers(at / "log", 8, 250, NoHeadCheck),
    ),
    "F5 tailing reader": (
        lambda at: tailing_reader(at / "log", 4, 900, 10),
        lambda _: identity_order(writers=4),
    ),
    "F6 disk full": (lambda at: disk_full(at / "disk"), None),
    "F6 files may not grow": (no_longer_files, None),
    "F7 policy killed": (
        lambda at: killed_policies(at / "log", 100),
        lambda at: killed_with_checkpoints(at / "log", 100, at / "checkpoint"),
    ),
    "F8 two runners": (lambda at: two_runners(at / "log", 500), None),
    "F10 poison event": (lambda at: poison(at / "log", 50), None),
    "F15 huge program": (lambda at: huge_program(at / "log", 10_000_000)[0], None),
    "F16 odd letters": (lambda at: odd_letters(at / "log"), None),
    "F17 projection killed": (
        lambda at: killed_saves(at / "log", 100),
        lambda at: killed_saves(at / "log", 100, TornSaves, within=0.3),
    ),
    "F18 clock": (lambda at: jumping_clock(at, 1_000), None),
    "F19 bit flips": (
        lambda at: bit_flips(at, 1_000),
        lambda at: bit_flips(at, 1_000, unsummed_damage),
    ),
    **SERVER_FAULTS,
}


def main(wanted: list[str]) -> int:
    """Print the table; the exit code."""
    print(f"{'fault':<24}{'tried':>10}{'wrong':>7}  {'control':<16}{'holds':<7}{'seconds':>7}")
    all_hold = True
    for name, (run, control) in FAULTS.items():
        if wanted and name.split()[0] not in wanted:
            continue
        began = time.monotonic()
        figures, caught = in_a_folder(run), in_a_folder(control) if control else None
        holds = figures.wrong == 0 and (caught is None or caught.wrong > 0)
        all_hold &= holds
        told = f"{caught.wrong} of {caught.tried}" if caught else "-"
        seconds = time.monotonic() - began
        print(
            f"{name:<24}{figures.tried:>10,}{figures.wrong:>7}  {told:<16}"
            f"{'yes' if holds else 'NO':<7}{seconds:>7.1f}",
            flush=True,
        )
    return 0 if all_hold else 1


def in_a_folder(run: Run) -> Figures:
    with TemporaryDirectory() as folder:
        return run(Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
