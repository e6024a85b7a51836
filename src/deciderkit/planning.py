"""How far commands can be decided in one go: the pure half of the dispatch loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from deciderkit.decider import Decider, Refused


class Plan(Struct, frozen=True):
    """What the first of some commands lead to, and the state that they leave behind.

    ``decisions`` pairs each command with what was decided; ``events`` are theirs, without refusals.
    """

    decisions: tuple[tuple[Any, tuple[Any, ...]], ...]
    events: tuple[Any, ...]
    state: Any


def plan(
    decider: Decider[Any, Any, Any, Any],
    commands: Sequence[Any],
    state: Any,
    cuts: frozenset[type] = frozenset(),
    alone: frozenset[type] = frozenset(),
) -> Plan:
    """Decide ``commands`` one after the other, up to the first event (or `Refused`) of a type in ``cuts``.

    A command whose event is of a type in ``alone`` gets a plan to itself. At least one command is
    decided where there is one.

    >>> from operator import add
    >>> total = Decider(0, lambda command, state: (command,), add, lambda state: False)
    >>> plan(total, [1, 2.5, 3], state=0, cuts=frozenset([float]))
    Plan(decisions=((1, (1,)), (2.5, (2.5,))), events=(1, 2.5), state=3.5)
    """
    decide, evolve = decider.decide, decider.evolve
    special = cuts | alone
    decisions: list[tuple[Any, tuple[Any, ...]]] = []
    events: list[Any] = []
    for command in commands:
        decision: tuple[Any, ...] = decide(command, state)
        kinds = special.intersection(map(type, decision))
        if decisions and not alone.isdisjoint(kinds):
            break
        decisions.append((command, decision))
        for event in decision:
            if type(event) is not Refused:
                state = evolve(state, event)
                events.append(event)
        if kinds:
            break
    return Plan(tuple(decisions), tuple(events), state)


def retrace(
    decider: Decider[Any, Any, Any, Any],
    commands: Sequence[Any],
    state: Any,
    events: Sequence[Any],
) -> Plan | None:
    """The plan that led from ``state`` to ``events``, told again; None if ``commands`` cannot have.

    It ends with the command of the last event; where there are no events, none of the commands may
    lead to one.

    >>> from operator import add
    >>> total = Decider(0, lambda command, state: (command,), add, lambda state: False)
    >>> retrace(total, [1, 2, 3], state=0, events=[1, 2])
    Plan(decisions=((1, (1,)), (2, (2,))), events=(1, 2), state=3)
    >>> retrace(total, [1, 2, 3], state=0, events=[1, 3]) is None
    True
    """
    decisions: list[tuple[Any, tuple[Any, ...]]] = []
    done = 0
    for command in commands:
        if events and done == len(events):
            break
        decision: tuple[Any, ...] = decider.decide(command, state)
        for event in decision:
            if type(event) is not Refused:
                if done == len(events) or event != events[done]:
                    return None
                state = decider.evolve(state, event)
                done += 1
        decisions.append((command, decision))
    return Plan(tuple(decisions), tuple(events), state) if done == len(events) else None
