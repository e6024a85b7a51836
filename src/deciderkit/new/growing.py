"""A wall that has grown beside its board: what to add to the code, and where, and what is gone.

Nothing is written over: what stands in the package was filled in by somebody. Each addition names its
file and brings the code that a new package would have there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from returns.result import Failure, Result, Success

from deciderkit.board import Board
from deciderkit.new.aggregates import aggregate_module, decide_arm, evolve_arm, stages_of
from deciderkit.new.boards import aggregate_value, external_value
from deciderkit.new.layout import laid_out
from deciderkit.new.messages import alias_of, field_line, message_class, types_of, value_class
from deciderkit.new.naming import base_of, class_of, members_of, modules_of
from deciderkit.new.package import checked_plan
from deciderkit.new.planning import Plan
from deciderkit.new.python_types import domain_types
from deciderkit.new.reactions import (
    first_fields,
    policy_code,
    policy_names,
    view_code,
    view_names,
)
from deciderkit.new.suite import commands_drawn, laws_by_aggregate
from deciderkit.new.texts import literal
from deciderkit.wall.notes import AggregateNote, CommandNote, EventNote, Wall
from deciderkit.wall.reading import wall_of
from deciderkit.wall.tokens import WallError

N = TypeVar("N")

DRAWN = ", and in tests/strategies.py where it is drawn"


class Addition(Struct, frozen=True):
    """Something that the code lacks, or has too much: in which file, what it is, and the code for it."""

    file: str
    what: str
    code: str = ""

    def __str__(self) -> str:
        return "\n".join([f"{self.file}: {self.what}", *self.code.splitlines()])


def what_to_add(wall: Wall, board: Board) -> Result[tuple[Addition, ...], WallError]:
    """What has to be added to the package of ``board`` so that it is ``wall``; nothing where it is."""
    package = board.aggregates[0].decider.decide.__module__.split(".", maxsplit=1)[0]
    try:
        return Success(tuple(_Comparison(wall, wall_of(board), package).additions()))
    except WallError as error:
        return Failure(error)


class _Comparison:
    """A wall beside the one that its board is."""

    def __init__(self, wall: Wall, old: Wall, package: str) -> None:
        self.wall, self.old, self.package = wall, old, package
        self.plan: Plan = checked_plan(wall, package)
        self.modules = modules_of(wall)
        self.before = {each.name: each for each in old.aggregates}

    def additions(self) -> Iterator[Addition]:
        yield from self._values()
        for aggregate in self.wall.aggregates:
            before = self.before.get(aggregate.name)
            yield from self._messages(aggregate)
            yield from self._new(aggregate) if before is None else self._grown(aggregate, before)
        yield from self._reactions()
        yield from self._gone()

    def _file(self, module: str) -> str:
        return f"{self.package}/{module}.py"

    def _values(self) -> Iterator[Addition]:
        known = _value_words(self.old)
        for word in _value_words(self.wall):
            if word not in known:
                yield Addition(self._file("values"), f"the value {word}", value_class(word))

    def _messages(self, aggregate: AggregateNote) -> Iterator[Addition]:
        for module, note in _by_module(aggregate):
            before = self.old.fields.get(note.name)
            if before is None:
                code = message_class(note)
                if aggregate.name in self.before:
                    alias = f"{base_of(aggregate)}{module[:-1].capitalize()}"
                    code += f"\n\n# and in the alias {alias}: | {class_of(note.name)}"
                yield Addition(self._file(module), f"{module[:-1]} {note.name}", code)
                continue
            lines = [field_line(each) for each in note.fields if each not in before]
            if lines:
                what = f"fields of {note.name}" + DRAWN * isinstance(note, CommandNote)
                yield Addition(self._file(module), what, "\n".join(lines))

    def _new(self, aggregate: AggregateNote) -> Iterator[Addition]:
        module, name = self.modules[aggregate.name], aggregate.name
        for kind, notes in (("Command", aggregate.commands), ("Event", aggregate.events)):
            alias = f"{base_of(aggregate)}{kind}"
            what = f"the alias {alias}, and in the alias {kind}: | {alias}"
            code = alias_of(aggregate, kind, notes)
            yield Addition(self._file(f"{kind.lower()}s"), what, code)
        code = aggregate_module(aggregate, self.plan, self.package)
        yield Addition(self._file(module), f"the aggregate {name}, a new file", code)
        value = laid_out(aggregate_value(aggregate, module), 8, ",")
        what = f"among the aggregates: {name}, and {module} among the imports from {self.package}"
        yield Addition(self._file("board"), what, value)
        drawn = f"{module}_commands"
        what = f"what is drawn for {name}, with its imports, and {drawn}() among board_commands"
        code = commands_drawn(self.wall, aggregate, module)
        yield Addition(self._file("tests/strategies"), what, code)
        what = f"the laws of {name}, with {module} and {drawn} among the imports"
        yield Addition(self._file("tests/test_laws"), what, laws_by_aggregate(self.wall)[name])

    def _grown(self, aggregate: AggregateNote, before: AggregateNote) -> Iterator[Addition]:
        file = self._file(self.modules[aggregate.name])
        known = {each.name for each in before.messages}
        for command in aggregate.commands:
            if command.name not in known:
                arm = decide_arm(aggregate, command, self.plan)
                yield Addition(file, f"in decide: {command.name}", arm)
        for event in aggregate.events:
            if event.name not in known:
                member = stages_of(aggregate)[event.name]
                stage = f'    {member} = "{member.lower().replace("_", " ")}"'
                yield Addition(file, f"in Stage: {event.name}", stage)
                yield Addition(file, f"in evolve: {event.name}", evolve_arm(aggregate, event))
        members = zip(members_of(aggregate.refuses), aggregate.refuses, strict=True)
        for member, reason in members:
            if reason not in before.refuses:
                yield Addition(file, f"in Reason: {reason}", f"    {member} = {literal(reason)}")
        if _on_board(aggregate) != _on_board(before):
            value = laid_out(aggregate_value(aggregate, self.modules[aggregate.name]), 8, ",")
            yield Addition(self._file("board"), f"instead of the aggregate {aggregate.name}", value)

    def _reactions(self) -> Iterator[Addition]:
        names, views = policy_names(self.wall), view_names(self.wall)
        for policy in _others(self.wall.policies, self.old.policies):
            code = policy_code(self.wall, self.plan, policy, names[policy.name])
            said = f"the policy {policy.name}, and in board.py among the policies"
            yield Addition(self._file("policies"), said, "\n\n\n".join(code))
        for view in _others(self.wall.views, self.old.views):
            code = view_code(view, views[view.name], first_fields(self.wall, view))
            said = f"the view {view.name}, and in board.py among the projections"
            yield Addition(self._file("projections"), said, "\n\n\n".join(code))
        for system in _others(self.wall.systems, self.old.systems):
            value = laid_out(external_value(system), 8, ",")
            yield Addition(self._file("board"), f"among the externals: {system.name}", value)

    def _gone(self) -> Iterator[Addition]:
        """What the code has and the wall has not; the newest word is the wall's."""
        now = {*self.wall.fields, *self.wall.names}
        for name in (*self.old.fields, *self.old.names):
            if name not in now:
                yield Addition(self.package, f"{name} is not on the wall any more")
        for name, fields in self.wall.fields.items():
            for field in self.old.fields.get(name, ()):
                if field not in fields:
                    said = f"{name} has no {field.name} ({field.type}) on the wall any more"
                    yield Addition(self.package, said)


def _by_module(aggregate: AggregateNote) -> Iterator[tuple[str, CommandNote | EventNote]]:
    yield from (("commands", each) for each in aggregate.commands)
    yield from (("events", each) for each in aggregate.events)


def _value_words(wall: Wall) -> list[str]:
    return domain_types(types_of(note for each in wall.aggregates for note in each.messages))


def _on_board(aggregate: AggregateNote) -> tuple[object, ...]:
    """What of an aggregate stands in the board's own file."""
    leads = {each.name: set(each.leads_to) for each in aggregate.commands}
    return (aggregate.category, aggregate.key, leads)


def _others(notes: Iterable[N], before: Iterable[N]) -> Iterator[N]:
    known = set(before)
    return (each for each in notes if each not in known)
