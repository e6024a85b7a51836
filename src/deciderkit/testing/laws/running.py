"""A decider run for the laws: the steps and the states that commands lead to, and the story of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from deciderkit.decider import Decider, Refused, fold
from deciderkit.testing.laws.law import name_of
from deciderkit.testing.snapshot import snapshot

AnyDecider: TypeAlias = Decider[Any, Any, Any, Any]
Commands: TypeAlias = Sequence[Any]


class Step(NamedTuple):
    """One event (or refusal) on the way: the command, the states around it, the event."""

    command: Any
    before: Any
    event: Any
    after: Any


def of_its_own(decider: AnyDecider) -> AnyDecider:
    """``decider`` with a copy of its initial state: what happens to that happens to nobody else."""
    return replace(decider, initial=deepcopy(decider.initial))


def steps(decider: AnyDecider, commands: Commands) -> Iterator[Step]:
    """Run ``commands`` from the initial state, event by event."""
    state = decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            before, state = state, decider.evolve(state, event)
            yield Step(command, before, event, state)


def states(decider: AnyDecider, commands: Commands) -> list[Any]:
    """The initial state and every one that a command can meet: none from within a decision."""
    reached = [decider.initial]
    for command in commands:
        try:
            reached.append(fold(decider, decider.decide(command, reached[-1]), reached[-1]))
        except Exception:  # `decide_is_total` and `evolve_takes_what_decide_gives` tell of it
            break
    return reached


def questions(decider: AnyDecider, commands: Commands) -> list[tuple[Any, Any]]:
    """Every command in every state on the way."""
    return [
        (command, state)
        for state, command in product(distinct(states(decider, commands)), distinct(commands))
    ]


def distinct(values: Sequence[Any]) -> list[Any]:
    """``values``, each once."""
    return list({snapshot(value): value for value in values}.values())


def events_of(decider: AnyDecider, commands: Commands) -> list[Any]:
    """The events that ``commands`` lead to, without the refusals."""
    events = (step.event for step in steps(decider, commands))
    return [event for event in events if not isinstance(event, Refused)]


def tell_commands(decider: AnyDecider, commands: Commands) -> list[str]:
    """The story of a run, as far as it can be told of a decider that may be broken."""
    lines = [f"decider: {name_of(decider.decide)}", "commands:" if commands else "commands: none"]
    decider = of_its_own(decider)
    state = decider.initial
    for number, command in enumerate(commands, start=1):
        lines.append(f"  {number}. {command!r}")
        try:
            for event in decider.decide(command, state):
                lines.append(f"       -> {event!r}")
                state = decider.evolve(state, event)
        except Exception as error:
            lines.append(f"       -> raised {type(error).__name__}: {error}")
    return lines
