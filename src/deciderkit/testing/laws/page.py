"""A broken law to look at: its smallest counterexample as a replay page.

The run that breaks the law is told decision by decision, as far as the broken subject can be run at
all; its last moment says which law is broken and what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Union

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board, BoardState
from deciderkit.decider import Decider, Refused
from deciderkit.log.recorded import Recorded
from deciderkit.picture.spelling import short
from deciderkit.picture.steps import Failed, Step
from deciderkit.picture.story import Story, story
from deciderkit.projection import Projection
from deciderkit.shell import pages
from deciderkit.testing.laws.law import LawBroken


def write_page(broken: LawBroken, folder: Path) -> str:
    """Write the page of ``broken`` into ``folder``, and say where it is or why there is none."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{broken.law.name}-{broken.subject}")
    file = folder / f"{name[:150]}.html"
    try:
        told = story_of(broken)
        folder.mkdir(parents=True, exist_ok=True)
        pages.write_page(file, told)
    except Exception as error:  # a subject that breaks its laws may break its picture, too
        return f"there is no page of it: {type(error).__name__}: {error}"
    return f"as a page: {file}"


def story_of(broken: LawBroken) -> Story:
    """The story of the smallest example that breaks a law.

    Raises ``LookupError`` for a law of something that has no run: a codec, a pair of functions.
    """
    make = _RUNS.get(broken.law.kind)
    if make is None:
        raise LookupError(f"a law of a {broken.law.kind} is not about a run")
    board, steps = make(*broken.asked)
    found = "; ".join(f"{name}: {_fact(value)}" for name, value in broken.facts.items())
    last = Step(refused=Failed(None, found, verdict="broken law"))
    return story(board, [*steps, last], title=f"Broken law: {broken.law.sentence}")


def _fact(value: object) -> str:
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    return str(value) if isinstance(value, str) else short(value)


class _AnyBoard(Board):
    """A board that is not asked whether it can run, so that what is broken can be looked at."""

    def __post_init__(self) -> None:
        pass


def _of_decider(decider: Decider[Any, Any, Any, Any], commands: Sequence[Any]) -> Any:
    """The decider as a board of its own, with one stream, and what its commands lead to."""
    steps = list(_run(commands, decider.decide, decider.evolve, decider.initial))
    events = [each.event for step in steps for each in step.events]
    return _board_of("Decider", commands, events, decider), steps


def _of_board(board: Board, commands: Sequence[Any]) -> Any:
    def decide(command: Any, state: BoardState) -> tuple[Any, ...]:
        taker = board.takers[type(command)]
        decision: tuple[Any, ...] = taker.decider.decide(
            command, state.state(taker, taker.key(command))
        )
        return decision

    def evolve(state: BoardState, event: Any) -> BoardState:
        return state if isinstance(event, Refused) else board.fold([event], state)

    return board, list(_run(commands, decide, evolve, BoardState()))


def _of_policy(policy: object, board: Board, commands: Sequence[Any]) -> Any:
    return _of_board(board, commands)


def _of_projection(projection: Projection[Any], events: Sequence[Any]) -> Any:
    steps = [Step(events=(_recorded(place, each),)) for place, each in enumerate(events, start=1)]
    still = Decider[Any, Any, Any, Any](
        None, lambda command, state: (), lambda state, event: state, lambda state: False
    )
    return _board_of("Events", (), events, still, projection), steps


_RUNS: Final[dict[str, Callable[..., Any]]] = {
    "decider": _of_decider,
    "board": _of_board,
    "policy": _of_policy,
    "projection": _of_projection,
}


def _run(
    commands: Iterable[Any],
    decide: Callable[[Any, Any], tuple[Any, ...]],
    evolve: Callable[[Any, Any], Any],
    state: Any,
) -> Iterable[Step]:
    """The decisions up to the first that raises."""
    position = 0
    for command in commands:
        events: list[Recorded[Any]] = []
        refused: Refused[Any, Any] | Failed | None = None
        try:
            for event in decide(command, state):
                state = evolve(state, event)
                if isinstance(event, Refused):
                    refused = event
                else:
                    position += 1
                    events.append(_recorded(position, event))
        except Exception as error:
            said = f"raised {type(error).__name__}: {error}"
            yield Step(command, tuple(events), Failed(command, said))
            return
        yield Step(command, tuple(events), refused)


def _recorded(position: int, event: Any) -> Recorded[Any]:
    return Recorded(position, "", position, event, f"c{position}", "")


def _board_of(
    name: str,
    commands: Iterable[Any],
    events: Iterable[Any],
    decider: Decider[Any, Any, Any, Any],
    *projections: Projection[Any],
) -> Board:
    """A board for functions that need not be annotated: its messages are those that were met."""

    def decide(command: Any, state: Any) -> Any:
        return decider.decide(command, state)

    def evolve(state: Any, event: Any) -> Any:
        return decider.evolve(state, event)

    decide.__annotations__["command"] = _any_of(commands)
    evolve.__annotations__["event"] = _any_of(events)
    told = Decider(decider.initial, decide, evolve, decider.is_terminal)
    return _AnyBoard((Aggregate(name, "it", told, lambda message: "it"),), (), projections)


class _Nothing:
    """What stands for a message where there is none."""


def _any_of(messages: Iterable[Any]) -> Any:
    kinds = tuple(dict.fromkeys(type(each) for each in messages))
    return Union[kinds or (_Nothing,)]  # noqa: UP007  # only this spelling takes a tuple
