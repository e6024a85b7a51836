"""What is asked of a whole wall: the laws of the board, and those of each note that stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from hypothesis.strategies import SearchStrategy

from deciderkit.board import Board
from deciderkit.log.codec import Codec
from deciderkit.testing.laws.board import BOARD_LAWS, that_events_can_be_stored
from deciderkit.testing.laws.checking import label, runs
from deciderkit.testing.laws.codec import CODEC_LAWS
from deciderkit.testing.laws.driving import up_to_trouble
from deciderkit.testing.laws.law import Law
from deciderkit.testing.laws.policy import POLICY_LAWS, on_its_board
from deciderkit.testing.laws.projection import PROJECTION_LAWS


class Question(NamedTuple):
    """A law, whom it is asked of, and with which examples."""

    law: Law[Any]
    subjects: tuple[Any, ...]
    examples: SearchStrategy[Any]

    @property
    def name(self) -> str:
        """The law, and of a note on the board its kind and its name as well."""
        if self.law.kind == "board":
            return self.law.name
        return f"{self.law.kind} {label(self.subjects[0])}: {self.law.name}"


def on_the_board(
    board: Board, commands: SearchStrategy[Any], codec: Codec | None = None
) -> list[Question]:
    """The laws of ``board``, and of each policy and projection on it, and of its ``codec``.

    Deciders are asked by themselves, with commands of their own.
    """
    drawn = runs(commands)
    histories = board_histories(board, commands)
    stored = that_events_can_be_stored(codec)
    laws = [stored if law.name == stored.name else law for law in BOARD_LAWS]
    questions = [Question(law, (board,), drawn) for law in laws]
    for policy in board.policies:
        for law in POLICY_LAWS:
            asked_with = partial(on_its_board, law, policy, board)
            questions.append(Question(law, (policy, board), drawn.map(asked_with)))
    for view in board.projections:
        own = replace(view, initial=deepcopy(view.initial))  # no run of the board has changed it
        questions += [Question(law, (own,), histories) for law in PROJECTION_LAWS]
    if codec is not None:
        happened = histories.filter(bool).map(lambda log: log[-1])
        questions += [Question(law, (codec,), happened) for law in CODEC_LAWS]
    return questions


def board_histories(board: Board, commands: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
    """Logs that runs of ``commands`` lead to on ``board``: histories that can really happen.

    A log ends before the first command that raises; a law of the board tells of that one.
    """
    return runs(commands).map(lambda asked: _log_up_to_trouble(board, asked))


def _log_up_to_trouble(board: Board, commands: Sequence[Any]) -> list[Any]:
    log: list[Any] = []
    for drive, _ in up_to_trouble(board, commands):
        log = drive.log
    return log
