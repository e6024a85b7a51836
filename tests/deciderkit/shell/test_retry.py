"""A request with a command id of its own: however often it is made, it is carried out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from deciderkit.shell.dispatcher import Dispatcher
from deciderkit.shell.event_store import EventStore, Page, StoreError, StoreFailure
from deciderkit.shell.happenings import OtherCommands, Report
from deciderkit.shell.memory import MemoryEventStore
from returns.io import IOFailure, IOResult
from returns.unsafe import unsafe_perform_io

from deciderkit import Refused
from tests.deciderkit.turnstile import InsertCoin, Jammed, Kick, Push, board

COIN, PUSH, KICK = InsertCoin("north", 2), Push("north"), Kick("north")
VISIT = (COIN, PUSH)


def value(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.unwrap())


def error(result: IOResult[Any, Any]) -> Any:
    return unsafe_perform_io(result.failure())


def log(store: EventStore) -> list[Any]:
    return [each.event for each in value(store.read_all())]


class Mute(MemoryEventStore):
    """A store that does its work and now and then does not say so."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Iterator[bool] = iter(())

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        done = super().append(stream, expected_version, events, command_id)
        return done if next(self.answers, True) else IOFailure(StoreFailure("no answer"))


@contextmanager
def silence(store: Mute, after: int) -> Iterator[None]:
    store.answers = iter([True] * after + [False])
    yield
    store.answers = iter(())


PROGRAM = (PUSH, *VISIT, InsertCoin("south", 1), *VISIT, KICK, KICK)


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("after", range(6))
def test_a_retry_ends_as_if_the_first_try_had_been_answered(chunk: int, after: int) -> None:
    calm, store = MemoryEventStore(), Mute()
    report = value(Dispatcher(board, calm, chunk=chunk).dispatch(PROGRAM, command_id="c1"))
    with silence(store, after):
        Dispatcher(board, store, chunk=chunk).dispatch(PROGRAM, command_id="c1")
    for _ in range(3):
        again = Dispatcher(board, store, chunk=chunk).dispatch(PROGRAM, command_id="c1")
        assert report == value(again)
        assert log(calm) == log(store)


def test_control_a_retry_under_a_fresh_id_does_it_twice() -> None:
    store = Mute()
    with silence(store, after=0):
        Dispatcher(board, store).dispatch(VISIT, command_id="c1")
    value(Dispatcher(board, store).dispatch(VISIT, command_id="c2"))
    assert 6 == len(log(store))


def test_a_retry_is_told_the_first_outcome_even_if_the_world_has_moved_on() -> None:
    store = MemoryEventStore()
    first: list[Any] = []
    again: list[Any] = []
    value(Dispatcher(board, store, observe=first.append).dispatch(VISIT, command_id="c1"))
    value(Dispatcher(board, store).dispatch([KICK]))
    retried = Dispatcher(board, store, observe=again.append).dispatch(VISIT, command_id="c1")
    assert Report(carried_out=2) == value(retried)
    assert first == again


def test_a_retry_halts_where_the_first_try_did() -> None:
    store = MemoryEventStore()
    commands = (KICK, InsertCoin("south", 2))
    for _ in range(2):
        value(Dispatcher(board, store).dispatch(commands, halts=[Jammed], command_id="c1"))
    assert 2 == len(log(store))


def test_what_was_refused_left_no_trace_and_is_decided_again() -> None:
    store = MemoryEventStore()
    refused = value(Dispatcher(board, store).dispatch([PUSH], command_id="c1"))
    assert isinstance(refused.refusal, Refused)
    value(Dispatcher(board, store).dispatch([COIN]))
    assert Report(carried_out=1) == value(
        Dispatcher(board, store).dispatch([PUSH], command_id="c1")
    )


def test_an_id_that_was_used_for_other_commands_is_a_failure() -> None:
    store = MemoryEventStore()
    value(Dispatcher(board, store).dispatch([COIN], command_id="c1"))
    failure = error(Dispatcher(board, store).dispatch([KICK], command_id="c1"))
    assert OtherCommands("c1", position=1) == failure
    assert 2 == len(log(store))


@pytest.mark.parametrize("given", ["c1.1", "c1.2", "c1-1", "c1_1"])
def test_no_id_that_is_given_is_that_of_a_part_of_another_request(given: str) -> None:
    store = MemoryEventStore()
    value(Dispatcher(board, store, chunk=1).dispatch(PROGRAM, command_id="c1"))
    before = len(log(store))
    assert Report(carried_out=1) == value(
        Dispatcher(board, store).dispatch([InsertCoin("east", 2)], command_id=given)
    )
    assert before < len(log(store))


class Twin(MemoryEventStore):
    """A store in which another try of the same request is faster."""

    def append(
        self, stream: str, expected_version: int, events: Sequence[Any], command_id: str
    ) -> IOResult[Page, StoreError]:
        if not log(self):
            value(super().append(stream, expected_version, events[:2], command_id))
        return super().append(stream, expected_version, events, command_id)


def test_another_try_that_is_faster_is_taken_as_the_outcome() -> None:
    store = Twin()
    dispatcher = Dispatcher(board, store)
    report = value(dispatcher.dispatch([*VISIT, *VISIT], command_id="c1"))
    assert Report(carried_out=4) == report
    assert 6 == len(log(store))
    assert board.follow(log(store)).todos() == dispatcher.todos
