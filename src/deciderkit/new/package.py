"""A wall made into a package: its files, by their paths inside the package's folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from returns.result import Failure, Result, Success

from deciderkit.new.aggregates import aggregate_module
from deciderkit.new.boards import board
from deciderkit.new.gaps import gap_tests
from deciderkit.new.messages import commands, events, types_of, values
from deciderkit.new.naming import (
    CLASSES,
    FIELDS,
    attribute,
    base_of,
    class_of,
    is_package_name,
    modules_of,
)
from deciderkit.new.planning import Plan, plan_of
from deciderkit.new.python_types import domain_types, parts
from deciderkit.new.reactions import policies, projections
from deciderkit.new.suite import ASKING, laws, strategies
from deciderkit.wall.field_types import PLAIN, UUID, Type
from deciderkit.wall.notes import Wall
from deciderkit.wall.tokens import WallError, named


def package_of(wall: Wall, name: str) -> Result[dict[str, str], WallError]:
    """The files of a package called ``name`` that runs ``wall``: their texts, by their paths.

    It imports, type-checks and keeps every law, and does the least that the wall asks for. What a
    person has to fill in is a test in ``tests/test_gaps.py``. `wall_of` its board is ``wall`` again.
    """
    try:
        plan = checked_plan(wall, name)
    except WallError as error:
        return Failure(error)
    modules = modules_of(wall)
    files = {
        "__init__.py": _init(name),
        "values.py": values(wall) if _value_types(wall) else "",
        "commands.py": commands(wall, name),
        "events.py": events(wall, name),
        **{
            f"{modules[each.name]}.py": aggregate_module(each, plan, name)
            for each in wall.aggregates
        },
        "policies.py": policies(wall, plan, name) if wall.policies else "",
        "projections.py": projections(wall, name) if wall.views else "",
        "board.py": board(wall, name),
        "tests/__init__.py": '"""The tests of the board: its laws, and what is still to be filled in."""\n',
        "tests/strategies.py": strategies(wall, name),
        "tests/test_laws.py": laws(wall, name),
    }
    gaps = gap_tests(wall, plan, name)
    if gaps:
        files |= {"tests/asking.py": ASKING, "tests/test_gaps.py": gaps}
    return Success({path: text for path, text in files.items() if text})


def checked_plan(wall: Wall, name: str) -> Plan:
    """What a package called ``name`` does. Raises `WallError` where there can be none."""
    _check_names(wall, name)
    return plan_of(wall)


def _init(name: str) -> str:
    return f'"""The board of {name}, from the wall on."""\n\nfrom {name}.board import board\n\n__all__ = ["board"]\n'


def _all_types(wall: Wall) -> list[Type]:
    return types_of(note for each in wall.aggregates for note in each.messages)


def _value_types(wall: Wall) -> list[str]:
    return domain_types(_all_types(wall))


def _check_names(wall: Wall, name: str) -> None:
    if not is_package_name(name):
        raise WallError(None, f"a package called {named(name)}", "a lower-case name, as in 'shop'")
    if not wall.aggregates:
        raise WallError(None, "an empty wall", "a line 'Command -> [Aggregate] -> Event'")
    taken = dict.fromkeys(CLASSES, "the package itself")
    for each in _value_types(wall):
        _check_type_name(each)
    for kind, classes in _classes(wall):
        for each in classes:
            if each in taken:
                problem = f"{kind} '{each}' has the name of {taken[each]}"
                raise WallError(None, problem, "another name")
            taken[each] = f"{kind} '{each}'"
    for fields in wall.fields.values():
        for field in fields:
            if field.name == "type":
                problem = "a field called 'type', which says of a command what it is"
                raise WallError(None, problem, "another name, as in 'kind'")
            if attribute(field.name) in FIELDS:
                raise WallError(None, f"a field called '{field.name}'", "another name")
    for found in parts(_all_types(wall)):
        _check_type(found)


def _check_type_name(name: str) -> None:
    """Refuse a type of the domain that is a plain one with a capital: who says ``Date`` means ``date``."""
    plain = name.lower()
    if plain in (*PLAIN.values(), UUID):
        problem = f"the type '{name}' is not '{plain}', but a type of your own"
        raise WallError(None, problem, f"'{plain}', or another name")


def _classes(wall: Wall) -> Iterator[tuple[str, Iterable[str]]]:
    """All classes that the package will have, with what they are."""
    yield "the type", map(class_of, _value_types(wall))
    yield "the command", map(class_of, wall.commands)
    yield "the event", map(class_of, wall.events)
    for aggregate in wall.aggregates:
        yield "an alias", (f"{base_of(aggregate)}{kind}" for kind in ("Command", "Event"))


_AS_TEXT = frozenset(["text", "decimal", "date", "time", "datetime", "duration", "uuid", "bytes"])


def _check_type(found: Type) -> None:
    """Refuse what a log could not read back: choices that look the same, and keys that are no text."""
    if found.word == "or":
        words = [each.word for each in found.of]
        alike = [each for each in words if each in _AS_TEXT]
        lists = [each for each in words if each in ("list", "set")]
        maps = [each for each in words if each == "map"]
        for same in (alike, lists, [*maps, *(domain_types(found.of) if maps else ())]):
            if len(same) > 1:
                problem = f"the type '{found}': {same[0]} and {same[1]} look the same in a log"
                raise WallError(None, problem, "one of them, or a type of its own")
    keys = {"map": found.of[:1], "set": found.of}.get(found.word, ())
    for each in parts(keys):
        if each.word == "map" or (
            found.word == "map" and each.word not in ("text", "number", "uuid", "date")
        ):
            problem = f"the type '{found}' looks things up by {each}"
            raise WallError(None, problem, "text, number, date or uuid")
