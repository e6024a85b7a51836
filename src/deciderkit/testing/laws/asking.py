"""How the laws of a decider ask: with an initial state of their own, so that one leaves no trace in the next.

A decider's initial state is shared by all that use it. Where states are changed in place, one law's
examples would become the next one's beginning: the first run drives it into its end, and from then on
nothing moves and every law holds. So each law gets a copy, and asks whether that and the original are
as before; the two laws that tell of changed arguments say so, and all others stand aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeAlias

from deciderkit.testing.laws.law import Counterexample, Law, Unasked, about, left_alone
from deciderkit.testing.laws.running import (
    AnyDecider,
    Commands,
    of_its_own,
    steps,
    tell_commands,
)
from deciderkit.testing.snapshot import snapshot

Asks: TypeAlias = Callable[[AnyDecider, Commands], None]


def law(asks: Asks) -> Law[[AnyDecider, Commands]]:
    """A law that stands back where asking it changes an initial state; another law tells of that."""

    @wraps(asks)
    def on_a_copy(decider: AnyDecider, commands: Commands) -> None:
        own = of_its_own(decider)
        with _initial_left_alone(decider), _initial_left_alone(own):
            asks(own, commands)

    return about("decider", tell_commands)(on_a_copy)


@contextmanager
def _initial_left_alone(decider: AnyDecider) -> Iterator[None]:
    before = snapshot(decider.initial)
    found = None
    try:
        yield
    except Counterexample as contradiction:
        found = contradiction
    if before != snapshot(decider.initial):
        raise Unasked("the initial state is changed in place, which other laws tell of")
    if found is not None:
        raise found


def law_of_arguments(asks: Asks) -> Law[[AnyDecider, Commands]]:
    """A law that tells of arguments, and of an initial state, that are changed in place."""

    @wraps(asks)
    def on_a_copy(decider: AnyDecider, commands: Commands) -> None:
        with left_alone(initial_state=decider.initial):
            asks(of_its_own(decider), commands)

    return about("decider", tell_commands)(on_a_copy)


def law_of_copies(asks: Asks) -> Law[[AnyDecider, Commands]]:
    """A law that is asked with the decider's own initial state, if a run leaves that alone."""

    @wraps(asks)
    def on_the_original(decider: AnyDecider, commands: Commands) -> None:
        own = of_its_own(decider)
        with _initial_left_alone(own):
            list(steps(own, commands))
        with _initial_left_alone(decider):
            asks(decider, commands)

    return about("decider", tell_commands)(on_the_original)
