"""F12, F13 and F19 on the rows of a real store; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from deciderkit.shell.sqlite_rows import Commit

from deciderkit.log.chain import kind_sum
from deciderkit.log.codec import CorruptEvent, Stored
from mars_rover.codec import codec
from tests.faults.bit_flips import bit_flips, first_damage, unsummed_damage
from tests.faults.harness import Figures, opened, started, value

GOOD = codec.encode(started("r1"))
MOVED = b'{"rover_id":"r1","point":{"x":0,"y":1},"direction":"N"}'
FORGED = {
    "unknown type": Stored("Launched", 1, MOVED),
    "unknown schema": Stored("MarsRoverMoved", 7, MOVED),
    "truncated JSON": Stored("MarsRoverMoved", 1, MOVED[:-9]),
    "wrong field types": Stored("MarsRoverMoved", 1, MOVED.replace(b'"N"', b"7")),
    "unknown field": Stored("MarsRoverMoved", 1, MOVED.replace(b"}", b',"z":1}', 1)),
    "deep nesting": Stored("MarsRoverMoved", 1, b"[" * 100_000),
    "deep field": Stored("MarsRoverMoved", 1, b'{"z":%s}' % (b'{"z":' * 100_000)),
    "NaN": Stored("MarsRoverMoved", 1, MOVED.replace(b"0", b"NaN")),
    "1e999": Stored("MarsRoverMoved", 1, MOVED.replace(b"0", b"1e999")),
    "duplicate keys": Stored("MarsRoverMoved", 1, MOVED.replace(b'"x":0', b'"x":0,"x":0')),
    "lone surrogate": Stored("MarsRoverMoved", 1, MOVED.replace(b"r1", b"\\ud800")),
    "5,000 digits": Stored("MarsRoverMoved", 1, MOVED.replace(b"0", b"9" * 5_000)),
    "17 MB": Stored("MarsRoverMoved", 1, MOVED.replace(b"r1", b"r" * 17_000_000)),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_f12_f13_a_row_that_is_no_event_is_one_error_with_its_position(
    tmp_path: Path, forged: Stored
) -> None:
    """The rows carry right checksums: they were written so, and did not decay."""
    path = tmp_path / "log"
    with opened(path) as store, store.transaction():
        store.insert(Commit(1, 2, 1, "rover-r1", "c1", "2026", 0), [GOOD, forged])
    before = path.read_bytes()
    damage = first_damage(path)
    assert isinstance(damage, CorruptEvent)
    assert 2 == damage.position
    assert damage.reason
    assert before == path.read_bytes()
    with opened(path) as store:
        assert 1 == len(value(store.read_all(limit=1)))


def test_f19_a_flipped_byte_is_named_with_its_position(tmp_path: Path) -> None:
    assert Figures(120, 0) == bit_flips(tmp_path, 120)


def test_f19_control_without_checksums_some_flips_are_missed(tmp_path: Path) -> None:
    assert bit_flips(tmp_path, 60, unsummed_damage).wrong > 0


def test_a_kind_is_told_from_every_other() -> None:
    names = [each.name for each in codec.event_types]
    assert len(names) == len({kind_sum(name, 1) for name in names})
