"""The module of one aggregate of a new package: its state, its reasons, ``decide`` and ``evolve``.

The state keeps what happened last and what the events said last. ``decide`` refuses nothing yet.
"""

from __future__ import annotations

from deciderkit.new.layout import Code, call, import_block, imports, laid_out, tuple_of
from deciderkit.new.messages import file_of, types_of
from deciderkit.new.naming import attribute, base_of, class_of, members_of
from deciderkit.new.planning import Plan
from deciderkit.new.python_types import annotation, plain_imports, value, value_imports
from deciderkit.new.texts import literal, words
from deciderkit.wall.field_types import NOTHING, either
from deciderkit.wall.fields import read_type
from deciderkit.wall.notes import AggregateNote, CommandNote, EventNote, Field


def aggregate_module(aggregate: AggregateNote, plan: Plan, package: str) -> str:
    """The module of ``aggregate``."""
    name = words(aggregate.name)
    about = (
        f"A yellow sticky, {name}: its state, what it decides, and how it comes about from events.\n\n"
        "What is not filled in yet is named by the tests in `tests/test_gaps.py`.\n"
    )
    base = base_of(aggregate)
    decider = f'''def is_terminal(state: State) -> bool:
    """Whether every further command will be refused; so far nothing ends for good."""
    return False


decider: Final = Decider[{base}Command, {base}Event, State, Reason](
    State(), decide, evolve, is_terminal
)
"""{name} as a `Decider`."""'''
    parts_of_it = [
        _imports(aggregate, plan, package),
        _stages(aggregate),
        _state(aggregate),
        _reasons(aggregate),
        f"Refusal: TypeAlias = Refused[{base}Command, Reason]\n"
        f"Decision: TypeAlias = tuple[{base}Event, ...] | tuple[Refusal]",
        _decide(aggregate, plan),
        _evolve(aggregate),
        decider,
    ]
    return file_of(about, *parts_of_it)


def _imports(aggregate: AggregateNote, plan: Plan, package: str) -> str:
    base = base_of(aggregate)
    kept = types_of(aggregate.events)
    gaps = [read_type(field.type) for _, _, field in gaps_of(aggregate, plan)]
    codes = [*map(annotation, kept), *map(value, gaps)]
    commands = [f"{base}Command", *(class_of(each.name) for each in aggregate.commands)]
    events = [f"{base}Event", *(class_of(each.name) for each in aggregate.events)]
    return import_block(
        [
            *plain_imports(codes),
            "from enum import Enum",
            "from typing import Final, TypeAlias, assert_never",
        ],
        [
            "from deciderkit import Decider, Refused",
            "from msgspec import Struct",
            "from msgspec.structs import replace",
        ],
        [
            imports(f"{package}.commands", commands),
            imports(f"{package}.events", events),
            *value_imports(codes, [*kept, *gaps], package),
        ],
    )


def gaps_of(aggregate: AggregateNote, plan: Plan) -> list[tuple[CommandNote, EventNote, Field]]:
    """The fields of events that their command does not give: a command, its event, the field."""
    events = {each.name: each for each in aggregate.events}
    return [
        (command, events[event], field)
        for command in aggregate.commands
        for event in plan.events[command.name]
        for field in events[event].fields
        if field not in command.fields
    ]


def stages_of(aggregate: AggregateNote) -> dict[str, str]:
    """The member of ``Stage`` for each event, by the event's name."""
    names = [each.name for each in aggregate.events]
    return dict(zip(names, members_of(["new", *names])[1:], strict=True))


def _stages(aggregate: AggregateNote) -> str:
    members = ["NEW", *stages_of(aggregate).values()]
    lines = [f'    {each} = "{each.lower().replace("_", " ")}"' for each in members]
    return "\n".join(["class Stage(Enum):", '    """What happened last."""', "", *lines])


def _state(aggregate: AggregateNote) -> str:
    said: dict[str, list[str]] = {}
    for event in aggregate.events:
        for field in event.fields:
            said.setdefault(field.name, []).append(field.type)
    lines = [
        f"    {attribute(name)}: {annotation(either([*map(read_type, types), NOTHING]))} = None"
        for name, types in said.items()
    ]
    about = (
        '    """What happened last, and what the events said last: None where none has said it."""'
    )
    stage = f"    {_stage_field(aggregate)}: Stage = Stage.NEW"
    return "\n".join(["class State(Struct, frozen=True):", about, "", stage, *lines])


def _stage_field(aggregate: AggregateNote) -> str:
    fields = {attribute(field.name) for event in aggregate.events for field in event.fields}
    return next(each for each in ("stage", "last_stage", "stage_of_it") if each not in fields)


def _reasons(aggregate: AggregateNote) -> str:
    members = members_of(aggregate.refuses)
    lines = [
        f"    {member} = {literal(reason)}"
        for member, reason in zip(members, aggregate.refuses, strict=True)
    ]
    why = "the values are what a person reads" if lines else "the wall names no reason yet"
    space = [""] if lines else []
    return "\n".join(["class Reason(Enum):", f'    """Why it refuses; {why}."""', *space, *lines])


def _decide(aggregate: AggregateNote, plan: Plan) -> str:
    arms = [decide_arm(aggregate, each, plan) for each in aggregate.commands]
    return f'''def decide(command: {base_of(aggregate)}Command, state: State) -> Decision:
    """What ``command`` leads to in ``state``: so far the same in every state, and nothing is refused."""
    match command:
{chr(10).join(arms)}
        case _:
            assert_never(command)'''


def decide_arm(aggregate: AggregateNote, command: CommandNote, plan: Plan) -> str:
    """What ``decide`` says of one command."""
    events = {each.name: each for each in aggregate.events}
    made = [_made(command, events[each]) for each in plan.events[command.name]]
    returned = laid_out(tuple_of(made, "return "), 12)
    return f"        case {class_of(command.name)}():\n{returned}"


def _made(command: CommandNote, event: EventNote) -> Code:
    """An event, made of what the command carries."""
    given = [
        f"{attribute(field.name)}=command.{attribute(field.name)}"
        if field in command.fields
        else f"{attribute(field.name)}={value(read_type(field.type))}  # a gap: not said yet"
        for field in event.fields
    ]
    return call(class_of(event.name), *given)


def _evolve(aggregate: AggregateNote) -> str:
    arms = [evolve_arm(aggregate, each) for each in aggregate.events]
    return f'''def evolve(state: State, event: {base_of(aggregate)}Event | Refusal) -> State:
    """The state after ``event``: so far any event may follow any other."""
    match event:
{chr(10).join(arms)}
        case Refused():
            return state
        case _:
            assert_never(event)'''


def evolve_arm(aggregate: AggregateNote, event: EventNote) -> str:
    """What ``evolve`` says of one event."""
    said = [f"{attribute(each.name)}=event.{attribute(each.name)}" for each in event.fields]
    stage = f"{_stage_field(aggregate)}=Stage.{stages_of(aggregate)[event.name]}"
    changed = laid_out(call("return replace", "state", stage, *said), 12)
    return f"        case {class_of(event.name)}():\n{changed}"
