"""The laws, family by family; the functions that check them, and the test classes that do."""

from deciderkit.testing.laws.board import BOARD_LAWS
from deciderkit.testing.laws.check import (
    check_board,
    check_codec,
    check_decider,
    check_equal,
    check_policy,
    check_projection,
)
from deciderkit.testing.laws.checking import Checked, check
from deciderkit.testing.laws.codec import CODEC_LAWS
from deciderkit.testing.laws.decider import DECIDER_LAWS
from deciderkit.testing.laws.idle import idle_fields
from deciderkit.testing.laws.law import Law, LawBroken, Unasked
from deciderkit.testing.laws.policy import POLICY_LAWS
from deciderkit.testing.laws.projection import PROJECTION_LAWS
from deciderkit.testing.laws.suites import (
    BoardLaws,
    CodecLaws,
    DeciderLaws,
    PolicyLaws,
    ProjectionLaws,
)
from deciderkit.testing.laws.wall import board_histories, on_the_board

__all__ = [
    "BOARD_LAWS",
    "CODEC_LAWS",
    "DECIDER_LAWS",
    "POLICY_LAWS",
    "PROJECTION_LAWS",
    "BoardLaws",
    "Checked",
    "CodecLaws",
    "DeciderLaws",
    "Law",
    "LawBroken",
    "PolicyLaws",
    "ProjectionLaws",
    "Unasked",
    "board_histories",
    "check",
    "check_board",
    "check_codec",
    "check_decider",
    "check_equal",
    "check_policy",
    "check_projection",
    "idle_fields",
    "on_the_board",
]
