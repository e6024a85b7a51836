"""Events to JSON and back, by a registered name and a schema version.

A name is chosen once and outlives every rename in the code; nothing that data says is ever imported.
What cannot be read back as it was is refused here, before it stands in a log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any, Final, NamedTuple, Protocol

import msgspec
from returns.result import Failure, Result, Success

from deciderkit.log.errors import CorruptEvent, NotStorable, reason_of, unreadable
from deciderkit.log.readback import difference
from deciderkit.log.strict_json import MAX_BYTES, check_size, strict_tree
from deciderkit.log.types import strange_field, unstorable

_MANY: Final = 12
"""Events of one type from which on it pays to look at all of them together."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class HasEvents(Protocol):
    """A board, or whatever else knows its types of events."""

    @property
    def events(self) -> tuple[type, ...]:
        """Every type of event."""


@dataclass(frozen=True)
class EventType:
    """One type of event as it is stored: under which name, and in which version of its schema.

    ``type`` is a ``msgspec.Struct``, a dataclass, an ``attrs`` class or a ``NamedTuple`` of what JSON
    can hold. ``upcasts[n]`` turns the data of schema ``n`` into that of ``n + 1``; there is one for
    each schema before the present one. Raises ``ValueError`` where one is missing, and ``TypeError``
    for a type that cannot be stored.
    """

    name: str
    type: type[Any]
    schema: int = 1
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sorted(self.upcasts) != list(range(1, self.schema)):
            raise ValueError(
                f"{self.name}: upcasts from {sorted(self.upcasts)}: "
                f"expected one from each schema before {self.schema}"
            )
        if problem := unstorable(self.type):
            raise TypeError(f"{self.name} cannot be stored: {problem}")


class Stored(NamedTuple):
    """An event as data: the name of its type, the version of its schema, and the JSON."""

    type: str
    schema: int
    data: bytes


