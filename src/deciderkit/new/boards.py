"""The module of a new package in which everything hangs together: its board."""

from __future__ import annotations

from collections.abc import Iterable

from deciderkit.new.layout import Bracket, Code, call, import_block, imports, laid_out, tuple_of
from deciderkit.new.messages import file_of
from deciderkit.new.naming import attribute, class_of, modules_of
from deciderkit.new.reactions import policy_names, view_names
from deciderkit.new.texts import literal
from deciderkit.wall.notes import AggregateNote, SystemNote, Wall


def board(wall: Wall, package: str) -> str:
    """The module of the wall as one value."""
    modules = modules_of(wall)
    externals = list(map(external_value, wall.systems))
    items: list[Code] = [
        tuple_of(
            (aggregate_value(each, modules[each.name]) for each in wall.aggregates), "aggregates="
        ),
        *_several("policies", policy_names(wall).values()),
        *_several("projections", view_names(wall).values()),
        *([tuple_of(externals, "externals=")] if externals else []),
    ]
    kit = ["Aggregate", "Board", *(["ExternalSystem"] if externals else [])]
    own = [imports(package, ["commands", "events", *modules.values()])]
    own += _imported(f"{package}.policies", policy_names(wall).values())
    own += _imported(f"{package}.projections", view_names(wall).values())
    head = import_block(
        ["from operator import attrgetter", "from typing import Final"],
        [imports("deciderkit", kit)],
        own,
    )
    value_of_it = (
        f'{laid_out(call("board: Final = Board", *items))}\n"""All that hangs on the wall."""'
    )
    return file_of("The wall: the whole storm as one value.", f"{head}\n\n{value_of_it}")


def _imported(module: str, names: Iterable[str]) -> list[str]:
    listed = list(names)
    return [imports(module, listed)] if listed else []


def _several(what: str, names: Iterable[str]) -> list[Code]:
    listed = list(names)
    return [tuple_of(listed, f"{what}=")] if listed else []


def aggregate_value(aggregate: AggregateNote, module: str) -> Code:
    """An aggregate as it stands on the board."""
    key = aggregate.key.name if aggregate.key else ""
    leads = [
        tuple_of(
            (f"events.{class_of(event)}" for event in each.leads_to),
            f"commands.{class_of(each.name)}: ",
        )
        for each in aggregate.commands
    ]
    return call(
        "Aggregate",
        literal(aggregate.name),
        literal(aggregate.category),
        f"{module}.decider",
        f'key=attrgetter("{attribute(key)}")',
        Bracket("leads={", tuple(leads), "}"),
    )


def external_value(system: SystemNote) -> Code:
    """An external system as it stands on the board."""
    hears = tuple_of((f"events.{class_of(event)}" for event in system.hears), "hears=")
    return call("ExternalSystem", literal(system.name), hears)
