"""The front door: one function for each kind of note on the board, and one for any pair of functions.

Each takes a strategy for what its laws are asked with, and raises `LawBroken` at the first law that
does not hold, with the smallest example that Hypothesis finds. ``max_examples`` and ``seed`` are by
default those of the Hypothesis profile in force, or of pytest's ``--laws-examples``, ``--laws-seed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deciderkit.board import Board
from deciderkit.decider import Decider
from deciderkit.log.codec import Codec, Stored
from deciderkit.policy import Policy
from deciderkit.projection import Projection
from deciderkit.testing.laws.checking import Checked, all_of, check_all, runs
from deciderkit.testing.laws.codec import (
    CODEC_LAWS,
    every_upcast_is_asked,
    what_was_stored_is_still_read,
)
from deciderkit.testing.laws.decider import DECIDER_LAWS
from deciderkit.testing.laws.equality import EQUALITY_LAWS
from deciderkit.testing.laws.law import Law
from deciderkit.testing.laws.policy import POLICY_LAWS
from deciderkit.testing.laws.projection import PROJECTION_LAWS
from deciderkit.testing.laws.wall import Question, on_the_board

C = TypeVar("C")
T = TypeVar("T")


def check_decider(
    decider: Decider[C, Any, Any, Any],
    commands: SearchStrategy[C],
    *,
    laws: Iterable[Law[Any]] = DECIDER_LAWS,
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check a decider, against runs of ``commands`` from its initial state.

    >>> from deciderkit import Refused
    >>> def decide(command: int, total: int) -> tuple[int, ...] | tuple[Refused[int, str]]:
    ...     return (command,) if total + command <= 9 else (Refused(command, "too much"),)
    >>> def evolve(total: int, event: int | Refused[int, str]) -> int:
    ...     return total + event
    >>> purse = Decider(0, decide, evolve, lambda total: False)
    >>> check_decider(purse, st.integers(1, 9), seed=1)
    Traceback (most recent call last):
        ...
    deciderkit.testing.laws.law.LawBroken: ...
    """
    __tracebackhide__ = True
    return check_all(laws, (decider,), runs(commands), max_examples, seed)


def check_projection(
    projection: Projection[Any],
    histories: SearchStrategy[Sequence[Any]],
    *,
    laws: Iterable[Law[Any]] = PROJECTION_LAWS,
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check a projection, against ``histories``: lists of events, such as `board_histories` draws."""
    __tracebackhide__ = True
    return check_all(laws, (projection,), histories, max_examples, seed)


def check_policy(
    policy: Policy[Any, Any],
    board: Board,
    commands: SearchStrategy[Any],
    *,
    laws: Iterable[Law[Any]] = POLICY_LAWS,
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check a policy on the board that it stands on, against runs of ``commands``.

    Draw those that come from outside, and leave what only the policy gives to the policy.
    """
    __tracebackhide__ = True
    return check_all(laws, (policy, board), runs(commands), max_examples, seed)


def check_board(
    board: Board,
    commands: SearchStrategy[Any],
    *,
    codec: Codec | None = None,
    laws: Iterable[Law[Any]] | None = None,
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check a board and all that stands on it, against runs of ``commands``.

    Draw them for several keys, so that streams interleave. Policies are asked with those of a type
    that no policy asks for. With ``laws``, these are asked of the board and nothing else is.
    """
    __tracebackhide__ = True
    questions = on_the_board(board, commands, codec)
    if laws is not None:
        questions = [Question(law, (board,), runs(commands)) for law in laws]
    return all_of(check_all([each.law], *each[1:], max_examples, seed) for each in questions)


def check_codec(
    codec: Codec,
    events: SearchStrategy[Any],
    *,
    samples: Sequence[tuple[Stored, Any]] = (),
    laws: Iterable[Law[Any]] = CODEC_LAWS,
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check a codec, against ``events``, and against ``samples`` of what was stored once.

    A schema of the past without a sample is left out, by name.
    """
    __tracebackhide__ = True
    asked = [
        check_all(laws, (codec,), events, max_examples, seed),
        check_all([every_upcast_is_asked], (codec,), st.just(samples), max_examples, seed),
    ]
    if samples:
        kept = st.sampled_from(samples)
        past = [what_was_stored_is_still_read]
        asked.append(check_all(past, (codec,), kept, max_examples, seed))
    return all_of(asked)


def check_equal(
    fast: Callable[..., Any],
    reference: Callable[..., Any],
    *inputs: SearchStrategy[Any],
    max_examples: int | None = None,
    seed: int | None = None,
) -> Checked:
    """Check that ``fast`` gives what ``reference`` gives; ``inputs`` has a strategy for each argument.

    >>> print(check_equal(sorted, lambda items: [*sorted(items)], st.lists(st.integers())))
    1 law holds
    """
    __tracebackhide__ = True
    return check_all(EQUALITY_LAWS, (fast, reference), st.tuples(*inputs), max_examples, seed)
