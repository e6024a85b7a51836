"""Given these events, when this command, then those events: examples that read like the board.

A scenario speaks of events and never of the state in between, so it survives every change of how
the state is kept. One word, `given`, begins all of them: on a decider it goes on with ``when``, on a
projection with ``then_view``, on a policy with ``then_todos``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar, overload

from deciderkit.decider import Decider, Refused, fold, replay
from deciderkit.policy import Policy
from deciderkit.projection import Projection
from deciderkit.testing.difference import alike, all_alike, difference, listed
from pytest_deciderkit import conduct

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")
R = TypeVar("R")
V = TypeVar("V")
W = TypeVar("W")


@overload
def given(subject: Decider[C, E, S, R], *events: E) -> Given[C, E, S, R]: ...
@overload
def given(subject: Projection[V], *events: object) -> GivenView[V]: ...
@overload
def given(subject: Policy[W, C], *events: object) -> GivenToDos[C]: ...
def given(subject: Any, *events: Any) -> Any:
    """Begin a scenario: ``events`` have happened to a decider, a projection or a policy.

    >>> from operator import add
    >>> def decide(command: int, total: int) -> tuple[int, ...]:
    ...     return (command,) if total + command <= 9 else (Refused(command, "too much"),)
    >>> purse = Decider(0, decide, lambda total, event: total + event, lambda total: False)
    >>> _ = given(purse, 4).when(3).then(3)
    >>> _ = given(purse, 4, 3).when(3).then_refused("too much")
    >>> given(purse, 4).when(3).then(2)
    Traceback (most recent call last):
        ...
    AssertionError: other events than expected
    given  4
    when   3
    then   - is what was expected, + is what came
         - 2
         + 3
    """
    match subject:
        case Decider():
            return Given(subject, events)
        case Projection():
            return GivenView(subject, events)
        case Policy():
            return GivenToDos(subject, events)
        case _:
            raise TypeError(
                f"given({subject!r}, ...): expected a Decider, a Projection or a Policy first"
            )


@dataclass(frozen=True)
class Given(Generic[C, E, S, R]):
    """A decider and what has happened to it."""

    decider: Decider[C, E, S, R]
    events: tuple[E, ...]

    def when(self, command: C) -> When[C, E, S, R]:
        """Decide ``command`` in the state that the events lead to."""
        return When(self, command)

    def then_state(self, expected: S) -> Given[C, E, S, R]:
        """The events lead to the state ``expected``."""
        __tracebackhide__ = True
        reached = fold(self.decider, self.events)
        if not alike(expected, reached):
            _fail("another state than expected", listed("given", self.events), expected, reached)
        return self

    def then_corrupt(self, index: int) -> None:
        """The events are no history: the one at ``index``, from 0, cannot follow those before it."""
        __tracebackhide__ = True
        told = listed("given", self.events)
        error = replay(self.decider, self.events).swap().value_or(None)
        if error is None or error.index != index:
            place = "a history in order" if error is None else f"corrupt at event {error.index}"
            _fail("another place than expected", told, index, place)
        expected = (fold(self.decider, self.events[:index]), self.events[index])
        if not all_alike(expected, (error.state, error.event)):
            found = (error.state, error.event)
            _fail("the corrupt history names another state or event", told, expected, found)


class When(Generic[C, E, S, R]):
    """A command decided, and waiting to be told what was expected of it: call one ``then`` method.

    Each gives back the scenario with what happened added to it, so that the next ``when`` can follow.
    """

    def __init__(self, before: Given[C, E, S, R], command: C) -> None:
        self._forgotten: Callable[[str], None] | None = None
        self._before = before
        self._command = command
        self._state = fold(before.decider, before.events)
        self._decision = before.decider.decide(command, self._state)
        # Kept from the time of asking: a scenario may be thrown away while another test runs.
        self._forgotten = conduct.tell_forgotten

    def __del__(self) -> None:
        if self._forgotten is not None:
            story = "\n".join(["nothing was asserted: expected .then...(...) after", *self._told()])
            self._forgotten(story)

    def then(self, *expected: E) -> Given[C, E, S, R]:
        """Exactly these events happened, in this order."""
        __tracebackhide__ = True
        self._forgotten = None
        if not all_alike(expected, self._decision):
            headline = "other events than expected"
            if not isinstance(self._decision, tuple):
                headline = f"a decision is a tuple, and this is a {type(self._decision).__name__}"
            raise AssertionError(_story(headline, self._told(), expected, self._decision))
        return Given(self._before.decider, self._before.events + expected)

    def then_nothing(self) -> Given[C, E, S, R]:
        """The command was carried out and nothing happened: no event, and no refusal."""
        __tracebackhide__ = True
        return self.then()

    def then_refused(self, reason: R) -> Given[C, E, S, R]:
        """The command was refused for ``reason``, so nothing happened."""
        __tracebackhide__ = True
        self._forgotten = None
        expected = (Refused(self._command, reason),)
        if not all_alike(expected, self._decision):
            headline = "another answer than the refusal expected"
            raise AssertionError(_story(headline, self._told(), expected, self._decision))
        return self._before

    def then_state(self, expected: S) -> Given[C, E, S, R]:
        """Whatever happened led to the state ``expected``."""
        __tracebackhide__ = True
        self._forgotten = None
        events = tuple(event for event in self._decision if not isinstance(event, Refused))
        reached = fold(self._before.decider, self._decision, self._state)
        if not alike(expected, reached):
            _fail("another state than expected", self._told(), expected, reached)
        return Given(self._before.decider, self._before.events + events)

    def _told(self) -> list[str]:
        return [*listed("given", self._before.events), *listed("when", [self._command])]


@dataclass(frozen=True)
class GivenView(Generic[V]):
    """A projection and the events that it is to show."""

    projection: Projection[V]
    events: tuple[object, ...]

    def then_view(self, expected: V) -> GivenView[V]:
        """The events are seen as ``expected``."""
        __tracebackhide__ = True
        seen = self.projection.fold(self.events)
        if not alike(expected, seen):
            _fail("another view than expected", listed("given", self.events), expected, seen)
        return self


@dataclass(frozen=True)
class GivenToDos(Generic[C]):
    """A policy and the events that it has heard."""

    policy: Policy[Any, C]
    events: tuple[object, ...]

    def then_todos(self, *expected: C) -> GivenToDos[C]:
        """Exactly these commands are still to do, in this order."""
        __tracebackhide__ = True
        waiting = tuple(todo.command for todo in self.policy.todos(self.events))
        if not all_alike(expected, waiting):
            told = listed("given", self.events)
            raise AssertionError(_story("other to-dos than expected", told, expected, waiting))
        return self

    def then_nothing(self) -> GivenToDos[C]:
        """Nothing is left to do."""
        __tracebackhide__ = True
        return self.then_todos()


def _story(headline: str, told: list[str], expected: Any, actual: Any) -> str:
    shown = [f"     {line}" for line in difference(expected, actual)]
    return "\n".join([headline, *told, "then   - is what was expected, + is what came", *shown])


def _fail(headline: str, told: list[str], expected: object, actual: object) -> NoReturn:
    __tracebackhide__ = True
    raise AssertionError(_story(headline, told, [expected], [actual]))
