"""deciderkit: from an event-storming board to a functional core. It knows no particular domain."""

from typing import TYPE_CHECKING

from deciderkit.aggregate import Aggregate, ExternalSystem
from deciderkit.board import Board, BoardState
from deciderkit.decider import (
    CorruptHistory,
    Decider,
    Refused,
    Run,
    cannot_follow,
    decision_of,
    fold,
    history,
    outcome,
    replay,
    run,
)
from deciderkit.policy import Policy, ToDo
from deciderkit.projection import Projection

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """``__version__``, as it is installed; nothing is looked up before somebody asks."""
        if name != "__version__":
            raise AttributeError(f"module 'deciderkit' has no attribute {name!r}")
        from importlib.metadata import version  # noqa: PLC0415

        return version("mars-rover-decider")


def load_ipython_extension(ipython: object) -> None:
    """``%load_ext deciderkit``: runs, histories, boards' states and stories show themselves."""
    from deciderkit.shell.notebook import show_in  # noqa: PLC0415  # only a notebook needs it

    show_in(ipython)


__all__ = [
    "Aggregate",
    "Board",
    "BoardState",
    "CorruptHistory",
    "Decider",
    "ExternalSystem",
    "Policy",
    "Projection",
    "Refused",
    "Run",
    "ToDo",
    "cannot_follow",
    "decision_of",
    "fold",
    "history",
    "outcome",
    "replay",
    "run",
]
