"""The kit's small domain keeps every law."""

from __future__ import annotations

from hypothesis import strategies as st

from deciderkit.testing import BoardLaws, DeciderLaws, PolicyLaws, ProjectionLaws, board_histories
from tests.deciderkit import turnstile as domain

COMMANDS = st.one_of(domain.commands("north"), domain.commands("south"))


class TestTurnstile(DeciderLaws):
    decider = domain.turnstile
    commands = domain.commands()


class TestMechanic(DeciderLaws):
    decider = domain.mechanic
    commands = st.just(domain.CallMechanic("north"))


class TestCallMechanic(PolicyLaws):
    policy = domain.call_mechanic
    board = domain.board
    commands = COMMANDS


class TestDiary(ProjectionLaws):
    projection = domain.diary
    histories = board_histories(domain.board, domain.board_commands())


class TestBoard(BoardLaws):
    board = domain.board
    commands = domain.board_commands()
