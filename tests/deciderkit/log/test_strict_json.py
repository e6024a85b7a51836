"""JSON read without mercy."""

from __future__ import annotations

import pytest

from deciderkit.log.strict_json import MAX_BYTES, check_size, strange_key, strict_tree


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
