"""F10 and F22 in short, and F11 where it is held."""

from __future__ import annotations

from pathlib import Path

from deciderkit.shell import Conflict
from tests.faults.harness import Figures, deposited, goes_wrong, opened
from tests.faults.poison import POISONS, one_that_stops, poison, poisoned


def test_f10_what_cannot_be_done_is_parked_and_the_others_go_on(tmp_path: Path) -> None:
    assert Figures(8, 0) == poison(tmp_path / "log", 8)


def test_f22_a_poison_to_do_is_parked_and_done_after_it_was_mended(tmp_path: Path) -> None:
    assert Figures(6 * len(POISONS), 0) == poisoned(tmp_path, 6)


def test_f22_control_a_loop_that_stops_is_caught(tmp_path: Path) -> None:
    with one_that_stops():
        assert goes_wrong(lambda at: poisoned(at, 5), tmp_path)


def test_f11_a_future_version_is_a_conflict_always(tmp_path: Path) -> None:
    """The contract of all stores holds it too, with its control."""
    with opened(tmp_path / "log") as store:
        for head in range(3):
            for ahead in (1, 2, 1_000, 2**40):
                refused = store.append("account-1", head + ahead, [deposited(1)]).failure()
                assert Conflict("account-1", head + ahead, head) == refused
            store.append("account-1", head, [deposited(1)]).unwrap()
        assert 3 == store.head().unwrap()
