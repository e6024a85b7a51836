"""A log folded once more, event by event: states, to-dos and views, and a digest of it all."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from deciderkit.log.audit import Audit
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import canonical
from deciderkit.policy import ToDo, Waiting, in_order
from deciderkit.projection import Projection
from deciderkit.shell.cli.edge import Stop
from deciderkit.shell.program import Program


class Replay:
    """A log read up to some point. Views that there are for each key are left to `view`.

    With ``digesting`` there is a `digest` at the end, the same for the same events, states, to-dos
    and views, wherever and whenever they were recorded.
    """

    def __init__(self, program: Program, *, digesting: bool) -> None:
        self._board = program.board
        self._codec = program.codec
        self._views = [each for each in program.board.projections if not each.is_keyed]
        self._hash = sha256() if digesting else None
        self.audit = Audit(program.board)
        self.waiting: tuple[Waiting[Any, Any], ...] = (Waiting(),) * len(program.board.policies)
        self.views: dict[str, Any] = {each.name: each.initial for each in self._views}
        self.unread: dict[str, str] = {}
        """Views that an event stopped, and why."""

    def take(self, recorded: Recorded[Any]) -> None:
        """Go on by one event. Raises `CorruptEvent`."""
        self.audit.take(recorded)
        event, kind = recorded.event, type(recorded.event)
        if self._hash is not None:
            stored = self._codec.encode(event)
            place = f"{recorded.stream}/{recorded.version}/{stored.type}/{stored.schema}\n"
            self._hash.update(place.encode() + stored.data)
        if kind in self._board.heard:
            self.waiting = self._board.react(
                self.waiting, recorded.position, event, recorded.command_id
            )
        for projection in self._views:
            if kind in projection.takes and projection.name not in self.unread:
                self._view(projection, event)

    def todos(self) -> tuple[ToDo[Any, Any], ...]:
        """What is still to be done, in the order in which the log asked for it."""
        return in_order(todo for each in self.waiting for todo in each.by_position.values())

    def digest(self) -> str:
        """The digest of all that was replayed."""
        assert self._hash is not None
        states = {name: state for name, (_, _, state) in self.audit.streams.items()}
        todos = [todo.id for todo in self.todos()]
        try:
            said = canonical([self.audit.position, states, todos, self.views])
        except (TypeError, ValueError, RecursionError):
            raise Stop(self._without_json(states)) from None
        return sha256(self._hash.digest() + said).hexdigest()

    def _without_json(self, states: dict[str, Any]) -> str:
        """Which state or view has no JSON, in words."""
        parts = {f"the state of {name}": state for name, state in states.items()}
        parts |= {f"view {name!r}": view for name, view in self.views.items()}
        for what, part in parts.items():
            try:
                canonical(part)
            except (TypeError, ValueError, RecursionError) as error:
                expected = "expected what JSON can hold, with texts, numbers, dates or ids as keys"
                return f"{what} has no digest ({error}): {expected}"
        raise AssertionError("each part has a digest, and the whole has none")

    def _view(self, projection: Projection[Any], event: Any) -> None:
        try:
            self.views[projection.name] = projection.evolve(self.views[projection.name], event)
        except Exception as error:  # somebody's fold: the others go on
            self.unread[projection.name] = f"{type(error).__name__}: {error}"
