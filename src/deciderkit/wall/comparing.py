"""A drawing that was kept beside the one of today: whether it is still true, and where it first is not."""

from __future__ import annotations

from itertools import zip_longest

from deciderkit.plain import shown


def differs(drawn: str, kept: str) -> str | None:
    """Where the ``kept`` drawing of a board is no longer the one ``drawn`` now; None where it is.

    Line ends do not count: who keeps files may have changed them.

    >>> differs("a\\nb\\n", "a\\r\\nb")
    >>> print(differs("a\\nb\\n", "a\\nc\\n"))
    line 2: the board says 'b', what was kept says 'c'
    """
    pairs = zip_longest(_lines(drawn), _lines(kept))
    for number, (now, then) in enumerate(pairs, start=1):
        if now != then:
            return f"line {number}: the board says {_said(now)}, what was kept says {_said(then)}"
    return None


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _said(line: str | None) -> str:
    return "nothing" if line is None else f"'{shown(line, 80)}'"
