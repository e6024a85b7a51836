"""What a store answers can be compared: two that say the same are equal, and hash alike."""

from __future__ import annotations

from deciderkit.log.answers import Conflict, StoreFailure


def test_answers_are_equal_where_they_say_the_same() -> None:
    assert {Conflict("a-1", 1, 2)} == {Conflict("a-1", 1, 2), Conflict("a-1", 1, 2)}
    assert Conflict("a-1", 1, 2) != Conflict("a-1", 1, 3)
    assert StoreFailure("full") != Conflict("a-1", 1, 2)
