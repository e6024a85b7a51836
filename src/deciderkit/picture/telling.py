"""The fold of a run into the data of the replay page.

A moment is an event, or a command that came to nothing. The state of every stream, every view and what
is still to do are folded along, but only what is said of them in other words than before is written
down: so what the page shows after event N is the fold up to N, and a long log stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board, BoardState
from deciderkit.decider import CorruptHistory, Refused
from deciderkit.ids import key_text, todo_of
from deciderkit.log.recorded import Recorded
from deciderkit.picture.columns import NONE, Columns, Name, Thing
from deciderkit.picture.facts import Change
from deciderkit.picture.lines import Lines
from deciderkit.picture.steps import Failed, Origin, Step
from deciderkit.plain import shown
from deciderkit.policy import ToDo, Waiting
from deciderkit.projection import Projection


@dataclass(frozen=True)
class Picture:
    """How a board shows the states of one of its aggregates: a drawing, and what moves on it.

    ``scene(state)`` is what the drawing depends on (None: nothing to draw yet), and ``draw(scene)`` is
    the whole ``<svg>``, asked again only for another scene. ``moves(before, after)`` gives, by the id of
    an element of the drawing, its new ``transform``; an empty one hides it. ``trail`` is no element: it
    is a piece of the path (``L 2.5 1.5``) that the element with the id ``trail`` grows by.
    """

    aggregate: Aggregate
    scene: Callable[[Any], Any]
    draw: Callable[[Any], str]
    moves: Callable[[Any, Any], Mapping[str, str]]


_UNKNOWN: Final = (NONE,) * 7
"""What is known of a decision of which only the events are known."""

_TO_DO: Final = Name("todo", "to do")


class Teller:
    """The fold of a run into the columns of the page's data."""

    def __init__(
        self, board: Board, lines: Lines, picture: Picture | None, base: BoardState
    ) -> None:
        self._board, self._lines, self._picture, self._base = board, lines, picture, base
        self._columns = Columns(lines.spell)
        self._known: dict[Name, Thing] = {}
        self._moment_of: dict[int, int] = {}
        self._views = {
            kind: [each for each in board.projections if kind in each.takes]
            for kind in board.events
        }
        self._waiting = base.waiting or (Waiting(),) * len(board.policies)
        self._began = self._ended = ""

    def tell(self, step: Step) -> None:
        """Go on by one decision."""
        columns = self._columns
        number = columns.step(*self._step(step))
        for recorded in step.events:
            self._event(number, recorded)
        if step.events:
            self._began = self._began or step.events[0].recorded_at
            self._ended = step.events[-1].recorded_at
        if step.refused is not None or not step.events:
            columns.moment(number, NONE, NONE, NONE, [])
        if step.refused is not None:
            columns.mark(_verdict(step.refused))

    def _step(self, step: Step) -> tuple[int, ...]:
        if step.command is None and step.origin is None and step.refused is None:
            return _UNKNOWN
        text, name, said, key = self._columns.text, None, None, None
        command = step.command if step.command is not None else self._asked_for(step.origin)
        if command is not None:
            line = self._lines(command)
            name, said, key = line.name, line.text, line.key
        policy, woken_by = step.origin or (None, 0)
        return (
            text(name),
            text(said),
            text(key),
            text(None if policy is None else shown(policy)),
            self._moment_of.get(woken_by, NONE),
            text(self._why(step.refused)),
            text(None if step.refused is None else _verdict(step.refused)),
        )

    def _asked_for(self, origin: Origin | None) -> Any:
        """The command of a to-do that is open; None for any other."""
        for policy, each in zip(self._board.policies, self._waiting, strict=True):
            if origin is not None and origin.policy == policy.name:
                todo = each.by_position.get(origin.position)
                try:
                    return None if todo is None else todo.command
                except Exception:  # somebody's `then`
                    return None
        return None

    def _why(self, refused: Refused[Any, Any] | Failed | None) -> str | None:
        if isinstance(refused, Failed):
            return shown(refused.reason, limit=1000)
        return None if refused is None else self._lines(refused).text

    def _event(self, step: int, recorded: Recorded[Any]) -> None:
        event, position = recorded.event, recorded.position
        kind = type(event)
        owner = self._board.givers.get(kind)
        if owner is None:
            raise CorruptHistory(None, event, position - 1)
        try:
            stream, changes = self._stream(owner, event)
            for view in self._views[kind]:
                changes += self._view(view, event)
        except CorruptHistory as error:
            raise CorruptHistory(error.state, error.event, position - 1) from None
        if kind in self._board.heard:
            changes += self._todos(recorded)
        line = self._lines(event)
        columns, text = self._columns, self._columns.text
        columns.moment(step, text(line.name), text(line.text), stream.number, changes)
        self._moment_of[position] = columns.moments
        if kind in self._board.triggers or self._ends(owner, stream):
            columns.mark(line.name)

    def _ends(self, owner: Aggregate, stream: Thing) -> bool:
        before, after = stream.value
        is_terminal = owner.decider.is_terminal
        return is_terminal(after) and not is_terminal(before)

    def _stream(self, owner: Aggregate, event: Any) -> tuple[Thing, list[int]]:
        name = Name("stream", owner.name, key_text(owner.key(event), owner))
        thing = self._known.get(name)
        if thing is None:
            held = self._base.state(owner, name.key)
            thing = self._thing(name, (held, held), held)
        before = thing.value[1]
        after = owner.decider.evolve(before, event)
        thing.value = (before, after)
        changes = self._columns.changed(thing, thing.facts.become(after))
        if self._picture is not None and self._picture.aggregate is owner:
            changes += self._moves(self._picture, name.key, before, after)
        return thing, changes

    def _view(self, view: Projection[Any], event: Any) -> list[int]:
        name = Name("view", view.name, key_text(view.key(event), view))
        thing = self._known.get(name)
        if thing is None:
            held = self._base.view(view, name.key)
            thing = self._thing(name, held, held)
        if not isinstance(thing.value, _StandsStill):
            thing.value = _evolved(view, thing.value, event)
        return self._columns.changed(thing, thing.facts.become(thing.value))

    def _todos(self, recorded: Recorded[Any]) -> list[int]:
        before, position = self._waiting, recorded.position
        self._waiting = self._board.react(before, position, recorded.event, recorded.command_id)
        thing = self._known.get(_TO_DO)
        if thing is None:
            thing = self._thing(_TO_DO, None)
            todos = (todo for each in before for todo in each.by_position.values())
            open = sorted(map(self._open, todos), key=lambda each: each.label)
            self._columns.begin(thing, open)
        changes = []
        for was, now in zip(before, self._waiting, strict=True):
            if was is not now:
                gone, new = _settled(was, now, recorded), now.by_position.get(position)
                changes += [Change(_label(todo), None) for todo in gone]
                changes += [] if new is None else [self._open(new)]
        return self._columns.changed(thing, changes)

    def _open(self, todo: ToDo[Any, Any]) -> Change:
        """A to-do as a fact: by its policy and the event that woke it, the command."""
        line = self._lines(todo)
        return Change(_label(todo), f"{line.text} ({line.key})" if line.key else line.text)

    def _moves(self, picture: Picture, key: str, before: Any, after: Any) -> list[int]:
        scene = picture.scene(after)
        if scene is None:
            return []
        name = Name("picture", picture.aggregate.name, key)
        thing = self._known.get(name) or self._thing(name, (None, {}))
        drawn, said = thing.value
        moves = dict(picture.moves(before, after))
        if drawn is None or (drawn is not scene and drawn != scene):
            moves["drawing"] = picture.draw(scene).encode(errors="replace").decode()
        new = [Change(label, text) for label, text in moves.items() if said.get(label) != text]
        thing.value = (scene, said | moves)
        return self._columns.changed(thing, new)

    def _thing(self, name: Name, value: Any, held: Any = UNSET) -> Thing:
        """A thing that comes up for the first time; it was ``held`` before the first moment."""
        thing = self._known[name] = self._columns.thing(name, value)
        if held is not UNSET:
            self._columns.begin(thing, thing.facts.become(held))
        return thing

    def data(self) -> dict[str, Any]:
        """All that the page is told."""
        text = self._columns.text
        told = [
            (text(kind.__name__), text(shown(system.name)))
            for system in self._board.externals
            for kind in system.hears
        ]
        about = {"before": self._base.position, "times": (self._began, self._ended), "told": told}
        return about | self._columns.data()


