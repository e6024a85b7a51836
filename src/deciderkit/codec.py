"""Events to JSON and back, by a registered name and a schema version.

A name is chosen once and outlives every rename in the code; nothing that data says is ever imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from deciderkit.recorded import Recorded

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


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


class _Line(Struct, frozen=True):
    """A recorded event as JSON spells it, with its keys in the order in which a person reads them."""

    position: int
    stream: str
    version: int
    type: str
    schema: int
    command_id: str
    recorded_at: str
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

    def encode(self, event: Any) -> Stored:
        """``event`` as data, the same bytes for equal events. Raises ``KeyError`` for a strange type."""
        registered = self._by_type[type(event)]
        return Stored(registered.name, registered.schema, self._encode(event))

    def decode(self, type: str, schema: int, data: bytes, position: int) -> Any:
        """The event in ``data``. Raises `CorruptEvent` at ``position`` where there is none."""
        decode = self._decoders.get((type, schema))
        try:
            return decode(data) if decode else self._upcast(type, schema, data)
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise CorruptEvent(position, str(error)) from None

    def line(self, recorded: Recorded[Any]) -> bytes:
        """A recorded event as one line of JSON, without the line's end."""
        stored = self.encode(recorded.event)
        line = _Line(
            recorded.position,
            recorded.stream,
            recorded.version,
            stored.type,
            stored.schema,
            recorded.command_id,
            recorded.recorded_at,
            msgspec.Raw(stored.data),
        )
        return self._encode(line)

    def _upcast(self, name: str, schema: int, data: bytes) -> Any:
        registered = self._by_name.get(name)
        if registered is None:
            raise ValueError(f"unknown type {name!r}: expected one of {', '.join(self._by_name)}")
        if not 1 <= schema < registered.schema:
            raise ValueError(
                f"unknown schema {schema} of {name}: expected 1 to {registered.schema}"
            )
        content = msgspec.json.decode(data, type=dict[str, Any])
        for version in range(schema, registered.schema):
            content = registered.upcasts[version](content)
        return msgspec.convert(content, registered.type)
