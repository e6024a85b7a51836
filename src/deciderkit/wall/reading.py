"""A board read into its wall: what its value and its annotations say, and nothing that it is told.

By which field an aggregate, a policy or a view tells one case from another is asked of the key
function itself, with a message whose fields only know their names. A function that does more than
pick a field stands on the wall as computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final, get_args, get_origin, get_type_hints

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.decider import Refused
from deciderkit.policy import Policy
from deciderkit.projection import Projection
from deciderkit.wall.field_types import type_of
from deciderkit.wall.naming import spelled, spelled_field
from deciderkit.wall.notes import (
    COMPUTED,
    OWN,
    AggregateNote,
    CommandNote,
    Field,
    PolicyNote,
    SystemNote,
    ViewNote,
    Wall,
    in_order,
)


def wall_of(board: Board) -> Wall:
    """The wall that ``board`` is: every note, what it carries, and what leads to what."""
    aggregates = tuple(map(_aggregate, board.aggregates))
    keys = {
        event: each.key.name if each.key else COMPUTED
        for each, own in zip(aggregates, board.aggregates, strict=True)
        for event in own.events
    }
    return Wall(
        aggregates,
        tuple(_policy(each, keys) for each in board.policies),
        tuple(map(_view, board.projections)),
        tuple(SystemNote(each.name, _names(each.hears)) for each in board.externals),
    )


def _aggregate(aggregate: Aggregate) -> AggregateNote:
    leads = aggregate.leads_to
    commands = tuple(
        CommandNote(spelled(each.__name__), fields_of(each), _names(leads[each]))
        for each in aggregate.commands
    )
    events = {spelled(each.__name__): fields_of(each) for each in aggregate.events}
    key = field_asked(aggregate.key, (*aggregate.commands, *aggregate.events))
    return AggregateNote(
        aggregate.name,
        aggregate.category,
        _typed(key, (*(each.fields for each in commands), *events.values())),
        commands,
        in_order(commands, events),
        _reasons(aggregate.decider.decide),
    )


def _policy(policy: Policy[Any, Any], keys: Mapping[type, str]) -> PolicyNote:
    return PolicyNote(
        policy.name,
        spelled(policy.whenever.__name__),
        _names(policy.asks_for),
        _names(policy.answers),
        _names(policy.excuses),
        _policy_key(policy, keys),
        field_asked(policy.due, (policy.whenever,)) if policy.due else "",
    )


def _policy_key(policy: Policy[Any, Any], keys: Mapping[type, str]) -> str:
    heard = (policy.whenever, *policy.answers, *policy.excuses)
    shared = field_asked(policy.key, heard)
    if shared != COMPUTED:
        return shared
    asked = {event: field_asked(policy.key, (event,)) for event in heard}
    own = COMPUTED not in asked.values() and all(asked[each] == keys.get(each) for each in heard)
    return OWN if own else COMPUTED


def _view(view: Projection[Any]) -> ViewNote:
    return ViewNote(
        view.name, _names(view.takes), field_asked(view.key, view.takes) if view.is_keyed else ""
    )


def _names(messages: Iterable[type]) -> tuple[str, ...]:
    return tuple(spelled(each.__name__) for each in messages)


def _typed(key: str, messages: Iterable[tuple[Field, ...]]) -> Field | None:
    """The key with its type: that of the first message; none where a message has no such field."""
    found = [next((each for each in fields if each.name == key), None) for fields in messages]
    return found[0] if found and None not in found else None


_FIELD_NAMES: Final = ("__struct_fields__", "__dataclass_fields__", "_fields")


def fields_of(message: type) -> tuple[Field, ...]:
    """What a message carries: of a struct, a dataclass or a named tuple; of anything else, nothing."""
    listed = next((getattr(message, each) for each in _FIELD_NAMES if hasattr(message, each)), ())
    try:
        hints = get_type_hints(message)
    except NameError:
        hints = {}
    return tuple(Field(spelled_field(name), str(type_of(hints.get(name, Any)))) for name in listed)


def _reasons(decide: Callable[..., Any]) -> tuple[str, ...]:
    """The values of the enum that ``decide`` is annotated to refuse with, in their order."""
    return tuple(
        member.value if isinstance(member.value, str) else member.name
        for refused in _parts(get_type_hints(decide).get("return"))
        if get_origin(refused) is Refused
        for reasons in get_args(refused)[1:]
        if isinstance(reasons, type) and issubclass(reasons, Enum)
        for member in reasons
    )


def _parts(annotation: Any) -> Iterable[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


class _Asked:
    """A message, or something in it, that knows only by which names it was come to."""

    def __init__(self, kind: type, *path: str) -> None:
        self.__dict__.update(_kind=kind, _path=path)

    def __getattribute__(self, name: str) -> Any:
        held = object.__getattribute__(self, "__dict__")
        if name == "__class__":
            return held["_kind"]
        return held if name == "__dict__" else _Asked(_Asked, *held["_path"], name)

    def __str__(self) -> str:
        return f"\0{'.'.join(self.__dict__['_path'])}\0"

    __repr__ = __str__


_FIELDS_PICKED: Final = re.compile(r"\0[^\W\d]\w*\0(?:[^\w\0]\0[^\W\d]\w*\0)*")
"""What a key makes of an `_Asked`: a field, or several with a sign between them."""


def field_asked(key: Callable[[Any], Any], messages: Iterable[type]) -> str:
    """The field that ``key`` picks from each of ``messages``, as text or as it is; else `COMPUTED`.

    Several that are put together with a sign between them have ``and`` between them on the wall.

    >>> field_asked(lambda each: str(each.rover_id), (int, str))
    'rover id'
    >>> field_asked(lambda each: f"{each.copy}/{each.member!r}", (int, str))
    'copy and member'
    >>> field_asked(lambda each: each.rover_id.upper(), (int, str))
    '(computed)'
    """
    found = {_picked(key, each) for each in messages}
    return found.pop() if len(found) == 1 else COMPUTED


def _picked(key: Callable[[Any], Any], message: type) -> str:
    try:
        picked = str(key(_Asked(message)))
    except Exception:
        return COMPUTED
    if not _FIELDS_PICKED.fullmatch(picked):
        return COMPUTED
    return " and ".join(map(spelled_field, re.findall(r"\w+", picked)))
