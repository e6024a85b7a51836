"""F10 in short, and F11 and F14 where they are held."""

from __future__ import annotations

from pathlib import Path

from deciderkit.shell.event_store import Conflict

from tests.faults.harness import Figures, error, opened, started, value
from tests.faults.poison import poison


def test_f10_what_cannot_be_done_is_parked_and_the_others_go_on(tmp_path: Path) -> None:
    assert Figures(8, 0) == poison(tmp_path / "log", 8)


def test_f11_a_future_version_is_a_conflict_always(tmp_path: Path) -> None:
    """The contract of all stores holds it too, with its control."""
    with opened(tmp_path / "log") as store:
        for head in range(3):
            for ahead in (1, 2, 1_000, 2**40):
                refused = store.append(
                    "rover-r1", head + ahead, [started("r1")], f"far{head}-{ahead}"
                )
                assert Conflict("rover-r1", head + ahead, head) == error(refused)
            value(store.append("rover-r1", head, [started("r1")], f"c{head}"))
        assert 3 == value(store.head())