class _StandsStill(NamedTuple):
    """A view that its projection failed to fold: it stands still, and the page goes on."""

    error: Exception

    def __str__(self) -> str:
        return f"stands still: {type(self.error).__name__}: {self.error}"


def _evolved(view: Projection[Any], value: Any, event: Any) -> Any:
    try:
        return view.evolve(value, event)
    except Exception as error:  # somebody's fold
        return _StandsStill(error)


def _label(todo: ToDo[Any, Any]) -> str:
    return f"{shown(todo.policy.name)} #{todo.position}"


def _settled(
    was: Waiting[Any, Any], now: Waiting[Any, Any], recorded: Recorded[Any]
) -> list[ToDo[Any, Any]]:
    """The to-dos that an event took off: mostly the one whose id it bears, so nobody looks at all."""
    added = recorded.position in now.by_position
    if len(was) + added == len(now):
        return []
    told = todo_of(recorded.command_id)
    one = was.by_position.get(told[1]) if told else None
    if one is not None and one.position not in now.by_position and len(was) + added == len(now) + 1:
        return [one]
    gone = (todo for place, todo in was.by_position.items() if place not in now.by_position)
    return sorted(gone, key=lambda todo: todo.position)


def _verdict(refused: Refused[Any, Any] | Failed) -> str:
    return shown(refused.verdict) if isinstance(refused, Failed) else "refused"
