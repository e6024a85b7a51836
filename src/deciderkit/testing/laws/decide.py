"""What holds of any ``decide``, and of ``is_terminal`` beside it.

The commands are run one after the other; a refused one is passed over. Most laws then ask about
every state on the way, with every one of the commands: not only with the one that came next.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import product

from deciderkit.decider import Refused
from deciderkit.testing.laws.asking import law, law_of_arguments
from deciderkit.testing.laws.law import Told, contradict, hold_alike, leaning_on, left_alone
from deciderkit.testing.laws.running import AnyDecider, Commands, distinct, questions, states
from deciderkit.testing.laws.world import World


@law
def decide_is_total(decider: AnyDecider, commands: Commands) -> None:
    """`decide` answers every command in every state, with a tuple, and never raises."""
    for command, state in questions(decider, commands):
        try:
            decision = decider.decide(command, state)
        except Exception as error:
            contradict(state=state, command=command, expected=Told("a tuple"), raised=error)
        if not isinstance(decision, tuple):
            contradict(state=state, command=command, expected=Told("a tuple"), actual=decision)


@leaning_on(decide_is_total)
@law_of_arguments
def decide_leaves_its_arguments_alone(decider: AnyDecider, commands: Commands) -> None:
    """`decide` leaves the command and the state as they were."""
    reached = states(decider, deepcopy(commands))  # on the way there it is asked as well
    for state, command in product(distinct(reached), distinct(commands)):
        with left_alone(command=command, state=state, initial_state=decider.initial):
            decider.decide(command, state)


@leaning_on(decide_is_total)
@law
def a_decision_is_events_or_one_refusal(decider: AnyDecider, commands: Commands) -> None:
    """A decision is events, or exactly one refusal of the very command that was asked."""
    for command, state in questions(decider, commands):
        decision = decider.decide(command, state)
        refusals = [each for each in decision if isinstance(each, Refused)]
        if refusals and len(decision) > 1:
            expected = Told("events alone, or one refusal alone")
            contradict(state=state, command=command, expected=expected, actual=decision)
        for refusal in refusals:
            hold_alike(command, refusal.command, state=state, refusal=refusal)


@leaning_on(decide_is_total, decide_leaves_its_arguments_alone)
@law
def a_decider_leaves_the_world_alone(decider: AnyDecider, commands: Commands) -> None:
    """`decide` and `evolve` draw no random number, and set nothing outside: they only answer."""
    world = World()
    for command, state in questions(decider, commands):  # the states are the work of `evolve`
        decider.decide(command, state)
    if changed := world.changed():
        contradict(changed=Told(changed))


@leaning_on(decide_is_total, decide_leaves_its_arguments_alone, a_decider_leaves_the_world_alone)
@law
def decide_is_deterministic(decider: AnyDecider, commands: Commands) -> None:
    """`decide`, asked twice the same, answers twice the same."""
    for command, state in questions(decider, commands):
        first, second = decider.decide(command, state), decider.decide(command, state)
        hold_alike(first, second, state=state, command=command)


@leaning_on(decide_is_total, decide_leaves_its_arguments_alone, decide_is_deterministic)
@law
def decide_keeps_no_memory(decider: AnyDecider, commands: Commands) -> None:
    """`decide` answers the same in whatever order it is asked: it keeps nothing in between."""
    asked = questions(decider, commands)
    forward = [decider.decide(command, state) for command, state in asked]
    backward = [decider.decide(command, state) for command, state in reversed(asked)]
    for (command, state), first, later in zip(asked, forward, reversed(backward), strict=True):
        hold_alike(first, later, state=state, command=command)


@leaning_on(decide_is_total, a_decision_is_events_or_one_refusal, decide_is_deterministic)
@law
def a_terminal_state_only_refuses(decider: AnyDecider, commands: Commands) -> None:
    """A terminal state only refuses."""
    for command, state in questions(decider, commands):
        if decider.is_terminal(state):
            decision = decider.decide(command, state)
            if not (decision and isinstance(decision[0], Refused)):
                refusal = Told("one refusal")
                contradict(state=state, command=command, expected=refusal, actual=decision)
