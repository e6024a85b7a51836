"""F29 in short; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from tests.faults.harness import Figures
from tests.faults.readers import (
    beside_a_writer,
    blind_to_writers,
    taken_for_quiet,
    without_the_index,
)


def test_f29_who_may_not_write_reads_what_a_writer_records() -> None:
    figures = beside_a_writer(40)
    assert figures.tried > 400
    assert 0 == figures.wrong


def test_f29_control_a_log_that_is_read_as_a_file_at_rest_hides_what_is_recorded() -> None:
    with taken_for_quiet():
        assert beside_a_writer(5, patience=0.1).wrong > 0


def test_f29_who_cannot_tell_what_there_is_is_told_what_is_needed() -> None:
    assert Figures(2, 0) == without_the_index("verify", "log -f")


def test_f29_control_a_reader_that_goes_on_all_the_same_is_caught() -> None:
    with blind_to_writers():
        assert without_the_index("verify").wrong > 0
