"""How a log says that something is no event."""

from __future__ import annotations

import pytest

from deciderkit.log.errors import CorruptEvent, CorruptLine, NotStorable, reason_of


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("too long"), "too long"),
        (ValueError(), "ValueError"),
        (TypeError("no"), "no"),
        (KeyError("x"), "missing 'x'"),
        (StopIteration(), "StopIteration"),
        (ZeroDivisionError("by 0"), "ZeroDivisionError: by 0"),
    ],
)
def test_a_reason_says_what_the_words_alone_would_not(error: Exception, said: str) -> None:
    assert said == reason_of(error)


def test_each_error_says_where_and_why() -> None:
    assert "corrupt event at position 7: gone" == str(CorruptEvent(7, "gone"))
    assert "line 7: gone" == str(CorruptLine(7, "gone"))
    refused = NotStorable("Landed", "too long", index=3)
    assert ("Landed cannot be stored: too long", 3) == (str(refused), refused.index)
