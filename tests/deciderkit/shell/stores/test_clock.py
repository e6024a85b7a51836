"""When and under which id something is recorded."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from deciderkit.ids import is_command_id, is_id, is_time
from deciderkit.shell.stores.clock import NewIds, Stamp


def test_the_present_time_is_written_in_utc_to_the_millisecond() -> None:
    stamp = Stamp()
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    said = stamp()
    assert is_time(said)
    assert before <= datetime.fromisoformat(said) <= datetime.now(UTC)
    assert said.endswith("+00:00")


def test_time_goes_on() -> None:
    stamp = Stamp()
    first = stamp()
    time.sleep(0.003)
    assert first < stamp()


def test_a_clock_of_another_zone_is_written_in_utc() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    stamp = Stamp(lambda: datetime(2026, 7, 1, 5, 30, tzinfo=india))
    assert "2026-07-01T00:00:00+00:00" == stamp()
    assert is_time(stamp())


def test_a_clock_without_a_zone_is_refused_since_nobody_could_place_its_time() -> None:
    stamp = Stamp(lambda: datetime(2026, 7, 1, 12))
    with pytest.raises(ValueError, match="expected a time with a zone"):
        stamp()


def test_new_ids_are_new_in_every_thread_and_for_every_maker() -> None:
    makers = NewIds(), NewIds()
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda number: makers[number % 2](), range(4_000)))
    assert 4_000 == len(set(made))
    assert all(is_command_id(each) and not is_id(each) for each in made)
