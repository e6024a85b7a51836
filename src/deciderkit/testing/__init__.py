"""What a decider's author needs to test it: examples as given / when / then, and ready-made laws.

Needs the extra ``testing``.
"""

from deciderkit.extras import from_extra

with from_extra("testing", "deciderkit.testing needs hypothesis and pytest"):
    import hypothesis as _hypothesis  # noqa: F401
    import pytest  # noqa: F401

from deciderkit.testing.follower import FollowerLaw, check_follower
from deciderkit.testing.given_when_then import given
from deciderkit.testing.laws import (
    BoardLaws,
    Checked,
    CodecLaws,
    DeciderLaws,
    Law,
    LawBroken,
    PolicyLaws,
    ProjectionLaws,
    board_histories,
    check_board,
    check_codec,
    check_decider,
    check_equal,
    check_policy,
    check_projection,
    idle_fields,
)
from deciderkit.testing.store_contract import DurableStoreContract, StoreContract
from deciderkit.testing.store_model import StoreModel
from pytest_deciderkit import ForgottenThen

__all__ = [
    "BoardLaws",
    "Checked",
    "CodecLaws",
    "DeciderLaws",
    "DurableStoreContract",
    "FollowerLaw",
    "ForgottenThen",
    "Law",
    "LawBroken",
    "PolicyLaws",
    "ProjectionLaws",
    "StoreContract",
    "StoreModel",
    "board_histories",
    "check_board",
    "check_codec",
    "check_decider",
    "check_equal",
    "check_follower",
    "check_policy",
    "check_projection",
    "given",
    "idle_fields",
]
