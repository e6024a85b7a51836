"""The policies and the projections of a new package.

A policy's command carries what the event says under the same names. A projection lists its events
until somebody says what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deciderkit.new.layout import Bracket, Code, call, import_block, imports, laid_out, tuple_of
from deciderkit.new.messages import file_of
from deciderkit.new.naming import attribute, class_of, functions_of
from deciderkit.new.planning import Given, Plan
from deciderkit.new.python_types import plain_imports, value, value_imports
from deciderkit.new.texts import literal, words
from deciderkit.wall.fields import read_type
from deciderkit.wall.notes import (
    OWN,
    PolicyNote,
    ViewNote,
    Wall,
    key_fields,
)

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
    sections = [
        part for each in wall.policies for part in policy_code(wall, plan, each, names[each.name])
    ]
    head = import_block(
        [
            *plain_imports(codes),
            *_attrgetter(sections),
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
    return file_of("The lilac stickies: what happens by itself.", head, *sections)


def _attrgetter(sections: Iterable[str]) -> list[str]:
    """The line that imports ``attrgetter``, where some code picks a field by it."""
    needed = any("attrgetter(" in each for each in sections)
    return ["from operator import attrgetter"] if needed else []


def policy_code(wall: Wall, plan: Plan, policy: PolicyNote, name: str) -> Iterator[str]:
    """A policy: its function from event to command, its key where that is its own, and its value."""
    yield _then(policy, plan.asked[policy.name], name)
    if policy.key == OWN:
        yield _own_key(wall, policy, name)
    yield _policy_value(policy, name, [each.name for each in wall.fields[policy.whenever]])


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


def _policy_value(policy: PolicyNote, name: str, carried: Iterable[str]) -> str:
    key = f"key_of_{name}" if policy.key == OWN else _picks(policy.key, carried)
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


def _picks(key: str, carried: Iterable[str]) -> str:
    """The function from an event to its key."""
    fields = key_fields(key, carried)
    if len(fields) == 1:
        return f'attrgetter("{attribute(key)}")'
    # As Python writes them: "a:b" and "c" are not "a" and "b:c".
    put = ":".join(f"{{event.{attribute(each)}!r}}" for each in fields)
    return f'lambda event: f"{put}"'


def _types(name: str, events: tuple[str, ...]) -> Code:
    if len(events) == 1:
        return f"{name}={class_of(events[0])}"
    return tuple_of(map(class_of, events), f"{name}=")


def projections(wall: Wall, package: str) -> str:
    """The module of the green stickies."""
    names = view_names(wall)
    sections = [
        part
        for each in wall.views
        for part in view_code(each, names[each.name], first_fields(wall, each))
    ]
    head = import_block(
        [*_attrgetter(sections), "from typing import Final"],
        ["from deciderkit import Projection", "from pyrsistent import PVector, pvector"],
        [
            imports(
                f"{package}.events",
                ["Event", *(class_of(e) for each in wall.views for e in each.takes)],
            )
        ],
    )
    return file_of("The green stickies: what can be read.", head, *sections)


def first_fields(wall: Wall, view: ViewNote) -> list[str]:
    """The names of what the first event of a view carries."""
    return [field.name for field in wall.fields[view.takes[0]]]


def view_code(view: ViewNote, name: str, carried: Iterable[str]) -> Iterator[str]:
    """A projection: its function and its value; its first event has the fields ``carried``."""
    taken = " | ".join(map(class_of, view.takes))
    signature = laid_out(
        Bracket(f"def add_to_{name}(", ("view: PVector[Event]", f"event: {taken}")),
        behind=" -> PVector[Event]:",
    )
    yield f'''{signature}
    """One more event: what {words(view.name)} shows is not said yet."""
    return view.append(event)'''
    items = [literal(view.name), "pvector()", f"add_to_{name}"]
    items += [f"key={_picks(view.key, carried)}"] if view.key else []
    yield laid_out(call(f"{name}: Final = Projection[PVector[Event]]", *items))
