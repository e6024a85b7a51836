"""The laws as test classes: inherit, name the subject, and pytest collects one test for each law.

class TestDoor(DeciderLaws):
    decider = door
    commands = st.sampled_from([Open(), Close()])
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deciderkit.board import Board
from deciderkit.decider import Decider
from deciderkit.log.codec import Codec, Stored
from deciderkit.policy import Policy
from deciderkit.projection import Projection
from deciderkit.testing.laws.checking import check, label, runs
from deciderkit.testing.laws.codec import (
    CODEC_LAWS,
    every_upcast_is_asked,
    what_was_stored_is_still_read,
)
from deciderkit.testing.laws.decider import DECIDER_LAWS
from deciderkit.testing.laws.idle import idle_fields
from deciderkit.testing.laws.law import Law
from deciderkit.testing.laws.policy import POLICY_LAWS
from deciderkit.testing.laws.projection import PROJECTION_LAWS
from deciderkit.testing.laws.wall import Question, on_the_board
from pytest_deciderkit import IDLE, Verdict, conduct

_name = attrgetter("name")


class _Suite:
    """What every suite does: say at once, and in words, which attribute is missing."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        wanted = [name for base in cls.__mro__ for name in getattr(base, "__annotations__", {})]
        missing = [name for name in wanted if not hasattr(cls, name)]
        if missing and not cls.__name__.endswith("Laws"):
            names = " and no ".join(missing)
            raise TypeError(f"{cls.__name__} has no {names}: expected them as class attributes")


class DeciderLaws(_Suite):
    """One test for each law of ``decider``, asked with runs of ``commands``."""

    decider: ClassVar[Decider[Any, Any, Any, Any]]
    commands: ClassVar[SearchStrategy[Any]]

    @pytest.mark.parametrize("law", DECIDER_LAWS, ids=_name)
    def test_law(self, law: Law[Any]) -> None:
        """The decider keeps the law."""
        check(law, (self.decider,), runs(self.commands))


class ProjectionLaws(_Suite):
    """One test for each law of ``projection``, asked with ``histories``: lists of events."""

    projection: ClassVar[Projection[Any]]
    histories: ClassVar[SearchStrategy[Any]]

    @pytest.mark.parametrize("law", PROJECTION_LAWS, ids=_name)
    def test_law(self, law: Law[Any]) -> None:
        """The projection keeps the law."""
        check(law, (self.projection,), self.histories)


class PolicyLaws(_Suite):
    """One test for each law of ``policy`` on its ``board``, asked with runs of ``commands``."""

    policy: ClassVar[Policy[Any, Any]]
    board: ClassVar[Board]
    commands: ClassVar[SearchStrategy[Any]]

    @pytest.mark.parametrize("law", POLICY_LAWS, ids=_name)
    def test_law(self, law: Law[Any]) -> None:
        """The policy keeps the law."""
        check(law, (self.policy, self.board), runs(self.commands))


class BoardLaws(_Suite):
    """One test for each law of ``board`` and of all that stands on it, asked with runs of ``commands``.

    That is each policy, each projection, and the ``codec`` where one is given. Deciders have a suite
    of their own, with commands for one instance.
    """

    board: ClassVar[Board]
    commands: ClassVar[SearchStrategy[Any]]
    codec: ClassVar[Codec | None] = None

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each question, when it is known what stands on the board."""
        if "question" in metafunc.fixturenames:
            questions = on_the_board(self.board, self.commands, self.codec)
            metafunc.parametrize("question", questions, ids=_name)

    def test_law(self, question: Question) -> None:
        """The board, or what stands on it, keeps the law."""
        check(*question)

    def test_fields(self) -> None:
        """No law: the summary names the fields that no example changed anything by."""
        for field in idle_fields(self.board, self.commands):
            conduct.tell(Verdict("board", label(self.board), field, IDLE))


class CodecLaws(_Suite):
    """One test for each law of ``codec``, asked with ``events``, and with ``samples`` of the past.

    Without samples what was stored once is left out, visibly.
    """

    codec: ClassVar[Codec]
    events: ClassVar[SearchStrategy[Any]]
    samples: ClassVar[tuple[tuple[Stored, Any], ...]] = ()

    @pytest.mark.parametrize("law", CODEC_LAWS, ids=_name)
    def test_law(self, law: Law[Any]) -> None:
        """The codec keeps the law."""
        check(law, (self.codec,), self.events)

    def test_samples(self) -> None:
        """The codec still reads what was stored once."""
        kept = st.sampled_from(self.samples) if self.samples else st.just(None)
        check(what_was_stored_is_still_read, (self.codec,), kept)

    def test_every_upcast_is_asked(self) -> None:
        """Every schema of the past has a sample."""
        check(every_upcast_is_asked, (self.codec,), st.just(self.samples))
