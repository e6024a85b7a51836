"""The laws of any decider. Each is asked with a decider and a list of commands.

The commands are run one after the other; a refused one is passed over. Most laws then ask about
every state on the way, with every one of the commands: not only with the one that came next.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import product

from deciderkit.decider import CorruptHistory, Refused, fold, history
from deciderkit.testing.laws.hash_seeds import answers, answers_elsewhere
from deciderkit.testing.laws.law import Law, Told, about, contradict, hold_alike, left_alone
from deciderkit.testing.laws.running import (
    AnyDecider,
    Commands,
    distinct,
    events_of,
    questions,
    states,
    steps,
    tell_commands,
)
from deciderkit.testing.snapshot import snapshot

law = about("decider", tell_commands)


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


@law
def decide_is_deterministic(decider: AnyDecider, commands: Commands) -> None:
    """`decide`, asked twice the same, answers twice the same."""
    for command, state in questions(decider, commands):
        first, second = decider.decide(command, state), decider.decide(command, state)
        hold_alike(first, second, state=state, command=command)


@law
def decide_keeps_no_memory(decider: AnyDecider, commands: Commands) -> None:
    """`decide` answers the same in whatever order it is asked: it keeps nothing in between."""
    asked = questions(decider, commands)
    forward = [decider.decide(command, state) for command, state in asked]
    backward = [decider.decide(command, state) for command, state in reversed(asked)]
    for (command, state), first, later in zip(asked, forward, reversed(backward), strict=True):
        hold_alike(first, later, state=state, command=command)


@law
def decide_leaves_its_arguments_alone(decider: AnyDecider, commands: Commands) -> None:
    """`decide` leaves the command and the state as they were."""
    for command, state in questions(decider, commands):
        with left_alone(command=command, state=state):
            decider.decide(command, state)


@law
def a_decider_does_not_depend_on_the_hash_seed(decider: AnyDecider, commands: Commands) -> None:
    """`decide` and `evolve` answer the same in a process with another PYTHONHASHSEED.

    It needs functions and commands that another process can import and unpickle; of others it
    cannot be asked.
    """
    here = answers(decider.decide, decider.evolve, decider.initial, commands)
    for seed, there in answers_elsewhere(decider, commands).items():
        for command, expected, actual in zip(commands, here, there, strict=True):
            if expected != actual:
                contradict(command=command, here=expected, **{f"with_hash_seed_{seed}": actual})


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


@law
def evolve_is_deterministic(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` gives the same state for the same event, in whatever order it is asked."""
    asked = list(steps(decider, commands))
    for _, before, event, after in [*asked, *reversed(asked)]:
        hold_alike(after, decider.evolve(before, event), state=before, event=event)


@law
def evolve_leaves_its_arguments_alone(decider: AnyDecider, commands: Commands) -> None:
    """`evolve` leaves the state and the event as they were: it gives a new state."""
    state = decider.initial
    for command in commands:
        for event in decider.decide(command, state):
            with left_alone(event=event, state=state):
                state = decider.evolve(state, event)


@law
def replay_reaches_the_same_state(decider: AnyDecider, commands: Commands) -> None:
    """A replay of the events reaches the state that the commands reached, and every one before."""
    initial = snapshot(decider.initial)
    reached = [step for step in steps(decider, commands) if not isinstance(step.event, Refused)]
    seen = [snapshot(step.after) for step in reached]
    replayed = history(decider, [step.event for step in reached])
    for number, (expected, state) in enumerate(zip([initial, *seen], replayed, strict=True)):
        if expected != snapshot(state):
            was = reached[number - 1].after if number else Told("the initial state of before")
            contradict(after_event=number, reached_first=was, reached_in_replay=state)


@law
def a_fold_can_be_taken_up_anywhere(decider: AnyDecider, commands: Commands) -> None:
    """Folding in two parts, from a copy of the state between, equals folding the whole."""
    events = events_of(decider, commands)
    whole = fold(decider, events)
    for cut in range(len(events) + 1):
        between = deepcopy(fold(decider, events[:cut]))
        hold_alike(whole, fold(decider, events[cut:], between), cut_after_event=cut, state=between)


@law
def a_refusal_changes_nothing(decider: AnyDecider, commands: Commands) -> None:
    """A refusal changes nothing: `evolve` is the identity on it."""
    for command, state in questions(decider, commands):
        for refusal in decider.decide(command, state):
            if isinstance(refusal, Refused):
                was = deepcopy(state)
                hold_alike(was, decider.evolve(state, refusal), refusal=refusal)


@law
def a_terminal_state_only_refuses(decider: AnyDecider, commands: Commands) -> None:
    """A terminal state only refuses."""
    for command, state in questions(decider, commands):
        if decider.is_terminal(state):
            decision = decider.decide(command, state)
            if not (decision and isinstance(decision[0], Refused)):
                refusal = Told("one refusal")
                contradict(state=state, command=command, expected=refusal, actual=decision)


DECIDER_LAWS: tuple[Law[[AnyDecider, Commands]], ...] = (
    decide_is_total,
    a_decision_is_events_or_one_refusal,
    decide_is_deterministic,
    decide_keeps_no_memory,
    decide_leaves_its_arguments_alone,
    evolve_takes_what_decide_gives,
    evolve_follows_or_says_corrupt,
    evolve_is_deterministic,
    evolve_leaves_its_arguments_alone,
    replay_reaches_the_same_state,
    a_fold_can_be_taken_up_anywhere,
    a_refusal_changes_nothing,
    a_terminal_state_only_refuses,
    a_decider_does_not_depend_on_the_hash_seed,
)
"""Every law of a decider, the plainest first."""
