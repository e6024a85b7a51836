"""All mutants, and the table of who kills whom."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.mutants.banks import BANKS
from tests.mutants.boards import BOARDS
from tests.mutants.codecs import CODECS, PAIRS
from tests.mutants.mutant import Mutant
from tests.mutants.policies_and_projections import POLICIES, PROJECTIONS
from tests.mutants.rovers import ROVERS
from tests.mutants.seatings import SEATINGS
from tests.mutants.shell.bug import Bug
from tests.mutants.shell.table import BUGS
from tests.mutants.shopping import CARTS
from tests.mutants.stores import STORES, StoreMutant
from tests.mutants.turnstiles import TURNSTILES_AND_BASKETS

MUTANTS: tuple[Mutant, ...] = (
    *ROVERS,
    *TURNSTILES_AND_BASKETS,
    *POLICIES,
    *PROJECTIONS,
    *BOARDS,
    *CODECS,
    *PAIRS,
    *BANKS,
    *SEATINGS,
    *CARTS,
)


def rows() -> Iterator[str]:
    """The table, row by row, and how many mutants were killed."""
    killed = 0
    yield f"{'mutant of':10}  {'what is wrong':66}  {'what must find it':43}  verdict"
    everyone: tuple[Mutant | StoreMutant | Bug, ...] = (*MUTANTS, *STORES, *BUGS)
    # Those of the shell run in processes of their own, two at a time, while the others are asked.
    with ThreadPoolExecutor(2) as processes:
        running = {bug: processes.submit(bug.killed) for bug in BUGS}
        for mutant in everyone:
            found = running[mutant].result() if isinstance(mutant, Bug) else mutant.killed()
            killed += found is not None
            verdict = "killed" if found is not None else "LIVES"
            yield f"{mutant.of:10}  {mutant.wrong:66}  {mutant.finder:43}  {verdict}"
    yield f"{killed} of {len(everyone)} mutants killed, each by what is meant to"
