"""P1: what is acknowledged reads back equal; what would not is refused, and nobody else notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import PVector

from deciderkit.log.codec import Codec, EventType
from deciderkit.log.errors import NotStorable
from deciderkit.log.recorded import Recorded
from deciderkit.shell import Dispatcher, MemoryEventStore, Stopped, verify_log
from tests.deciderkit.shell.conftest import Stores
from tests.deciderkit.shell.ledger import Deposit, Rate, Rated, quiet_board

UNREADABLE = {
    "nan": (Rated(1, float("nan")), "got `null` - at `$.value`"),
    "infinity": (Rated(1, float("inf")), "$.value"),
    "text for a float": (Rated(1, "1.1"), "$.value"),  # type: ignore[arg-type]
    "None for a float": (Rated(1, None), "$.value"),  # type: ignore[arg-type]
    "a fraction for an int": (Rated(1, 1.0, at_least=10.5), "$.at_least"),  # type: ignore[arg-type]
    "a number for a text": (Rated(1, 1.0, note=7), "$.note"),  # type: ignore[arg-type]
    "below its bound": (Rated(1, 1.0, at_least=-1), "$.at_least"),
    "a truth for an int": (Rated(1, 1.0, at_least=True), "$.at_least"),
    "a tuple for a list": (Rated(1, 1.0, items=(1, 2)), "comes back as [1, 2] - at `$.items`"),  # type: ignore[arg-type]
    "a lone surrogate": (Rated(1, 1.0, note="\ud800"), "surrogates"),
    "a decimal that is none": (Rated(1, 1.0, share=Decimal("NaN")), "$.share"),
    "a number with too many digits": (Rated(1, 1.0, items=[10**5_000]), "limit"),
    "another class inside": (Rated(1, 1.0, items=[object()]), "object"),  # type: ignore[list-item]
    "too long": (Rated(1, 1.0, note="x" * (17 * 1024 * 1024)), "bytes: expected at most"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_event_that_would_not_read_back_is_refused_with_its_field(
    new_store: Stores, name: str
) -> None:
    event, words = UNREADABLE[name]
    store = new_store(quiet_board)
    dispatcher = Dispatcher(quiet_board, store)
    dispatcher.dispatch([Deposit(1, 10)]).unwrap()
    stopped = dispatcher.dispatch([Rate(1, event), Deposit(1, 5)]).failure()
    assert isinstance(stopped.because, NotStorable)
    assert "Rated cannot be stored" in str(stopped)
    assert words in str(stopped)
    # Nothing was recorded, and nobody else notices: not here, and not by another handle.
    assert 1 == store.head().unwrap()
    other = Dispatcher(quiet_board, new_store(quiet_board))
    assert 1 == other.dispatch([Deposit(2, 1)]).unwrap().carried_out
    assert 1 == verify_log(store, quiet_board).unwrap().streams["account-1"][1]


def test_a_log_to_which_somebody_adds_while_it_is_verified_is_whole(new_store: Stores) -> None:
    """Between the last page that was read and the look at what stands around the events."""
    store, other = new_store(quiet_board), Dispatcher(quiet_board, new_store(quiet_board))
    other.dispatch([Deposit(1, 10)]).unwrap()

    def somebody_adds(events: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
        yield from events
        other.dispatch([Deposit(1, 5), Deposit(1, 6)]).unwrap()

    assert 1 == verify_log(store, quiet_board, somebody_adds).unwrap().position
    assert 3 == verify_log(store, quiet_board).unwrap().position


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_what_stands_before_the_bad_command_is_recorded_whatever_the_chunk(
    new_store: Stores, chunk: int
) -> None:
    store = new_store(quiet_board)
    dispatcher = Dispatcher(quiet_board, store, chunk=chunk)
    commands = [Deposit(1, 1), Deposit(1, 2), Rate(1, float("nan")), Deposit(1, 4)]
    stopped = dispatcher.dispatch(commands).failure()
    assert isinstance(stopped, Stopped)
    assert 2 == stopped.report.carried_out
    assert "before that 2 commands were done" in str(stopped)
    assert 2 == store.head().unwrap()


@given(
    st.builds(
        Rated,
        st.integers(0, 5),
        st.floats(),
        st.integers(-1, 3),
        st.text(st.characters()),
        st.decimals(),
        st.lists(st.integers()),
    )
)
def test_what_is_acknowledged_reads_back_equal(event: Rated) -> None:
    store = MemoryEventStore(codec := Codec.of(quiet_board))
    if isinstance(store.append("account-1", 0, [event]).value_or(None), tuple):
        stored = codec.encode(event)
        assert event == codec.decode(*stored, position=1)
        assert event == codec.decoder(stored.type, stored.schema)(stored.data)


def test_a_seven_for_a_float_comes_back_equal_and_is_taken(new_store: Stores) -> None:
    store = new_store(quiet_board)
    assert 1 == len(store.append("account-1", 0, [Rated(1, 7)]).unwrap())
    assert Rated(1, 7.0) == store.read_all().unwrap()[0].event


class Met(msgspec.Struct, frozen=True):
    at: datetime


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_in_an_hour_that_comes_twice_is_taken(fold: int) -> None:
    codec = Codec([EventType("Met", Met)])
    at = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"), fold=fold)
    stored = codec.readable(Met(at))
    assert at.timestamp() == codec.decode(*stored, position=1).at.timestamp()


def test_a_type_that_is_not_in_the_codec_is_named_with_those_that_are(new_store: Stores) -> None:
    class Strange(msgspec.Struct):
        pass

    wrong = new_store(quiet_board).append("account-1", 0, [Strange()]).failure()
    assert "Strange cannot be stored: its type is not in the codec" in str(wrong)
    assert "Deposited" in str(wrong)


class Pair(NamedTuple):
    left: int
    right: dict[int, int]


class Packed(msgspec.Struct):
    items: list[PVector[int]]


def test_a_type_that_cannot_be_stored_is_refused_when_the_codec_is_made() -> None:
    with pytest.raises(TypeError, match=r"\$\.items\[\] is a PVector: expected what JSON can hold"):
        EventType("Packed", Packed)

    class Plain:
        """As a Pydantic model looks to a codec: a class of another kind."""

    with pytest.raises(TypeError, match=r"Plain cannot be stored: .*expected a msgspec.Struct"):
        EventType("Plain", Plain)


def test_maps_with_numbers_for_keys_and_named_tuples_are_stored() -> None:
    codec = Codec([EventType("Pair", Pair)])
    pair = Pair(1, {2: 3})
    assert pair == codec.decode(*codec.readable(pair), position=1)


def test_the_place_of_the_first_event_that_cannot_be_stored_is_told(new_store: Stores) -> None:
    store = new_store(quiet_board)
    events: list[Any] = [Rated(1, 1.0), Rated(1, float("nan"))]
    refused = store.append("account-1", 0, events).failure()
    assert isinstance(refused, NotStorable)
    assert 1 == refused.index
    assert 1 == store.check(events).failure().index
