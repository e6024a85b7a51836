"""What a process runs: a board, how its events are stored, and who is told of those that leave the system.

Every command of the command line, a follower, a relay and a worker take one; most boards make it with
`Program.of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deciderkit.board import Board
from deciderkit.log.codec import Codec
from deciderkit.log.port import EventStore
from deciderkit.shell.dispatch.carrying import Delivery, Observer
from deciderkit.shell.dispatch.dispatcher import Dispatcher


@dataclass(frozen=True)
class Program:
    """``board``, the ``codec`` of its events, a delivery for each event that an external system hears.

    ``version`` is a text that changes when the program does; with it folds are saved beside the log.
    """

    board: Board
    codec: Codec
    deliveries: Mapping[Any, Delivery] = field(default_factory=dict)
    version: str = ""

    @classmethod
    def of(
        cls, board: Board, deliveries: Mapping[Any, Delivery] | None = None, version: str = ""
    ) -> Program:
        """The program of ``board`` with the codec that its classes give.

        >>> Program.of(Board(aggregates=())).codec.event_types
        ()
        """
        return cls(board, Codec.of(board), deliveries or {}, version)

    def only(self, *policies: str) -> Program:
        """The same, with no policies but those named: for a process that works off these alone.

        What the others ask for stays on their lists, for the processes that run them. Raises
        ``ValueError`` for a name that no policy has.
        """
        known = {policy.name: policy for policy in self.board.policies}
        for name in policies:
            if name not in known:
                expected = ", ".join(map(repr, known)) or "a board with policies"
                raise ValueError(f"no policy {name!r}: expected {expected}")
        kept = tuple(policy for policy in self.board.policies if policy.name in policies)
        return replace(self, board=replace(self.board, policies=kept))

    def on(
        self, store: EventStore, observe: Observer | None = None, chunk: int = 1_000
    ) -> Dispatcher:
        """A dispatcher of this program on ``store``."""
        return Dispatcher(
            self.board,
            store,
            deliveries=self.deliveries,
            observe=observe,
            version=self.version,
            chunk=chunk,
        )