class Codec:
    """All event types of a log. Raises ``ValueError`` for a name or a type registered twice.

    >>> class Rang(msgspec.Struct, frozen=True):
    ...     door: str
    >>> codec = Codec([EventType("Rang", Rang)])
    >>> codec.encode(Rang("front"))
    Stored(type='Rang', schema=1, data=b'{"door":"front"}')
    >>> codec.decode(*codec.encode(Rang("front")), position=1)
    Rang(door='front')
    """

    def __init__(self, event_types: Iterable[EventType]) -> None:
        self.event_types = tuple(event_types)
        self._by_type = {each.type: each for each in self.event_types}
        self._by_name = {each.name: each for each in self.event_types}
        if not len(self._by_type) == len(self._by_name) == len(self.event_types):
            raise ValueError("an event type or a name is registered twice: expected one of each")
        self._decoders = {
            (each.name, each.schema): msgspec.json.Decoder(each.type).decode
            for each in self.event_types
        }
        self._checks = {
            each.type: (each.name, each.schema, self._decoders[each.name, each.schema])
            for each in self.event_types
        }
        encoder = msgspec.json.Encoder(order="deterministic")
        self._quick, self._lines = encoder.encode, encoder.encode_lines
        self._lines_back = {
            each.type: msgspec.json.Decoder(each.type).decode_lines for each in self.event_types
        }

    @classmethod
    def of(cls, board: HasEvents, *event_types: EventType) -> Codec:
        """The codec of ``board``: names are those of the classes, schema 1.

        What was renamed, or has upcasts, is given as one of ``event_types`` and stands in the place
        of its class.
        """
        given = {each.type: each for each in event_types}
        for each in given.values():
            if each.type not in board.events:
                raise ValueError(f"{each.name}: {each.type.__name__} is no event of this board")
        return cls(given.get(each) or EventType(each.__name__, each) for each in board.events)

    def encode(self, event: Any) -> Stored:
        """``event`` as data, the same bytes for equal events. Raises `NotStorable`."""
        registered = self._by_type.get(type(event))
        if registered is None:
            raise self._stranger(event)
        try:
            data = self._encode(event)
            check_size(data)
        except Exception as error:  # what msgspec, or a type's own code, raises
            raise NotStorable(type(event).__name__, reason_of(error)) from None
        return Stored(registered.name, registered.schema, data)

    def readable(self, event: Any) -> Stored:
        """``event`` as data that was read back and found equal. Raises `NotStorable`, with the field."""
        check = self._checks.get(type(event))
        if check is None:
            raise self._stranger(event)
        name, schema, decode = check
        try:
            data = self._encode(event)
            check_size(data)
            problem = difference(event, decode(data))
        except Exception as error:  # see `encode`
            problem = reason_of(error)
        if problem:
            raise NotStorable(type(event).__name__, problem)
        return Stored(name, schema, data)

    def all_readable(self, events: Iterable[Any]) -> list[Stored]:
        """`readable` of each of ``events``. Raises `NotStorable`, with the place of the first that is not."""
        given = list(events)
        if len(given) >= _MANY and (alike := self._alike(given)) is not None:
            return alike
        stored: list[Stored] = []
        checks, encode = self._checks, self._quick
        try:
            for event in given:
                try:  # the quick way, for what nearly every event is
                    name, schema, decode = checks[type(event)]
                    data = encode(event)
                    if len(data) <= MAX_BYTES and decode(data) == event:
                        stored.append(_stored((name, schema, data)))
                        continue
                except Exception:  # `readable` says what is wrong
                    pass
                stored.append(self.readable(event))
        except NotStorable as error:
            raise NotStorable(error.type, error.reason, len(stored)) from None
        return stored

    def _alike(self, events: list[Any]) -> list[Stored] | None:
        """The same for events of one type, with one call for all; None where each has to be looked at.

        Those of several types are quicker looked at one by one than put together by their types.
        """
        try:
            (kind,) = {*map(type, events)}
            name, schema, _ = self._checks[kind]
            lines = self._lines(events)
            *datas, _ = lines.split(b"\n")
            if len(datas) != len(events) or len(lines) > MAX_BYTES:
                return None
            if self._lines_back[kind](lines) != events:
                return None
        except Exception:  # `readable` says what is wrong, and with which
            return None
        return list(map(_stored, zip(repeat(name), repeat(schema), datas, strict=False)))

    def check(self, events: Iterable[Any]) -> Result[None, NotStorable]:
        """Whether each of ``events`` would be `readable`."""
        try:
            self.all_readable(events)
        except NotStorable as error:
            return Failure(error)
        return Success(None)

    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        """The event in ``data``, which may come from anywhere.

        Raises `CorruptEvent` at ``position`` for all that is not an event by the letter: unknown
        types, schemas and fields, keys that stand twice, numbers and texts that JSON does not have.
        """
        try:
            check_size(data)
            event = self.decoder(type, schema)(data)
            if schema != self._by_name[type].schema:
                strict_tree(data)
            elif self._encode(event) != data:
                self._refuse_strange(type, schema, data)
        except Exception as error:  # an upcast or a type's own code may raise anything
            raise CorruptEvent(position, unreadable(error)) from None
        return event

    def decoder(self, type: str, schema: int) -> Callable[[bytes], Any]:
        """The quick way from data to events of one type, for data that a checksum vouches for.

        Raises ``ValueError`` for a type or a schema that is not registered; what it returns raises
        anything for data that is not such an event.
        """
        quick = self._decoders.get((type, schema))
        if quick is not None:
            return quick
        registered = self._by_name.get(type)
        if registered is None:
            known = ", ".join(self._by_name)
            renamed = (
                f"a class that was renamed keeps its name in the log, EventType({type!r}, ...)"
            )
            raise ValueError(f"unknown type {type!r}: expected one of {known}; {renamed}")
        if not 1 <= schema < registered.schema:
            known = "1" if registered.schema == 1 else f"1 to {registered.schema}"
            raise ValueError(f"unknown schema {schema} of {type}: expected {known}")
        return partial(_upcast, registered, schema)

    def _encode(self, event: Any) -> bytes:
        try:
            return self._quick(event)
        except TypeError:  # perhaps a map whose keys are no texts: it can be put in order only so
            plain = msgspec.to_builtins(event, str_keys=True, order="deterministic")
            return self._quick(plain)

    def _refuse_strange(self, name: str, schema: int, data: bytes) -> None:
        """Raise ``ValueError`` for a field that the type does not have."""
        strange = strange_field(strict_tree(data), self._by_name[name].type)
        if strange is not None:
            raise ValueError(
                f"unknown field {strange}: a type whose fields were changed wants a new schema, "
                f"with an upcast from schema {schema}"
            )

    def _stranger(self, event: Any) -> NotStorable:
        known = ", ".join(each.type.__name__ for each in self.event_types)
        return NotStorable(type(event).__name__, f"its type is not in the codec: expected {known}")


_stored: Final = partial(tuple.__new__, Stored)
"""`Stored` of its three parts; half as long as by its name."""


def _upcast(registered: EventType, schema: int, data: bytes) -> Any:
    content = msgspec.json.decode(data, type=dict[str, Any])
    for version in range(schema, registered.schema):
        content = registered.upcasts[version](content)
    return msgspec.convert(content, registered.type)
