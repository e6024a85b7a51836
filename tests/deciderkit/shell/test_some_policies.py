"""A process that runs some of the policies saves its to-dos, and takes away none of the others'."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deciderkit import Policy
from deciderkit.shell import MemoryEventStore, Program, saved
from tests.deciderkit.turnstile import (
    CoinTaken,
    InsertCoin,
    PersonPassed,
    Push,
    board,
    by_turnstile,
)


def push(event: CoinTaken) -> Push:
    return Push(event.turnstile)


greet = Policy("greet", CoinTaken, push, PersonPassed, by_turnstile)
program = replace(Program.of(replace(board, policies=(*board.policies, greet))), version="v1")


def test_what_is_saved_by_a_process_with_one_policy_hides_no_to_do_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(saved, "STEP", 1)
    store = MemoryEventStore(program.codec)
    alone = program.only("call the mechanic").on(store)
    for name in ("a", "b", "c"):
        alone.dispatch([InsertCoin(name, 1)]).unwrap()
        alone.resume().unwrap()
    asked = [(todo.policy.name, todo.key) for todo in program.on(store).todos().unwrap()]
    assert [("greet", "a"), ("greet", "b"), ("greet", "c")] == asked
