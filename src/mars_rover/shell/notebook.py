"""``%load_ext mars_rover``: in a notebook worlds, runs and histories of a rover show themselves as maps."""

from __future__ import annotations

from typing import Any

from deciderkit.board import BoardState
from deciderkit.decider import Run
from deciderkit.picture.notebook import (
    fitted,
    html_of_board_state,
    html_of_run,
    html_of_states,
    text_of_run,
    text_of_states,
)
from deciderkit.shell import notebook
from mars_rover.picture.journey import Journey, journey_of_run, journey_of_states
from mars_rover.picture.svg import is_thin, svg_of, svg_of_world, window_of_map, window_of_world
from mars_rover.picture.words import SPELLING, spelled_world
from mars_rover.rover import Blocked, Moving, NotStarted, Started, State, TurnedOff
from mars_rover.values import World

_STATES = (NotStarted, Started, Moving, Blocked, TurnedOff)


def show_in(ipython: Any) -> None:
    """Tell a running IPython how the rover's values are shown, and those of the kit."""
    notebook.show_in(ipython)
    notebook.show_drawn(
        ipython, World, _svg_of_world, lambda world: f"World {spelled_world(world)}"
    )
    notebook.show_drawn(ipython, Journey, _svg_of, _text_of_journey)
    notebook.show(ipython, Run, notebook.HTML, _html_of_run)
    notebook.show(ipython, BoardState, notebook.HTML, _html_of_board_state)
    notebook.show(ipython, notebook.HISTORY, notebook.HTML, _html_of_vector)
    notebook.say(ipython, Run, lambda run: text_of_run(run, SPELLING))
    notebook.say(ipython, notebook.HISTORY, _text_of_vector)


def _svg_of_world(world: World) -> str | None:
    return None if is_thin(window_of_world(world)) else svg_of_world(world)


def _svg_of(journey: Journey) -> str | None:
    return None if is_thin(window_of_map(journey)) else svg_of(journey)


def _text_of_journey(journey: Journey) -> str:
    return f"Journey from {journey.start} to {journey.end}"


def _html_of_run(run: Run[Any, Any, Any, Any]) -> str:
    journey = journey_of_run(run.events, run.state) if isinstance(run.state, _STATES) else None
    return _drawn(journey) + html_of_run(run, SPELLING)


def _html_of_board_state(state: BoardState) -> str:
    return html_of_board_state(state, SPELLING)


def _html_of_vector(vector: Any) -> str | None:
    if not notebook.is_history(vector):
        return None
    states: list[State] = [each for each in vector if isinstance(each, _STATES)]
    return _drawn(journey_of_states(states)) + html_of_states(vector, SPELLING)


def _text_of_vector(vector: Any) -> str:
    return text_of_states(vector, SPELLING) if notebook.is_history(vector) else repr(vector)


def _drawn(journey: Journey | None) -> str:
    drawn = None if journey is None else _svg_of(journey)
    return "" if journey is None or drawn is None else fitted(drawn, _text_of_journey(journey))
