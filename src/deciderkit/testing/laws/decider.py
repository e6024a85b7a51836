"""The laws of any decider, all together: those of ``decide``, of ``evolve``, and of both elsewhere.

Each is asked with a decider and a list of commands.
"""

from __future__ import annotations

from collections.abc import Hashable
from copy import deepcopy
from itertools import product

from deciderkit.testing.laws.asking import law, law_of_copies
from deciderkit.testing.laws.decide import (
    a_decider_leaves_the_world_alone,
    a_decision_is_events_or_one_refusal,
    a_terminal_state_only_refuses,
    decide_is_deterministic,
    decide_is_total,
    decide_keeps_no_memory,
    decide_leaves_its_arguments_alone,
)
from deciderkit.testing.laws.elsewhere import (
    ABROAD,
    HOME,
    SEEDED,
    answers,
    answers_elsewhere,
)
from deciderkit.testing.laws.evolve import (
    SOUND_STEPS,
    a_fold_can_be_taken_up_anywhere,
    a_refusal_changes_nothing,
    evolve_follows_or_says_corrupt,
    evolve_is_deterministic,
    evolve_leaves_its_arguments_alone,
    evolve_takes_what_decide_gives,
    replay_reaches_the_same_state,
)
from deciderkit.testing.laws.law import Law, Told, contradict, hold_alike, leaning_on
from deciderkit.testing.laws.running import AnyDecider, Commands, distinct, states, steps

__all__ = [
    "DECIDER_LAWS",
    "a_copy_is_treated_as_the_original",
    "a_decider_does_not_depend_on_its_surroundings",
    "a_decider_does_not_depend_on_the_hash_seed",
    "a_decider_leaves_the_world_alone",
    "a_decision_is_events_or_one_refusal",
    "a_fold_can_be_taken_up_anywhere",
    "a_refusal_changes_nothing",
    "a_terminal_state_only_refuses",
    "decide_is_deterministic",
    "decide_is_total",
    "decide_keeps_no_memory",
    "decide_leaves_its_arguments_alone",
    "evolve_follows_or_says_corrupt",
    "evolve_is_deterministic",
    "evolve_leaves_its_arguments_alone",
    "evolve_takes_what_decide_gives",
    "replay_reaches_the_same_state",
]


@leaning_on(
    *SOUND_STEPS,
    decide_keeps_no_memory,
    replay_reaches_the_same_state,
    a_fold_can_be_taken_up_anywhere,
)
@law_of_copies
def a_copy_is_treated_as_the_original(decider: AnyDecider, commands: Commands) -> None:
    """A copy of a state, a command or an event is treated as the original: only what is in it counts."""
    for state, command in product(states(decider, commands), distinct(commands)):
        expected = decider.decide(command, state), decider.is_terminal(state)
        twin = deepcopy(state)
        actual = decider.decide(deepcopy(command), twin), decider.is_terminal(twin)
        hold_alike(expected, actual, state=state, command=command)
    for command, before, event, after in steps(decider, commands):
        hold_alike(
            after, decider.evolve(deepcopy(before), deepcopy(event)), state=before, event=event
        )


@leaning_on(*SOUND_STEPS, decide_keeps_no_memory, evolve_is_deterministic)
@law
def a_decider_does_not_depend_on_the_hash_seed(decider: AnyDecider, commands: Commands) -> None:
    """`decide` and `evolve` answer the same in a process with another PYTHONHASHSEED.

    It needs functions and commands that another process can import and unpickle; of others it
    cannot be asked.
    """
    here = answers(decider.decide, decider.evolve, decider.initial, commands)
    for place, there in answers_elsewhere(decider, commands, SEEDED).items():
        _hold_answers(commands, here, there, place.name)


@leaning_on(a_decider_does_not_depend_on_the_hash_seed)
@law
def a_decider_does_not_depend_on_its_surroundings(decider: AnyDecider, commands: Commands) -> None:
    """`decide` and `evolve` answer the same in a process with another environment, zone, folder and context.

    The context is that of decimal numbers: where a sum may have to be rounded, say to how many
    digits and how, with ``quantize`` or ``localcontext``.
    """
    home, *abroad = answers_elsewhere(decider, commands, (HOME, *ABROAD)).items()
    for place, there in abroad:
        _hold_answers(commands, home[1], there, place.name)


def _hold_answers(
    commands: Commands, here: list[Hashable], there: list[Hashable], place: str
) -> None:
    for command, expected, actual in zip(commands, here, there, strict=True):
        if expected != actual:
            contradict(command=command, here=expected, there=actual, there_is=Told(place))


DECIDER_LAWS: tuple[Law[[AnyDecider, Commands]], ...] = (
    decide_is_total,
    decide_leaves_its_arguments_alone,
    a_decision_is_events_or_one_refusal,
    a_decider_leaves_the_world_alone,
    decide_is_deterministic,
    decide_keeps_no_memory,
    a_terminal_state_only_refuses,
    evolve_takes_what_decide_gives,
    evolve_leaves_its_arguments_alone,
    evolve_follows_or_says_corrupt,
    evolve_is_deterministic,
    replay_reaches_the_same_state,
    a_fold_can_be_taken_up_anywhere,
    a_refusal_changes_nothing,
    a_copy_is_treated_as_the_original,
    a_decider_does_not_depend_on_the_hash_seed,
    a_decider_does_not_depend_on_its_surroundings,
)
"""Every law of a decider, the plainest first."""
