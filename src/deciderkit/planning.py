"""How far commands can be decided in one go: the pure half of the dispatch loop.

Here each event is held to its place: an aggregate's decision may only have events that its ``evolve``
names, of the instance that the command speaks of. What a domain's own functions raise ends the plan
before the command that raised it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from deciderkit.aggregate import Aggregate
from deciderkit.decider import Refused
from deciderkit.ids import key_text


class Misplaced(Exception):
    """A decision that cannot be recorded: an event that does not belong in the command's stream."""


class Plan(Struct):
    """What the first of some commands lead to, and the state that they leave behind.

    ``decisions`` has one for each of them, ``events`` are theirs without refusals. ``recorded`` is
    how many commands there are up to the last that led to an event, ``refused`` the places of those
    that were refused. ``cut`` says that something in the last decision ended the plan; ``trouble`` is
    what the command behind the last raised, if one did.
    """

    decisions: list[tuple[Any, ...]]
    events: list[Any]
    refused: list[int]
    state: Any
    recorded: int = 0
    cut: bool = False
    trouble: Exception | None = None


def plan(
    aggregate: Aggregate,
    key: object,
    commands: Sequence[Any],
    state: Any,
    cuts: frozenset[type] = frozenset(),
    alone: frozenset[type] = frozenset(),
) -> Plan:
    """Decide ``commands`` for the instance ``key``, up to the first event (or `Refused`) of a type in ``cuts``.

    A command whose event is of a type in ``alone``, which are among the cuts, gets a plan to itself.
    At least one command is decided where there is one, unless it raises.

    >>> from deciderkit.decider import Decider
    >>> def decide(by: int, total: int) -> tuple[int, ...]:
    ...     return (by,)
    >>> def evolve(total: int, by: int) -> int:
    ...     return total + by
    >>> total = Decider(0, decide, evolve, lambda state: False)
    >>> planned = plan(Aggregate("Total", "total", total, lambda by: "all"), "all", [1, 2], state=0)
    >>> planned.decisions, planned.state
    ([(1,), (2,)], 3)
    """
    decide, evolve, key_of = aggregate.decider.decide, aggregate.decider.evolve, aggregate.key
    own = aggregate.own
    decisions: list[tuple[Any, ...]] = []
    events: list[Any] = []
    refused: list[int] = []
    kind: type = object
    cut, trouble = False, None
    for command in commands:
        reached = state
        try:
            decision = decide(command, state)
            if type(decision) is not tuple:
                raise _no_decision(aggregate, decision)
            for event in decision:
                kind = type(event)
                if kind in cuts:
                    cut = True
                if kind in own:
                    found = key_of(event)
                    if found is not key and key_text(found, aggregate) != key_text(key):
                        raise _not_here(aggregate, event, found, key)
                    reached = evolve(reached, event)
                elif kind is not Refused or len(decision) > 1:
                    raise _no_event(aggregate, event)
        except Exception as error:  # somebody's function: the commands before it are good
            cut, trouble = False, error
            break
        if cut and decisions and alone and not alone.isdisjoint(map(type, decision)):
            cut = False
            break
        state = reached
        decisions.append(decision)
        if decision:
            if kind is Refused:
                refused.append(len(decisions) - 1)
            else:
                events += decision
        if cut:
            break
    recorded = len(decisions)  # counted from the end: at each command it would cost a twentieth
    while recorded and (not decisions[recorded - 1] or type(decisions[recorded - 1][0]) is Refused):
        recorded -= 1
    return Plan(decisions, events, refused, state, recorded, cut, trouble)


def _no_decision(aggregate: Aggregate, decision: object) -> Misplaced:
    return Misplaced(
        f"{aggregate.name} decided {decision!r:.100}: expected a tuple of events, or of one Refused"
    )


def _no_event(aggregate: Aggregate, event: object) -> Misplaced:
    if type(event) is Refused:
        return Misplaced(f"{aggregate.name} decided events and a refusal: expected one of the two")
    known = ", ".join(each.__name__ for each in aggregate.events)
    return Misplaced(
        f"{aggregate.name} decided {type(event).__name__}, which its evolve does not name: "
        f"expected one of {known}"
    )


def _not_here(aggregate: Aggregate, event: object, found: object, key: object) -> Misplaced:
    return Misplaced(
        f"{aggregate.name} {key_text(key)} decided {type(event).__name__} of {key_text(found)}: "
        "expected events of the stream of its own command; a policy sends commands to others"
    )
