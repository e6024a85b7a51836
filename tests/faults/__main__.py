"""The fault table in full: ``python -m tests.faults [F1 F2 ...]`` prints its figures and its controls.

A fault holds where nothing is wrong; a control holds where the fault is caught. Exits with 1 where one
does not hold.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.bit_flips import bit_flips, unsummed_damage
from tests.faults.deliveries import delivered, keys_by_version
from tests.faults.disk_full import disk_full, no_longer_files, opened_on_a_full_disk
from tests.faults.files import exchanged, links, stale_side_files, unwatched
from tests.faults.harness import Figures
from tests.faults.hostile import RAW, hostile_texts
from tests.faults.kills import (
    TornSaves,
    killed_appends,
    killed_policies,
    killed_saves,
    killed_with_checkpoints,
    unknown_outcomes,
)
from tests.faults.poison import one_that_stops, poison, poisoned
from tests.faults.power_cut import NORMAL, OFF, power_cuts
from tests.faults.processes import carried_over, closed, forks, threads
from tests.faults.programs import huge_program, jumping_clock, odd_letters
from tests.faults.queues import (
    AcknowledgesFirst,
    cut_off,
    kept_in_order,
    killed_in_turn,
    lost_disks,
)
from tests.faults.readers import (
    beside_a_writer,
    blind_to_writers,
    taken_for_quiet,
    without_the_index,
)
from tests.faults.retries import one_line_wrong, retried, takes_the_tally_for_its_own
from tests.faults.schema_text import damage_not_told, schema_flips
from tests.faults.server_rows import SERVER_FAULTS
from tests.faults.signals import begins_outside, forgets_at_leisure, interrupted, undone
from tests.faults.values import only_encoded, unreadable_values
from tests.faults.writers import (
    NoHeadCheck,
    many_writers,
    reader_that_skips,
    runners,
    runners_with_random_ids,
    tailing_reader,
)

Run = Callable[[Path], Figures]


def within(bad: AbstractContextManager[object], run: Run) -> Run:
    """``run`` while something is wrong."""

    def wrong(at: Path) -> Figures:
        with bad:
            return run(at)

    return wrong


FAULTS: dict[str, tuple[Run, Run | None]] = {
    "F1 killed during append": (
        lambda at: killed_appends(at / "log", 200),
        lambda at: killed_appends(at / "log", 200, acknowledge_first=True),
    ),
    "F2 power cut": (lambda _: power_cuts(2_000), lambda _: power_cuts(500, NORMAL)),
    "F2 power cut, OFF": (lambda _: power_cuts(500), lambda _: power_cuts(500, OFF)),
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
        lambda at: reader_that_skips(at / "log", 4, 90, 10),
    ),
    "F6 disk full": (lambda at: disk_full(at / "disk"), None),
    "F6 files may not grow": (no_longer_files, None),
    "F6 opened on a full disk": (lambda at: opened_on_a_full_disk(at / "disk", 40), None),
    "F7 policy killed": (
        lambda at: killed_policies(at / "log", 100),
        lambda at: killed_with_checkpoints(at / "log", 100, at / "checkpoint"),
    ),
    "F8 two runners": (
        lambda at: runners(at / "log", 1_000),
        lambda at: runners_with_random_ids(at / "log", 1_000),
    ),
    "F9 killed in turn": (
        lambda at: killed_in_turn(at, 200),
        lambda at: killed_in_turn(at, 25, worker=AcknowledgesFirst, pace=0.002),
    ),
    "F9 sent again": (
        lambda at: killed_in_turn(at, 40, pace=0.01),
        lambda at: killed_in_turn(at, 5, fresh_ids=True),
    ),
    "F9 two of each, killed": (lambda at: killed_in_turn(at, 100, doubled=True), None),
    "F9 kept in order": (
        lambda at: kept_in_order(at, 100),
        lambda at: kept_in_order(at, 20, share=True, pace=0.001),
    ),
    "F9 cut off": (lambda at: cut_off(at, 40), None),
    "F9 disk of the broker lost": (lambda at: lost_disks(at, 20), None),
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
    "F19 schema's text": (
        schema_flips,
        within(damage_not_told(), lambda at: schema_flips(at, 20)),
    ),
    "F20 retries, killed": (
        lambda at: retried(at / "log", 1_000),
        within(one_line_wrong(takes_the_tally_for_its_own), lambda at: retried(at / "log", 100)),
    ),
    "F20 retries, racing": (lambda at: retried(at / "log", 1_000, crashes=False), None),
    "F21 two dispatchers": (
        lambda at: runners(at / "log", 2_000, 2, kills=5),
        lambda at: runners_with_random_ids(at / "log", 1_000, 2),
    ),
    "F21 four dispatchers": (
        lambda at: runners(at / "log", 2_000, 4, kills=5),
        lambda at: runners_with_random_ids(at / "log", 1_000, 4),
    ),
    "F22 poison to-do": (
        lambda at: poisoned(at, 30),
        within(one_that_stops(), lambda at: poisoned(at, 6)),
    ),
    "F23 deliveries": (
        lambda at: delivered(at, 400),
        within(keys_by_version(), lambda at: delivered(at, 100)),
    ),
    "F24 unreadable values": (
        lambda at: unreadable_values(at / "log"),
        within(only_encoded(), lambda at: unreadable_values(at / "log")),
    ),
    "F25 forks": (
        lambda at: forks(at, 100),
        within(carried_over(), lambda at: forks(at, 20)),
    ),
    "F25 threads": (lambda at: threads(at / "log", 8, 250), None),
    "F25 closed": (lambda at: closed(at / "log"), None),
    "F26 exchanged files": (
        lambda at: exchanged(at, 20),
        within(unwatched(), lambda at: exchanged(at, 2)),
    ),
    "F26 side files": (lambda at: stale_side_files(at / "in"), None),
    "F26 links": (lambda at: links(at / "in"), None),
    "F27 signals": (
        lambda at: interrupted(at / "log", 5_000),
        within(begins_outside(), lambda at: interrupted(at / "log", 500)),
    ),
    "F27 undoing interrupted": (
        lambda at: undone(at / "log", 50_000),
        within(forgets_at_leisure(), lambda at: undone(at / "log", 5_000)),
    ),
    "F28 hostile text out": (hostile_texts, lambda at: hostile_texts(at, RAW)),
    "F29 reader, no rights": (
        lambda _: beside_a_writer(500),
        within(taken_for_quiet(), lambda _: beside_a_writer(20)),
    ),
    "F29 reader, no index": (
        lambda _: without_the_index(*["verify", "log -f"] * 50),
        within(blind_to_writers(), lambda _: without_the_index("verify")),
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
