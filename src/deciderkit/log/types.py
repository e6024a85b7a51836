"""What the type of an event says of its JSON: whether it can be stored at all, and which fields it knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from deciderkit.plain import shown

_OBJECTS = (
    inspect.StructType,
    inspect.DataclassType,
    inspect.NamedTupleType,
    inspect.TypedDictType,
)
_ITEMS = (
    inspect.ListType,
    inspect.SetType,
    inspect.FrozenSetType,
    inspect.VarTupleType,
    inspect.CollectionType,
)


def unstorable(type: type[Any]) -> str:
    """Why no event of ``type`` can be stored; nothing if it can.

    >>> from pyrsistent import PVector
    >>> unstorable(msgspec.defstruct("Packed", [("items", list[PVector])]))
    '$.items[] is a PVector: expected what JSON can hold, such as a tuple, a dict or a Struct'
    """
    try:
        msgspec.json.Decoder(type)
        found = next(_custom(inspect.type_info(type), "$", ()), None)
    except (TypeError, NameError, ValueError) as error:
        return str(error)
    if found is None:
        return ""
    place, cls = found
    if place == "$":
        expected = "a msgspec.Struct, a dataclass, an attrs class or a NamedTuple"
        return f"it is a class of another kind: expected {expected}"
    expected = "what JSON can hold, such as a tuple, a dict or a Struct"
    return f"{place} is a {cls.__name__}: expected {expected}"


def strange_field(tree: Any, type: type[Any]) -> str | None:
    """Where ``tree``, the plain values of some JSON, has what ``type`` does not know.

    >>> class Point(msgspec.Struct):
    ...     x: int
    >>> strange_field({"x": 1, "z": 2}, Point)
    '$.z'
    """
    return strange_in(tree, inspect.type_info(type))


def strange_in(tree: Any, info: inspect.Type) -> str | None:
    """`strange_field` for a type that was looked into before, which takes longer than all the rest."""
    strange = next(_strange(tree, info), None)
    return None if strange is None else f"${strange}"


def _custom(
    info: inspect.Type, place: str, seen: tuple[type, ...]
) -> Iterator[tuple[str, type[Any]]]:
    """The places of ``info`` that hold something that JSON does not know."""
    match info:
        case inspect.CustomType(cls=cls):
            yield place, cls
        case inspect.UnionType(types=types):
            for each in types:
                yield from _custom(each, place, seen)
        case inspect.DictType(key_type=key, value_type=value):
            yield from _custom(key, f"{place}[key]", seen)
            yield from _custom(value, f"{place}[]", seen)
        case inspect.TupleType(item_types=types):
            for each in types:
                yield from _custom(each, f"{place}[]", seen)
        case _ if isinstance(info, _ITEMS):
            yield from _custom(info.item_type, f"{place}[]", seen)
        case _ if isinstance(info, _OBJECTS) and info.cls not in seen:
            for field in info.fields:
                yield from _custom(field.type, f"{place}.{field.name}", (*seen, info.cls))


def _strange(tree: Any, info: inspect.Type) -> Iterator[str]:
    """The ways to what is strange, put together on the way back: where nothing is, they cost nothing."""
    match tree:
        case dict():
            yield from _strange_in_object(tree, info)
        case list():
            yield from _strange_in_list(tree, info)


def _below(step: str, rest: Iterator[str]) -> Iterator[str]:
    return (f"{step}{each}" for each in rest)


def _strange_in_object(tree: dict[str, Any], info: inspect.Type) -> Iterator[str]:
    if isinstance(info, inspect.UnionType):
        info = next((each for each in info.types if _is_of(tree, each)), info)
    if isinstance(info, inspect.DictType):
        for key, value in tree.items():
            for rest in _strange(value, info.value_type):
                yield f".{shown(key)}{rest}"
    elif isinstance(info, _OBJECTS):
        known = {field.encode_name: field.type for field in info.fields}
        tag = getattr(info, "tag_field", None)
        for key, value in tree.items():
            if key in known:
                yield from _below(f".{key}", _strange(value, known[key]))
            elif key != tag:
                yield f".{shown(key)}"


def _is_of(tree: dict[str, Any], info: inspect.Type) -> bool:
    tag = getattr(info, "tag_field", None)
    if tag is not None:
        return bool(tree.get(tag) == getattr(info, "tag", None))
    return isinstance(info, (inspect.DictType, *_OBJECTS))


def _strange_in_list(tree: list[Any], info: inspect.Type) -> Iterator[str]:
    options = info.types if isinstance(info, inspect.UnionType) else (info,)
    for option in options:
        if isinstance(option, (inspect.SetType, inspect.FrozenSetType)):
            different = len({msgspec.json.encode(item, order="deterministic") for item in tree})
            if different != len(tree):
                yield f": {len(tree)} items, {different} of them different"
        if isinstance(option, _ITEMS):
            for index, item in enumerate(tree):
                yield from _below(f"[{index}]", _strange(item, option.item_type))
        elif isinstance(option, inspect.TupleType):
            for index, (item, kind) in enumerate(zip(tree, option.item_types, strict=False)):
                yield from _below(f"[{index}]", _strange(item, kind))
        elif isinstance(option, _OBJECTS):  # an object that is written as an array
            for index, (item, field) in enumerate(zip(tree, option.fields, strict=False)):
                yield from _below(f"[{index}]", _strange(item, field.type))
