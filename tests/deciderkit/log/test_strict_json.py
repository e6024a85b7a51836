"""JSON read without mercy."""

from __future__ import annotations

import time

import pytest

from deciderkit.log.strict_json import MAX_BYTES, check_size, strict_tree


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


def test_a_key_that_stands_twice_is_found_in_time_that_grows_with_the_data() -> None:
    """Refusing 60,000 keys cost minutes where each was counted among all the others."""
    keys = ",".join(f'"k{number}":1' for number in range(60_000))
    began = time.process_time()
    for _ in range(3):
        strict_tree(b"{%s}" % keys.encode())
    alone = time.process_time() - began
    began = time.process_time()
    for _ in range(3):
        with pytest.raises(ValueError, match="'k59999' stands twice"):
            strict_tree(b'{%s,"k59999":1}' % keys.encode())
    assert time.process_time() - began < 20 * alone + 0.5


def test_a_longer_limit_may_be_given() -> None:
    with pytest.raises(ValueError, match="8 bytes: expected at most 7"):
        strict_tree(b'{"a": 1}', most=7)
    assert {"a": 1} == strict_tree(b'{"a": 1}', most=8)


@pytest.mark.parametrize("data", [b"\xff", b"\xef\xbb\xbf{}", b"", b"{} {}", b"1" * 5_000])
def test_what_is_no_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict_tree(data)
