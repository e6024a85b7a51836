"""JSON read without mercy."""

from __future__ import annotations

from typing import Any

import pytest

from deciderkit.strict_json import MAX_BYTES, _unique, check_size, strange_key, strict_tree


class CountedKey(str):
    """A key that counts how often anybody compares it, and how often it becomes part of a text."""

    compared = spelled = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        CountedKey.compared += 1
        return str.__eq__(self, other)

    def __getitem__(self, at: Any) -> str:
        CountedKey.spelled += 1
        return str.__getitem__(self, at)

    def __format__(self, spec: str) -> str:
        CountedKey.spelled += 1
        return str.__format__(self, spec)

    @classmethod
    def fresh(cls) -> None:
        cls.compared = cls.spelled = 0


@pytest.mark.parametrize("many", [1000, 4000])
def test_a_key_that_stands_twice_is_found_with_work_that_grows_with_the_keys(many: int) -> None:
    """A search for each key, as with ``list.count``, would compare half of many times many."""
    keys = [CountedKey(f"key {number}") for number in range(many)]
    CountedKey.fresh()
    with pytest.raises(ValueError, match="'key 7' stands twice"):
        _unique([*((key, 0) for key in keys), (CountedKey("key 7"), 1)])
    assert CountedKey.compared <= 4 * many


def test_control_a_search_for_each_key_is_counted_as_more() -> None:
    keys = [CountedKey(f"key {number}") for number in range(100)]
    CountedKey.fresh()
    assert [] == [key for key in keys if keys.count(key) > 1]
    assert CountedKey.compared > 4 * len(keys)


def test_the_way_to_a_key_is_spelled_out_only_for_the_one_that_is_strange() -> None:
    """Else one long key above many short ones would be copied for each of them."""
    inner: dict[str, Any] = {CountedKey(f"key {number}"): {} for number in range(1000)}
    found: dict[str, Any] = {CountedKey("x"): inner}
    CountedKey.fresh()
    assert strange_key(found, found) is None
    assert 0 == CountedKey.spelled
    assert "$.x.key 7.y" == strange_key(
        {**found, CountedKey("x"): {**inner, "key 7": {"y": 1}}}, found
    )
    assert CountedKey.spelled <= 3


def test_a_key_is_named_escaped_and_cut() -> None:
    with pytest.raises(ValueError, match=r"^key 'a\\nb\\x1b' stands twice in one object$"):
        strict_tree(b'{"a\\nb\\u001b": 1, "a\\nb\\u001b": 2}')
    assert r"$.a\n" == strange_key({"a\n": 1}, {})
    assert f"$.{'k' * 200}... (5000 characters)" == strange_key({"k" * 5000: 1}, {})


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
def test_a_constant_that_json_does_not_have_is_refused(constant: bytes) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        strict_tree(b'{"x": %s}' % constant)


def test_a_key_that_stands_twice_is_refused_at_any_depth() -> None:
    with pytest.raises(ValueError, match="'x' stands twice"):
        strict_tree(b'[{"a": [{"x": 1, "y": 2, "x": 1}]}]')


def test_data_may_be_as_long_as_the_limit_and_no_longer() -> None:
    check_size(b" " * MAX_BYTES)
    with pytest.raises(ValueError, match=f"expected at most {MAX_BYTES}"):
        check_size(b" " * (MAX_BYTES + 1))


def test_a_strange_key_is_named_with_its_place() -> None:
    assert strange_key({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3, "c": 4}], "d": 5}) is None
    assert "$.a[1].c" == strange_key({"a": [1, {"c": 2}]}, {"a": [1, {"b": 2}]})
    assert "$.a: 2 items, 1 of them different" == strange_key({"a": [1, 1]}, {"a": [1]})
