"""F23 and F24 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

from tests.faults.deliveries import delivered, keys_by_version
from tests.faults.harness import Figures, goes_wrong
from tests.faults.values import only_encoded, unreadable_values


def test_f23_every_message_is_heard_and_none_twice_by_who_drops_repeats(tmp_path: Path) -> None:
    assert Figures(40, 0) == delivered(tmp_path, 40)


def test_f23_control_keys_that_hang_on_the_place_in_the_log(tmp_path: Path) -> None:
    with keys_by_version():
        assert goes_wrong(lambda at: delivered(at, 20), tmp_path)


def test_f24_what_would_not_be_read_back_is_refused(tmp_path: Path) -> None:
    assert 0 == unreadable_values(tmp_path / "log").wrong


def test_f24_control_a_store_that_only_encodes(tmp_path: Path) -> None:
    with only_encoded():
        assert goes_wrong(lambda at: unreadable_values(at / "log"), tmp_path)
