"""Events to JSON and back, by a registered name and a schema version.

A name is chosen once and outlives every rename in the code; nothing that data says is ever imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import Meta, Struct

from deciderkit.recorded import COMMAND_ID_PATTERN, ID_PATTERN, TIME_PATTERN, Recorded
from deciderkit.strict_json import MAX_BYTES, check_size, strange_key, strict_tree

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

WRONG_DATA: Final = (ValueError, RecursionError, KeyError, TypeError, AttributeError, IndexError)
"""What reading wrong data, and upcasting it, can raise."""


class CorruptEvent(Exception):
    """Data in the log that is not an event: where it stands, and why.

    >>> print(CorruptEvent(7, "unknown type 'Launched'"))
    corrupt event at position 7: unknown type 'Launched'
    """

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(position, reason)
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return f"corrupt event at position {self.position}: {self.reason}"


class CorruptLine(ValueError):
    """A line of a file that is not a recorded event.

    >>> print(CorruptLine(7, "unknown type 'Launched'"))
    line 7: unknown type 'Launched'
    """

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(number, reason)
        self.number = number
        self.reason = reason

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


@dataclass(frozen=True)
class EventType:
    """One type of event as it is stored: under which name, and in which version of its schema.

    ``upcasts[n]`` turns the data of schema ``n`` into that of ``n + 1``; there is one for each
    schema before the present one. Raises ``ValueError`` where one is missing.
    """

    name: str
    type: type[Struct]
    schema: int = 1
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sorted(self.upcasts) != list(range(1, self.schema)):
            raise ValueError(
                f"{self.name}: upcasts from {sorted(self.upcasts)}: "
                f"expected one from each schema before {self.schema}"
            )


class Stored(NamedTuple):
    """An event as data: the name of its type, the version of its schema, and the JSON."""

    type: str
    schema: int
    data: bytes


class _Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded event as JSON spells it, with its keys in the order in which a person reads them."""

    position: Annotated[int, Meta(ge=1)]
    stream: Annotated[str, Meta(pattern=ID_PATTERN)]
    version: Annotated[int, Meta(ge=1)]
    type: str
    schema: int
    command_id: Annotated[str, Meta(pattern=COMMAND_ID_PATTERN)]
    recorded_at: Annotated[str, Meta(pattern=TIME_PATTERN)]
    data: msgspec.Raw


class Codec:
    """All event types of a log. Raises ``ValueError`` for a name or a type registered twice.

    >>> class Rang(Struct, frozen=True):
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
        self._encode = msgspec.json.Encoder(order="deterministic").encode
        self._decode_line = msgspec.json.Decoder(_Line).decode

    def encode(self, event: Any) -> Stored:
        """``event`` as data, the same bytes for equal events.

        Raises ``KeyError`` for a type that is not registered, and ``ValueError`` for an event that
        could not be read again: too long, or a text that is not Unicode.
        """
        registered = self._by_type[type(event)]
        data = self._encode(event)
        if len(data) > MAX_BYTES:
            check_size(data)
        return Stored(registered.name, registered.schema, data)

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
            elif (known := self._encode(event)) != data:
                _refuse_strange(data, known)
        except WRONG_DATA as error:
            raise CorruptEvent(position, _reason(error)) from None
        return event

    def decoder(self, type: str, schema: int) -> Callable[[bytes], Any]:
        """The quick way from data to events of one type, for data that a checksum vouches for.

        What it returns raises one of `WRONG_DATA` for data that is not such an event; so does this,
        for a type or a schema that is not registered.
        """
        quick = self._decoders.get((type, schema))
        if quick is not None:
            return quick
        registered = self._by_name.get(type)
        if registered is None:
            raise ValueError(f"unknown type {type!r}: expected one of {', '.join(self._by_name)}")
        if not 1 <= schema < registered.schema:
            known = "1" if registered.schema == 1 else f"1 to {registered.schema}"
            raise ValueError(f"unknown schema {schema} of {type}: expected {known}")
        return partial(_upcast, registered, schema)

    def line(self, recorded: Recorded[Any]) -> bytes:
        """A recorded event as one line of JSON, without the line's end. `read_line` is the inverse."""
        stored = self.encode(recorded.event)
        return self._encode(
            _Line(
                recorded.position,
                recorded.stream,
                recorded.version,
                stored.type,
                stored.schema,
                recorded.command_id,
                recorded.recorded_at,
                msgspec.Raw(stored.data),
            )
        )

    def read_line(self, line: bytes, number: int) -> Recorded[Any]:
        """The recorded event that line number ``number`` of a file holds.

        Raises `CorruptLine`; the event inside is held to the same rules as in `decode`.

        >>> Codec([]).read_line(b'{"position": 1', number=7)
        Traceback (most recent call last):
            ...
        deciderkit.codec.CorruptLine: line 7: Input data was truncated
        """
        try:
            check_size(line)
            if not line.strip():
                raise ValueError("the line is empty: expected a recorded event")
            found = self._decode_line(line)
            if self._encode(found) != line:
                strict_tree(line)
            event = self.decode(found.type, found.schema, bytes(found.data), found.position)
        except CorruptEvent as error:
            raise CorruptLine(number, error.reason) from None
        except WRONG_DATA as error:
            raise CorruptLine(number, _reason(error)) from None
        return Recorded(
            found.position, found.stream, found.version, event, found.command_id, found.recorded_at
        )


def _upcast(registered: EventType, schema: int, data: bytes) -> Any:
    content = msgspec.json.decode(data, type=dict[str, Any])
    for version in range(schema, registered.schema):
        content = registered.upcasts[version](content)
    return msgspec.convert(content, registered.type)


def _refuse_strange(data: bytes, known: bytes) -> None:
    strange = strange_key(strict_tree(data), msgspec.json.decode(known))
    if strange is not None:
        raise ValueError(f"unknown field {strange}")


def _reason(error: Exception) -> str:
    return f"missing {error}" if isinstance(error, KeyError) else str(error)
