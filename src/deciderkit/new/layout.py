"""Python laid out as a formatter would: on one line if it fits, else one thing a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct

_WIDTH: Final = 88
_COMMENT: Final = "  # "


class Bracket(Struct, frozen=True):
    """Something in brackets: a call, a tuple, an import. ``is_tuple`` keeps the comma of a single item."""

    before: str
    items: tuple[Code, ...]
    after: str = ")"
    is_tuple: bool = False


Code: TypeAlias = "str | Bracket"


def call(name: str, *items: Code) -> Bracket:
    """A call of ``name``."""
    return Bracket(f"{name}(", items)


def tuple_of(items: Iterable[Code], before: str = "") -> Bracket:
    """A tuple, behind something like ``return``."""
    return Bracket(f"{before}(", tuple(items), is_tuple=True)


def laid_out(code: Code, indent: int = 0, behind: str = "") -> str:
    """``code`` on one line, if it fits with what stands ``behind`` it, else an item a line.

    >>> print(laid_out(call("Point", "x=1", "y=2")))
    Point(x=1, y=2)
    >>> print(laid_out(call("Point", "x=1", "y=0  # a gap")))
    Point(
        x=1,
        y=0,  # a gap
    )
    """
    margin = " " * indent
    line = f"{margin}{_flat(code)}{behind}"
    if isinstance(code, str) or (_COMMENT not in line and len(line) <= _WIDTH):
        return _with_comment_last(line, behind)
    inner = "".join(f"{laid_out(each, indent + 4, ',')}\n" for each in code.items)
    return f"{margin}{code.before}\n{inner}{margin}{code.after}{behind}"


def _flat(code: Code) -> str:
    if isinstance(code, str):
        return code
    comma = "," if code.is_tuple and len(code.items) == 1 else ""
    return f"{code.before}{', '.join(map(_flat, code.items))}{comma}{code.after}"


def _with_comment_last(line: str, behind: str) -> str:
    code, mark, comment = line.removesuffix(behind).partition(_COMMENT)
    return f"{code}{behind}{mark}{comment}"


def union(before: str, members: Iterable[str]) -> str:
    """``before`` and the members between strokes, in brackets where they need several lines.

    >>> print(union("Command: TypeAlias = ", ["Open", "Close"]))
    Command: TypeAlias = Open | Close
    """
    listed = list(members)
    line = " | ".join(listed)
    if len(before) + len(line) <= _WIDTH:
        return f"{before}{line}"
    if 4 + len(line) <= _WIDTH:
        return f"{before}(\n    {line}\n)"
    return f"{before}(\n    {f'{chr(10)}    | '.join(listed)}\n)"


def imports(module: str, names: Iterable[str]) -> str:
    """An import of names, sorted as ruff sorts them: constants, classes, then the rest."""
    listed = sorted(set(names), key=_kind)
    line = f"from {module} import {', '.join(listed)}"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"    {each},\n" for each in listed)
    return f"from {module} import (\n{inner})"


def import_block(*groups: Iterable[str]) -> str:
    """Import lines in groups, each sorted: whole modules before names out of modules."""
    listed = [
        sorted(set(each), key=lambda line: (line.startswith("from"), line)) for each in groups
    ]
    return "\n\n".join("\n".join(each) for each in listed if each)


def _kind(name: str) -> tuple[int, str, str]:
    if name.isupper() and len(name) > 1:
        return (0, name.lower(), name)
    return (1 if name[:1].isupper() else 2, name.lower(), name)
