from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pyrsistent import pmap

from deciderkit.keyed_fold import CHUNK, KeyedFold, chunks, routes, stored


def _fold(name: str, takes: tuple[type, ...], changed: dict[str, int]) -> KeyedFold:
    return KeyedFold(name, takes, changed, pmap({"a": 1}), 0, max, str)


def test_events_come_in_pieces_of_one_length_and_a_rest() -> None:
    assert [CHUNK, CHUNK, 1] == [len(chunk) for chunk in chunks(range(2 * CHUNK + 1))]
    assert [] == list(chunks([]))


def test_no_more_of_a_log_is_taken_than_the_piece_that_is_asked_for() -> None:
    def log() -> Iterator[int]:
        yield from range(2 * CHUNK)
        raise AssertionError("read too far")

    first, second = islice(chunks(log()), 2)
    assert (tuple(range(CHUNK)), CHUNK) == (first, second[0])


def test_each_type_of_event_leads_to_the_folds_that_take_it() -> None:
    numbers, both = _fold("numbers", (int,), {}), _fold("both", (int, str), {})
    assert {int: [numbers[2:], both[2:]], str: [both[2:]]} == routes([numbers, both])


def test_what_changed_is_stored_beside_what_did_not() -> None:
    before = pmap({"kept": pmap({"x": 9})})
    changed, unchanged = _fold("changed", (int,), {"b": 2}), _fold("unchanged", (int,), {})
    expected = pmap({"kept": pmap({"x": 9}), "changed": pmap({"a": 1, "b": 2})})
    assert expected == stored(before, [changed, unchanged])
    assert before is stored(before, [unchanged])
