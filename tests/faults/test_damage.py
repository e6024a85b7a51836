"""F12, F13 and F19 on the rows of a real store; ``python -m tests.faults`` has the full figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit.log.chain import START, kind_sum
from deciderkit.log.codec import Stored
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import Commit
from tests.faults.bit_flips import bit_flips, first_damage, unsummed_damage
from tests.faults.harness import CODEC, Figures, deposited, goes_wrong, opened
from tests.faults.schema_text import damage_not_told, schema_flips

GOOD = CODEC.encode(deposited(1))
MORE = b'{"account":1,"amount":"5","at":null}'
assert b'"amount":"1"' in GOOD.data
FORGED = {
    "unknown type": Stored("Launched", 1, MORE),
    "unknown schema": Stored("Deposited", 7, MORE),
    "truncated JSON": Stored("Deposited", 1, MORE[:-9]),
    "wrong field types": Stored("Deposited", 1, MORE.replace(b'"5"', b"true")),
    "unknown field": Stored("Deposited", 1, MORE.replace(b"}", b',"z":1}', 1)),
    "deep nesting": Stored("Deposited", 1, b"[" * 100_000),
    "deep field": Stored("Deposited", 1, b'{"z":%s}' % (b'{"z":' * 100_000)),
    "NaN": Stored("Deposited", 1, MORE.replace(b":1", b":NaN")),
    "1e999": Stored("Deposited", 1, MORE.replace(b":1", b":1e999")),
    "duplicate keys": Stored("Deposited", 1, MORE.replace(b":1", b':1,"account":1')),
    "lone surrogate": Stored("Deposited", 1, MORE.replace(b"5", b"\\ud800")),
    "5,000 digits": Stored("Deposited", 1, MORE.replace(b":1", b":" + b"9" * 5_000)),
    "17 MB": Stored("Deposited", 1, MORE.replace(b"5", b"5" * 17_000_000)),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_f12_f13_a_row_that_is_no_event_is_one_error_with_its_position(
    tmp_path: Path, forged: Stored
) -> None:
    """The rows carry right checksums: they were written so, and did not decay."""
    path = tmp_path / "log"
    with opened(path) as store:
        commit = Commit(1, 2, 1, "account-1", "a~1", "2026", "", START)
        store._transaction(lambda: store._insert(commit, [GOOD, forged], None))
    before = path.read_bytes()
    damage = first_damage(path)
    assert isinstance(damage, CorruptEvent)
    assert 2 == damage.position
    assert damage.reason
    assert before == path.read_bytes()
    with opened(path) as store:
        assert 1 == len(store.read_all(limit=1).unwrap())


def test_f19_a_flipped_byte_is_named_with_its_position(tmp_path: Path) -> None:
    assert Figures(120, 0) == bit_flips(tmp_path, 120)


def test_f19_control_without_checksums_some_flips_are_missed(tmp_path: Path) -> None:
    assert goes_wrong(lambda at: bit_flips(at, 60, unsummed_damage), tmp_path)


def test_f19_a_flipped_byte_in_the_text_of_the_schema_is_a_corrupt_log_or_nothing(
    tmp_path: Path,
) -> None:
    assert Figures(60, 0) == schema_flips(tmp_path, 60)


def test_f19_control_damage_that_is_taken_for_other_trouble_is_seen(tmp_path: Path) -> None:
    with damage_not_told():
        assert schema_flips(tmp_path, 12).wrong > 0


def test_a_kind_is_told_from_every_other() -> None:
    names = [each.name for each in CODEC.event_types]
    assert len(names) == len({kind_sum(name, 1) for name in names})
