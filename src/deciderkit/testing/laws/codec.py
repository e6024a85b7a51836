"""The laws of any codec. Each is asked with a codec and an event.

That a name never changes no program can know by itself: keep samples of what was stored once, and
`what_was_stored_is_still_read` holds them against the codec of today.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import CorruptEvent
from deciderkit.testing.laws.law import Law, Told, Unasked, about, contradict, hold_alike


def tell_event(codec: Codec, event: Any) -> list[str]:
    """The story of one event on its way to the store and back."""
    names = ", ".join(f"{each.name} {each.schema}" for each in codec.event_types)
    return [f"codec: {names}", f"event: {event!r}"]


law = about("codec", tell_event)


@law
def an_event_survives_its_storage(codec: Codec, event: Any) -> None:
    """An event comes back from the store as it went in."""
    stored = codec.encode(event)
    hold_alike(event, codec.decode(*stored, position=1), stored=stored)


@law
def equal_events_are_equal_bytes(codec: Codec, event: Any) -> None:
    """Equal events are the same bytes, also after they were read back."""
    stored = codec.encode(event)
    hold_alike(stored, codec.encode(event))
    hold_alike(stored, codec.encode(codec.decode(*stored, position=1)))


@law
def a_schema_is_known_or_refused(codec: Codec, event: Any) -> None:
    """Every event is stored under a name and a schema that are registered; of others none is read."""
    stored = codec.encode(event)
    known = {(each.name, each.schema) for each in codec.event_types}
    if (stored.type, stored.schema) not in known:
        contradict(stored=stored, expected_one_of=sorted(known))
    strangers = (
        stored._replace(schema=stored.schema + 1),
        stored._replace(schema=0),
        stored._replace(type=f"{stored.type} of another log"),
    )
    for strange in strangers:
        _is_corrupt(codec, strange)


@law
def data_that_is_no_event_is_corrupt(codec: Codec, event: Any) -> None:
    """Data that was cut short is a corrupt event, and no other one."""
    stored = codec.encode(event)
    for data in (b"", stored.data[:-1], stored.data + b"]", b"null", b"[]"):
        _is_corrupt(codec, stored._replace(data=data))


def _is_corrupt(codec: Codec, stored: Stored) -> None:
    try:
        found = codec.decode(*stored, position=7)
    except CorruptEvent as error:
        hold_alike(7, error.position, stored=stored)
        return
    contradict(stored=stored, expected=Told("CorruptEvent"), actual=found)


@law
def what_is_stored_is_json(codec: Codec, event: Any) -> None:
    """What is stored is a JSON object, which any other program can read."""
    stored = codec.encode(event)
    plain = msgspec.json.decode(stored.data)
    if not isinstance(plain, dict):
        contradict(stored=stored, expected=Told("a JSON object"), actual=plain)


def tell_sample(codec: Codec, sample: tuple[Stored, Any] | None) -> list[str]:
    """The story of one sample from the past."""
    names = ", ".join(f"{each.name} {each.schema}" for each in codec.event_types)
    return [f"codec: {names}", f"stored once: {sample and sample[0]!r}"]


@about("codec", tell_sample)
def what_was_stored_is_still_read(codec: Codec, sample: tuple[Stored, Any] | None) -> None:
    """What was stored once is still read, as the event that it is today: names are for good."""
    if sample is None:
        raise Unasked(
            "no samples: keep some of what is stored today, and hold the codec against them"
        )
    stored, event = sample
    hold_alike(event, codec.decode(*stored, position=1))


@about("codec", lambda codec, samples: [f"samples: {len(samples)}"])
def every_upcast_is_asked(codec: Codec, samples: Sequence[tuple[Stored, Any]]) -> None:
    """Every schema of the past has a sample, so that its upcast is asked. Left out where it has not."""
    sampled = {(stored.type, stored.schema) for stored, _ in samples}
    past = [(each.name, old) for each in codec.event_types for old in range(1, each.schema)]
    if missing := [f"{name} {schema}" for name, schema in past if (name, schema) not in sampled]:
        raise Unasked(f"no sample of {', '.join(missing)}: what was stored so is not asked")


CODEC_LAWS: tuple[Law[[Codec, Any]], ...] = (
    an_event_survives_its_storage,
    equal_events_are_equal_bytes,
    a_schema_is_known_or_refused,
    data_that_is_no_event_is_corrupt,
    what_is_stored_is_json,
)
"""Every law of a codec."""
