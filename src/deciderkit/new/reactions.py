"""The policies and the projections of a new package, and its board.

A policy's command carries what the event says under the same names. A projection lists its events
until somebody says what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deciderkit.new.layout import Bracket, Code, call, import_block, imports, laid_out, tuple_of
from deciderkit.new.messages import file_of
from deciderkit.new.naming import attribute, class_of, functions_of, modules_of
from deciderkit.new.planning import Given, Plan
from deciderkit.new.python_types import plain_imports, value, value_imports
from deciderkit.new.texts import literal, words
from deciderkit.wall.fields import read_type
from deciderkit.wall.notes import OWN, AggregateNote, PolicyNote, SystemNote, ViewNote, Wall

_HELD = ("attrgetter", "assert_never", "pvector", "board", "commands", "events", "key_of")


def policy_names(wall: Wall) -> dict[str, str]:
    """What each policy is called in Python, by its name."""
    return functions_of((each.name for each in wall.policies), "policy", _HELD)


def view_names(wall: Wall) -> dict[str, str]:
    """What each projection is called in Python, by its name."""
    return functions_of((each.name for each in wall.views), "view", _HELD)


def policies(wall: Wall, plan: Plan, package: str) -> str:
    """The module of the lilac stickies."""
    names = policy_names(wall)
    gaps = [
        read_type(given.field.type)
        for each in wall.policies
        for given in plan.asked[each.name]
        if given.by is None
    ]
    codes = list(map(value, gaps))
    own = any(each.key == OWN for each in wall.policies)
    fields = any(each.key != OWN or each.due for each in wall.policies)
    head = import_block(
        [
            *plain_imports(codes),
            *(["from operator import attrgetter"] if fields else []),
            f"from typing import Final{', assert_never' if own else ''}",
        ],
        ["from deciderkit import Policy"],
        [
            imports(
                f"{package}.commands", (class_of(c) for each in wall.policies for c in each.then)
            ),
            imports(
                f"{package}.events", (class_of(e) for each in wall.policies for e in each.hears)
            ),
            *value_imports(codes, gaps, package),
        ],
    )
    sections = [
        part for each in wall.policies for part in policy_code(wall, plan, each, names[each.name])
    ]
    return file_of("The lilac stickies: what happens by itself.", head, *sections)


def policy_code(wall: Wall, plan: Plan, policy: PolicyNote, name: str) -> Iterator[str]:
    """A policy: its function from event to command, its key where that is its own, and its value."""
    yield _then(policy, plan.asked[policy.name], name)
    if policy.key == OWN:
        yield _own_key(wall, policy, name)
    yield _policy_value(policy, name)


def _then(policy: PolicyNote, given: Iterable[Given], name: str) -> str:
    whenever, commands = class_of(policy.whenever), " | ".join(map(class_of, policy.then))
    made = call(f"return {class_of(policy.then[0])}", *map(_given, given))
    signature = laid_out(
        Bracket(f"def ask_{name}(", (f"event: {whenever}",)), behind=f" -> {commands}:"
    )
    return f'''{signature}
    """Whenever {policy.whenever}, then {" or ".join(policy.then)}."""
{laid_out(made, 4)}'''


def _given(given: Given) -> str:
    by = given.by or f"{value(read_type(given.field.type))}  # a gap: not said yet"
    return f"{attribute(given.field.name)}={by}"


def _own_key(wall: Wall, policy: PolicyNote, name: str) -> str:
    """A key that is another field for the events of another aggregate."""
    by_key: dict[str, list[str]] = {}
    for event in policy.hears:
        key = wall.events[event].key
        by_key.setdefault(key.name if key else "", []).append(class_of(event))
    arms = "\n".join(
        f"        case {' | '.join(f'{each}()' for each in events)}:\n"
        f"            return event.{attribute(key)}"
        for key, events in by_key.items()
    )
    signature = laid_out(
        Bracket(f"def key_of_{name}(", (f"event: {' | '.join(map(class_of, policy.hears))}",)),
        behind=" -> object:",
    )
    return f'''{signature}
    """Which case an event speaks of: each event says it as its own aggregate does."""
    match event:
{arms}
        case _:
            assert_never(event)'''


def _policy_value(policy: PolicyNote, name: str) -> str:
    key = f"key_of_{name}" if policy.key == OWN else f'attrgetter("{attribute(policy.key)}")'
    items: list[Code] = [
        literal(policy.name),
        f"whenever={class_of(policy.whenever)}",
        f"then=ask_{name}",
        _types("until", policy.until),
        f"key={key}",
        *([_types("unless", policy.unless)] if policy.unless else []),
        *([f'due=attrgetter("{attribute(policy.due)}")'] if policy.due else []),
    ]
    return laid_out(call(f"{name}: Final = Policy", *items))


def _types(name: str, events: tuple[str, ...]) -> Code:
    if len(events) == 1:
        return f"{name}={class_of(events[0])}"
    return tuple_of(map(class_of, events), f"{name}=")


def projections(wall: Wall, package: str) -> str:
    """The module of the green stickies."""
    names = view_names(wall)
    keyed = any(each.key for each in wall.views)
    head = import_block(
        [*(["from operator import attrgetter"] if keyed else []), "from typing import Final"],
        ["from deciderkit import Projection", "from pyrsistent import PVector, pvector"],
        [
            imports(
                f"{package}.events",
                ["Event", *(class_of(e) for each in wall.views for e in each.takes)],
            )
        ],
    )
    sections = [part for each in wall.views for part in view_code(each, names[each.name])]
    return file_of("The green stickies: what can be read.", head, *sections)


def view_code(view: ViewNote, name: str) -> Iterator[str]:
    """A projection: its function and its value."""
    taken = " | ".join(map(class_of, view.takes))
    signature = laid_out(
        Bracket(f"def add_to_{name}(", ("view: PVector[Event]", f"event: {taken}")),
        behind=" -> PVector[Event]:",
    )
    yield f'''{signature}
    """One more event: what {words(view.name)} shows is not said yet."""
    return view.append(event)'''
    items = [literal(view.name), "pvector()", f"add_to_{name}"]
    items += [f'key=attrgetter("{attribute(view.key)}")'] if view.key else []
    yield laid_out(call(f"{name}: Final = Projection[PVector[Event]]", *items))


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
