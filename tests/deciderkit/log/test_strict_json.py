"""JSON read without mercy."""

from __future__ import annotations

import pytest

from deciderkit.log.strict_json import MAX_BYTES, _unique, check_size, strict_tree


class CountedKey(str):
    """A key that counts how often anybody compares it."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        CountedKey.compared += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize("many", [1000, 4000])
def test_a_key_that_stands_twice_is_found_with_work_that_grows_with_the_keys(many: int) -> None:
    """A search for each key, as with ``list.count``, would compare half of many times many."""
    keys = [CountedKey(f"key {number}") for number in range(many)]
    CountedKey.compared = 0
    with pytest.raises(ValueError, match="'key 7' stands twice"):
        _unique([*((key, 0) for key in keys), (CountedKey("key 7"), 1)])
    assert CountedKey.compared <= 4 * many


def test_control_a_search_for_each_key_is_counted_as_more() -> None:
    keys = [CountedKey(f"key {number}") for number in range(100)]
    CountedKey.compared = 0
    assert [] == [key for key in keys if keys.count(key) > 1]
    assert CountedKey.compared > 4 * len(keys)


def test_a_key_is_named_escaped_and_cut() -> None:
    with pytest.raises(ValueError, match=r"^key 'a\\nb\\x1b' stands twice in one object$"):
        strict_tree(b'{"a\\nb\\u001b": 1, "a\\nb\\u001b": 2}')


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


def test_a_longer_limit_may_be_given() -> None:
    with pytest.raises(ValueError, match="8 bytes: expected at most 7"):
        strict_tree(b'{"a": 1}', most=7)
    assert {"a": 1} == strict_tree(b'{"a": 1}', most=8)


@pytest.mark.parametrize("data", [b"\xff", b"\xef\xbb\xbf{}", b"", b"{} {}", b"1" * 5_000])
def test_what_is_no_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict_tree(data)
