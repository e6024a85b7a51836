"""What holds of any ``evolve``, and of the folds that are made of it."""

from __future__ import annotations

from copy import deepcopy
from itertools import product

from deciderkit.decider import CorruptHistory, Refused, fold, history
from deciderkit.testing.laws.asking import law, law_of_arguments
from deciderkit.testing.laws.decide import (
    a_decider_leaves_the_world_alone,
    a_decision_is_events_or_one_refusal,
    a_terminal_state_only_refuses,
    decide_is_deterministic,
    decide_is_total,
    decide_leaves_its_arguments_alone,
)
from deciderkit.testing.laws.law import Told, contradict, hold_alike, leaning_on, left_alone
from deciderkit.testing.laws.running import (
    AnyDecider,
    Commands,
    distinct,
    events_of,
    questions,
    states,
    steps,
)
from deciderkit.testing.snapshot import snapshot


@leaning_on(
    decide_is_total,
    a_decision_is_events_or_one_refusal,
    decide_is_deterministic,
    a_terminal_state_only_refuses,
)
@law
def evolve_takes_what_decide_gives(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` accepts all that `decide` gives, in the state in which it was decided."""
    for command, state in questions(decider, commands):
        reached = state
        for event in decider.decide(command, state):
            try:
                reached = decider.evolve(reached, event)
            except Exception as error:
                contradict(state=reached, command=command, event=event, raised=error)


@leaning_on(decide_is_total, decide_leaves_its_arguments_alone, evolve_takes_what_decide_gives)
@law_of_arguments
def evolve_leaves_its_arguments_alone(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` leaves the state and the event as they were: it gives a new state."""
    state = decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            with left_alone(event=event, state=state, initial_state=decider.initial):
                state = decider.evolve(state, event)


SOUND_STEPS = (
    decide_is_total,
    decide_leaves_its_arguments_alone,
    a_decider_leaves_the_world_alone,
    decide_is_deterministic,
    evolve_takes_what_decide_gives,
    evolve_leaves_its_arguments_alone,
)
"""Without these no run can be told from another."""


@leaning_on(decide_is_total, evolve_takes_what_decide_gives, evolve_leaves_its_arguments_alone)
@law
def evolve_follows_or_says_corrupt(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` takes any event in any state, or raises a `CorruptHistory` that names both."""
    reached, events = states(decider, commands), events_of(decider, commands)
    for state, event in product(distinct(reached), distinct(events)):
        try:
            decider.evolve(state, event)
        except CorruptHistory as corrupt:
            hold_alike((state, event), (corrupt.state, corrupt.event), said=corrupt)
        except Exception as error:
            contradict(state=state, event=event, expected=Told("CorruptHistory"), raised=error)


@leaning_on(*SOUND_STEPS)
@law
def evolve_is_deterministic(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` gives the same state for the same event, in whatever order it is asked."""
    asked = list(steps(decider, commands))
    for _, before, event, after in [*asked, *reversed(asked)]:
        hold_alike(after, decider.evolve(before, event), state=before, event=event)


@leaning_on(*SOUND_STEPS, evolve_is_deterministic)
@law
def replay_reaches_the_same_state(decider: AnyDecider, commands: Commands) -> None:
    """A replay of the events reaches the state that the commands reached, and every one before.

    The events are copies: what comes back from a log is never the very object that went in.
    """
    initial = snapshot(decider.initial)
    reached = [step for step in steps(decider, commands) if not isinstance(step.event, Refused)]
    seen = [snapshot(step.after) for step in reached]
    replayed = history(decider, [deepcopy(step.event) for step in reached])
    for number, (expected, state) in enumerate(zip([initial, *seen], replayed, strict=True)):
        if expected != snapshot(state):
            was = reached[number - 1].after if number else Told("the initial state of before")
            contradict(after_event=number, reached_first=was, reached_in_replay=state)


@leaning_on(*SOUND_STEPS, evolve_is_deterministic)
@law
def a_fold_can_be_taken_up_anywhere(decider: AnyDecider, commands: Commands) -> None:
    """Folding in two parts, from a copy of the state between, equals folding the whole."""
    events = events_of(decider, commands)
    whole = fold(decider, events)
    for cut in range(len(events) + 1):
        between = deepcopy(fold(decider, events[:cut]))
        hold_alike(whole, fold(decider, events[cut:], between), cut_after_event=cut, state=between)


@leaning_on(decide_is_total, decide_is_deterministic, evolve_leaves_its_arguments_alone)
@law
def a_refusal_changes_nothing(decider: AnyDecider, commands: Commands) -> None:
    """A refusal changes nothing: `evolve` is the identity on it."""
    for command, state in questions(decider, commands):
        for refusal in decider.decide(command, state):
            if isinstance(refusal, Refused):
                was = deepcopy(state)
                hold_alike(was, decider.evolve(state, refusal), refusal=refusal)
