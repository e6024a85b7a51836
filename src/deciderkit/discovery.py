"""Which messages a function takes, read from its annotations.

The board knows its commands and events from the signatures of ``decide``, ``evolve`` and the
projections: what is written once for the type checker is not written a second time for the router.
Functions, methods, ``functools.partial`` and objects that can be called are all read alike.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import partial
from inspect import Parameter, isroutine, signature
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

_BY_PLACE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def types_taken(function: Callable[..., Any], parameter: int) -> tuple[type, ...]:
    """The classes in the annotation of ``function``'s parameter number ``parameter``, from 0.

    A union gives its members in the order written, an alias what it stands for, a generic class the
    class. Raises `TypeError`, naming the function and what to write, where the annotation is missing
    or names something that is not there.

    >>> def evolve(total: int, event: int | str) -> int: ...
    >>> types_taken(evolve, 1)
    (<class 'int'>, <class 'str'>)
    """
    name = parameter_name(function, parameter)
    return tuple(_class_of(each, function, name) for each in members(_hint(function, name)))


def types_given(function: Callable[..., Any]) -> tuple[type, ...]:
    """The classes in the annotation of what ``function`` returns; as `types_taken` in all else.

    >>> def then(event: int) -> str: ...
    >>> types_given(then)
    (<class 'str'>,)
    """
    hint = _hint(function, "return")
    return tuple(_class_of(each, function, "return") for each in members(hint))


def types_decided(decide: Callable[..., Any]) -> tuple[type, ...]:
    """The classes inside the tuples that ``decide`` is annotated to return; none where it does not say.

    >>> def decide(command: int, state: int) -> tuple[int | str, ...] | tuple[float]: ...
    >>> types_decided(decide)
    (<class 'int'>, <class 'str'>, <class 'float'>)
    """
    try:
        hint = _hint(decide, "return")
    except TypeError:
        return ()
    inside = (
        member
        for decision in members(hint)
        if get_origin(decision) is tuple
        for item in get_args(decision)
        for member in members(item)
    )
    classes = (get_origin(each) or each for each in inside)
    return tuple(dict.fromkeys(each for each in classes if isinstance(each, type)))


def parameter_name(function: Callable[..., Any], parameter: int) -> str:
    """The name of the parameter that a caller gives in place ``parameter``, from 0.

    >>> parameter_name(lambda state, event: state, 1)
    'event'
    """
    found = signature(function).parameters.values()
    names = [each.name for each in found if each.kind in _BY_PLACE]
    if parameter >= len(names):
        where = _name(function)
        raise TypeError(f"{where} takes {len(names)} parameters: expected at least {parameter + 1}")
    return names[parameter]


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of anything that can be called, resolved.

    >>> def add(total: "int", by: int) -> int: ...
    >>> hints_of(partial(add, 1))["total"]
    <class 'int'>
    """
    while isinstance(function, partial):
        function = function.func
    return get_type_hints(function if isroutine(function) else type(function).__call__)


def members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, however it is spelled; any other annotation is its only member.

    >>> members(int | Annotated[str, "a name"])
    (<class 'int'>, <class 'str'>)
    """
    if hasattr(annotation, "__value__"):  # an alias by Python 3.12's `type` statement
        return members(annotation.__value__)
    origin = get_origin(annotation)
    if origin is Annotated:
        return members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return tuple(member for each in get_args(annotation) for member in members(each))
    return (annotation,)


def _hint(function: Callable[..., Any], name: str) -> Any:
    where = _name(function)
    try:
        hints = hints_of(function)
    except NameError as error:
        raise TypeError(
            f"{where}: the annotation of {name!r} cannot be read ({error}): "
            "expected names that the function's module defines"
        ) from error
    if name not in hints:
        what = "what it returns" if name == "return" else f"parameter {name!r}"
        raise TypeError(f"{where}: {what} has no annotation: expected its message types")
    return hints[name]


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__qualname__", repr(function)))


def _class_of(member: Any, function: Callable[..., Any], name: str) -> type:
    found = get_origin(member) or member
    if found is Any or not isinstance(found, type) or isinstance(found, TypeVar):
        raise TypeError(
            f"{_name(function)}: {found!r} in the annotation of {name!r}: expected a class"
        )
    return found
