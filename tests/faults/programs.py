"""Programs that are huge, odd or recorded by a clock that jumps."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from deciderkit.log.audit import Audit
from deciderkit.shell import Dispatcher, open_store, whole_log
from mars_rover import board, format_position
from mars_rover.codec import codec
from tests.deciderkit.bank import Deposit, Withdraw, bank
from tests.faults.harness import Figures, audited, opened, whole

WRAPPED = """
import re, sys
from mars_rover.shell.cli import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(re.search(r"VmHWM: *\\t* *([0-9]+) kB", status.read())[1], file=sys.stderr)
"""
"""The peak is that of the program itself: what ``getrusage`` says begins with that of its parent."""

PEAK_KB = 150 * 1024


def huge_program(path: Path, letters: int) -> tuple[Figures, int]:
    """F15: a program from a pipe into a store; wrong is the answer or a peak of 150 MB, in kB."""
    command = [sys.executable, "-c", WRAPPED, "drive", "-", "--rover", "r1", "-q"]
    with subprocess.Popen(
        [*command, "--store", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as drive:
        assert drive.stdin
        for _ in range(letters // 1_000):
            drive.stdin.write(b"MMRML" * 200)
        out, err = drive.communicate()
    peak = int(err.split()[-1])
    audit = Audit(board)
    with open_store(path, codec) as store:
        for recorded in whole_log(store):
            audit.take(recorded)
    state = audit.streams["rover-r1"]
    right = out.decode().strip() == format_position(state[2]) and letters + 1 == state[1]
    return Figures(letters, int(not right) + int(peak > PEAK_KB)), peak


ODD = {
    "full-width M": "M\uff2dL".encode(),
    "dotted I": "M\u0130".encode(),
    "Roman numeral": "R\u216f".encode(),
    "surrogate": b"M\xed\xa0\x80",
    "NUL": b"MM\0M",
    "BOM": b"\xef\xbb\xbfMML",
    "CRLF inside": b"MM\r\nL",
    "at the end of a million": b"M" * 1_000_000 + b"X",
}


def odd_letters(path: Path) -> Figures:
    """F16: wrong is an odd letter that is not refused with its index, or leaves a trace."""
    wrong = 0
    for letters in ODD.values():
        drive = subprocess.run(
            [sys.executable, "-m", "mars_rover", "drive", "-", "--store", str(path)],
            input=letters,
            capture_output=True,
            check=False,
        )
        wrong += drive.returncode != 2 or b" at index " not in drive.stderr or path.exists()
    return Figures(len(ODD), wrong)


def jumping_clock(folder: Path, events: int) -> Figures:
    """F18: the clock jumps a year either way; wrong is a log that differs in more than its times."""
    now, year = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=365)
    jumps = cycle((year, -year, -year, year))

    def clock() -> datetime:
        return now + next(jumps)

    logs: list[Any] = []
    sent = [Deposit(1, Decimal(1)), Withdraw(1, Decimal(2))] * (events // 2)
    for name, how in (("steady", {}), ("jumping", {"clock": clock})):
        with opened(folder / name, **how) as store:
            Dispatcher(bank, store, chunk=1).dispatch(sent, command_id="c1").unwrap()
            told = list(whole(store))
            logs.append(
                (
                    [(each.position, each.stream, each.version, each.event) for each in told],
                    [each.command_id for each in told],
                    store.tally("c1").unwrap(),
                )
            )
            times = [recorded.recorded_at for recorded in told]
    assert times != sorted(times)
    states = [audited(folder / name).streams for name in ("steady", "jumping")]
    return Figures(events, int(logs[0] != logs[1]) + int(states[0] != states[1]))
