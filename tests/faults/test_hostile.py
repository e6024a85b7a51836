"""F28: what comes from outside is shown on one line, escaped."""

from __future__ import annotations

from pathlib import Path

from tests.faults.harness import goes_wrong
from tests.faults.hostile import RAW, hostile_texts


def test_f28_hostile_text_is_shown_escaped_on_its_own_line(tmp_path: Path) -> None:
    assert 0 == hostile_texts(tmp_path).wrong


def test_f28_control_text_that_is_printed_as_it_is(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: hostile_texts(at, RAW), tmp_path)
