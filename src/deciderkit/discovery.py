"""Which messages a function takes, read from its annotations.

The board knows its commands and events from the signatures of ``decide``, ``evolve`` and the
projections: what is written once for the type checker is not written a second time for the router.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from inspect import signature
from typing import Any, Union, get_args, get_origin, get_type_hints


def types_taken(function: Callable[..., Any], parameter: int) -> tuple[type, ...]:
    """The classes in the annotation of ``function``'s parameter number ``parameter``, from 0.

    A union gives its members in the order written; a generic class gives the class. Raises
    `TypeError`, naming the function and what to write, where the annotation is missing or names
    something that is not there.

    >>> def evolve(total: int, event: int | str) -> int: ...
    >>> types_taken(evolve, 1)
    (<class 'int'>, <class 'str'>)
    """
    names = list(signature(function).parameters)
    if parameter >= len(names):
        where = _name(function)
        raise TypeError(f"{where} takes {len(names)} parameters: expected at least {parameter + 1}")
    return _types_of(function, names[parameter])


def types_given(function: Callable[..., Any]) -> tuple[type, ...]:
    """The classes in the annotation of what ``function`` returns; as `types_taken` in all else.

    >>> def then(event: int) -> str: ...
    >>> types_given(then)
    (<class 'str'>,)
    """
    return _types_of(function, "return")


def _types_of(function: Callable[..., Any], name: str) -> tuple[type, ...]:
    where = _name(function)
    try:
        hints = get_type_hints(function)
    except NameError as error:
        raise TypeError(
            f"{where}: the annotation of {name!r} cannot be read ({error}): "
            "expected names that the function's module defines"
        ) from error
    if name not in hints:
        what = "what it returns" if name == "return" else f"parameter {name!r}"
        raise TypeError(f"{where}: {what} has no annotation: expected its message types")
    return tuple(_class_of(member, where, name) for member in _members(hints[name]))


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__qualname__", repr(function)))


def _members(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _class_of(member: Any, where: str, name: str) -> type:
    found = get_origin(member) or member
    if not isinstance(found, type):
        raise TypeError(f"{where}: {found!r} in the annotation of {name!r}: expected a class")
    return found
