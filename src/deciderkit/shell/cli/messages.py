"""Commands as JSON: ``{"type": "SwitchOn", "kettle": "red"}`` to a command of the board, and back.

What is expected is read from the types, so an error shows what would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import Any

import msgspec
from msgspec import inspect

from deciderkit.board import Board
from deciderkit.ids import BadId, is_id
from deciderkit.log.strict_json import strict_tree
from deciderkit.log.types import strange_in
from deciderkit.plain import shown

TYPE = "type"
_EXACT = msgspec.json.Encoder(decimal_format="number")
"""Numbers as they were said: ``90.10`` is an amount, and no float on the way to one."""

_WORDS: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.DecimalType: "decimal",
    inspect.BoolType: "true or false",
    inspect.NoneType: "null",
    inspect.DateTimeType: "date and time",
    inspect.DateType: "date",
    inspect.TimeType: "time",
    inspect.TimeDeltaType: "duration",
    inspect.UUIDType: "UUID",
    inspect.BytesType: "base64",
}


class BadCommand(ValueError):
    """A text that is no command of the board: what is wrong, and what would do."""


class Commands:
    """Reads the commands of ``board`` from lines of JSON."""

    def __init__(self, board: Board) -> None:
        self._by_name = {each.__name__: each for each in board.commands}
        self._takers = board.takers
        self._infos: dict[type, inspect.Type] = {}

    def read(self, text: str | bytes) -> Any:
        """The command in ``text``. Raises `BadCommand`."""
        data = text.encode(errors="surrogateescape") if isinstance(text, str) else text
        try:
            tree = strict_tree(data, fractions=Decimal)
        except (ValueError, RecursionError) as error:
            raise BadCommand(f"{_reason(error)}: expected {self._any()}") from None
        if not isinstance(tree, dict) or not isinstance(tree.get(TYPE), str):
            raise BadCommand(f"no command with a type: expected {self._any()}")
        name = tree.pop(TYPE)
        kind = self._by_name.get(name)
        if kind is None:
            near = get_close_matches(name, self._by_name, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(self._by_name)
            raise BadCommand(f"no command {shown(name, 60)!a}: {hint}expected one of {known}")
        command = self._made(kind, tree)
        self._check_place(command)
        return command

    def read_all(self, texts: Iterable[str | bytes]) -> Iterator[Any]:
        """The command in each of ``texts``; an error names its number, from 1."""
        for number, text in enumerate(texts, 1):
            try:
                yield self.read(text)
            except BadCommand as error:
                raise BadCommand(f"command {number}: {error}") from None

    def example(self) -> str:
        """What the first command of the board looks like."""
        return next((pattern(each) for each in self._by_name.values()), "none: the board has none")

    def _made(self, kind: type, tree: dict[str, Any]) -> Any:
        try:
            if kind not in self._infos:
                self._infos[kind] = inspect.type_info(kind)
            strange = strange_in(tree, self._infos[kind])
            if strange is not None:
                raise ValueError(f"unknown field {strange}")
            return msgspec.json.decode(_EXACT.encode(tree), type=kind)
        except (ValueError, TypeError) as error:  # msgspec's own error is a ValueError
            raise BadCommand(f"{kind.__name__}: {error}: expected {pattern(kind)}") from None

    def _check_place(self, command: Any) -> None:
        """Raise `BadCommand` for one whose key no stream can be named after."""
        aggregate = self._takers[type(command)]
        try:
            stream = aggregate.stream(command)
        except Exception:  # somebody's function: it is told when the command's turn comes
            return
        if not is_id(stream):
            raise BadCommand(str(BadId(stream, type(command).__name__)))

    def _any(self) -> str:
        return " or ".join(pattern(each) for each in list(self._by_name.values())[:3])


def pattern(kind: type) -> str:
    """What a command of type ``kind`` looks like as JSON, with words in the place of values.

    >>> class SwitchOn(msgspec.Struct):
    ...     kettle: str
    ...     minutes: int = 3
    >>> pattern(SwitchOn)
    '{"type": "SwitchOn", "kettle": text, "minutes": whole number}'
    """
    return f'{{"{TYPE}": "{kind.__name__}"{_fields(inspect.type_info(kind), before=", ")}}}'


def as_json(command: Any) -> dict[str, Any]:
    """A command, or any message, as what `Commands.read` reads: its type and its fields."""
    fields = msgspec.to_builtins(command, order="deterministic")
    named = fields if isinstance(fields, dict) else {"value": fields}
    return {TYPE: type(command).__name__, **named}


def _fields(info: inspect.Type, before: str = "") -> str:
    fields = getattr(info, "fields", ())
    return before * bool(fields) + ", ".join(
        f'"{field.encode_name}": {_word(field.type)}' for field in fields
    )


def _word(info: inspect.Type) -> str:
    if isinstance(info, inspect.DateTimeType | inspect.TimeType) and info.tz is not None:
        return f"{_WORDS[type(info)]} {'with' if info.tz else 'without'} a time zone"
    if isinstance(info, inspect.Metadata):
        return _word(info.type)
    if isinstance(info, inspect.EnumType):
        return " or ".join(_value(member) for member in info.cls)
    if isinstance(info, inspect.LiteralType):
        return " or ".join(msgspec.json.encode(each).decode() for each in info.values)
    if isinstance(info, inspect.UnionType):
        return " or ".join(dict.fromkeys(_word(each) for each in info.types))
    if isinstance(info, inspect.DictType):
        return f"{{{_word(info.key_type)}: {_word(info.value_type)}}}"
    if isinstance(info, inspect.TupleType):
        return f"[{', '.join(_word(each) for each in info.item_types)}]"
    if hasattr(info, "item_type"):
        return f"[{_word(info.item_type)}, ...]"
    if hasattr(info, "fields"):
        return f"{{{_fields(info)}}}"
    return _WORDS.get(type(info), "value")


def _value(member: Enum) -> str:
    return msgspec.json.encode(member.value).decode()


def _reason(error: Exception) -> str:
    return "nested without an end" if isinstance(error, RecursionError) else str(error)
