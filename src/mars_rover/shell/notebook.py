"""``%load_ext mars_rover``: in a notebook worlds, runs and histories of a rover show themselves as maps."""

from __future__ import annotations

from typing import Any

from deciderkit.board import BoardState
from deciderkit.decider import Run
from deciderkit.picture.notebook import html_of_board_state, html_of_run, html_of_states
from deciderkit.shell import notebook
from mars_rover.picture.journey import Journey, journey_of_run, journey_of_states
from mars_rover.picture.svg import svg_of, svg_of_world
from mars_rover.picture.words import SPELLING, spelled_world
from mars_rover.rover import Blocked, Moving, NotStarted, Started, State, TurnedOff
from mars_rover.values import World

_STATES = (NotStarted, Started, Moving, Blocked, TurnedOff)


def show_in(ipython: Any) -> None:
    """Tell a running IPython how the rover's values are shown, and those of the kit."""
    notebook.show_in(ipython)
    notebook.show(ipython, World, notebook.SVG, svg_of_world)
    notebook.show(ipython, Journey, notebook.SVG, svg_of)
    notebook.show(ipython, Run, notebook.HTML, _html_of_run)
    notebook.show(ipython, BoardState, notebook.HTML, _html_of_board_state)
    notebook.show(ipython, notebook.HISTORY, notebook.HTML, _html_of_vector)
    notebook.say(ipython, World, lambda world: f"World {spelled_world(world)}")
    notebook.say(ipython, Journey, lambda each: f"Journey from {each.start} to {each.end}")


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


def _drawn(journey: Journey | None) -> str:
    return "" if journey is None else svg_of(journey)
