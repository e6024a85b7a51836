"""Looking for a strange field costs what the data is long: the way to a field is spelled once."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from deciderkit.log.types import strange_field


class SpelledKey(str):
    """A key that counts how often it becomes part of a text."""

    spelled = 0

    def __getitem__(self, at: Any) -> str:
        SpelledKey.spelled += 1
        return str.__getitem__(self, at)

    def __format__(self, spec: str) -> str:
        SpelledKey.spelled += 1
        return str.__format__(self, spec)


class Point(Struct, frozen=True):
    x: int = 0


class Maps(Struct, frozen=True):
    maps: dict[str, dict[str, Point]]


def test_the_way_to_a_field_is_spelled_out_only_for_the_one_that_is_strange() -> None:
    """Else one long key above many short ones would be copied for each of them."""
    inner: dict[str, Any] = {SpelledKey(f"key {number}"): {} for number in range(1000)}
    tree: dict[str, Any] = {"maps": {SpelledKey("long"): inner}}
    SpelledKey.spelled = 0
    assert strange_field(tree, Maps) is None
    assert 0 == SpelledKey.spelled
    inner[SpelledKey("last")] = {"y": 1}
    assert "$.maps.long.last.y" == strange_field(tree, Maps)
    assert SpelledKey.spelled <= 2


def test_a_field_is_named_escaped_and_cut() -> None:
    assert r"$.a\n\x1b" == strange_field({"a\n\x1b": 1}, Point)
    assert f"$.{'k' * 200}... (5000 characters)" == strange_field({"k" * 5000: 1}, Point)
    assert r"$.maps.a\n.b.y" == strange_field({"maps": {"a\n": {"b": {"y": 1}}}}, Maps)
