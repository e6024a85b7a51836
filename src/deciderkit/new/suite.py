"""The tests of a new package: every law, and each gap as a test that fails until somebody fills it."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from deciderkit.new.layout import Code, call, import_block, imports, laid_out
from deciderkit.new.messages import file_of, types_of
from deciderkit.new.naming import (
    attribute,
    base_of,
    class_of,
    modules_of,
    unique,
)
from deciderkit.new.python_types import plain_imports, strategy, value_imports
from deciderkit.new.texts import words
from deciderkit.wall.fields import read_type
from deciderkit.wall.notes import AggregateNote, CommandNote, Field, Wall

_FEW: Final = {
    "text": 'st.sampled_from(["a", "b"])',
    "number": "st.integers(1, 2)",
    "uuid": "st.sampled_from([UUID(int=1), UUID(int=2)])",
    "date": "st.sampled_from([dt.date(2026, 1, 1), dt.date(2026, 1, 2)])",
}
"""Few keys, so that commands meet the same streams, also those that a policy asks for elsewhere."""


def strategies(wall: Wall, package: str) -> str:
    """The module of what tests draw: any command of each aggregate, and of the board."""
    notes = [note for each in wall.aggregates for note in each.commands]
    types = types_of(notes)
    modules = modules_of(wall)
    names = [f"{base_of(each)}Command" for each in wall.aggregates]
    keys = {each.key for each in wall.aggregates}
    codes = [_strategy_of(field, keys) for each in notes for field in each.fields]
    head = import_block(
        plain_imports(codes),
        ["from hypothesis import strategies as st"],
        [
            imports(
                f"{package}.commands", ["Command", *names, *(class_of(each.name) for each in notes)]
            ),
            *value_imports(codes, types, package),
        ],
    )
    functions = [commands_drawn(wall, each, modules[each.name]) for each in wall.aggregates]
    every = laid_out(
        call("return st.one_of", *(f"{module}_commands()" for module in modules.values())), 4
    )
    whole = f'''def board_commands() -> st.SearchStrategy[Command]:
    """Any command on the board, for a few streams."""
{every}'''
    return file_of(
        "What the tests draw: commands with any fields, for a few streams.", head, *functions, whole
    )


def commands_drawn(wall: Wall, aggregate: AggregateNote, module: str) -> str:
    """The function that draws any command of ``aggregate``."""
    keys = {each.key for each in wall.aggregates}
    drawn = [_drawn(each, keys) for each in aggregate.commands]
    return f'''def {module}_commands() -> st.SearchStrategy[{base_of(aggregate)}Command]:
    """Any command for {words(aggregate.name)}."""
{laid_out(call("return st.one_of", *drawn), 4)}'''


def _drawn(command: CommandNote, keys: Set[Field | None]) -> Code:
    """By the names of the fields: one that comes between two others shifts none of them."""
    fields = (f"{attribute(each.name)}={_strategy_of(each, keys)}" for each in command.fields)
    return call("st.builds", class_of(command.name), *fields)


def _strategy_of(field: Field, keys: Set[Field | None]) -> str:
    return _FEW[field.type] if field in keys else strategy(read_type(field.type))


def laws(wall: Wall, package: str) -> str:
    """The module that holds every law against the package."""
    modules = modules_of(wall)
    drawn = [f"{module}_commands" for module in modules.values()]
    head = import_block(
        [],
        ["from deciderkit.testing import BoardLaws, DeciderLaws"],
        [
            imports(package, modules.values()),
            f"from {package}.board import board",
            imports(f"{package}.tests.strategies", ["board_commands", *drawn]),
        ],
    )
    classes = laws_by_aggregate(wall).values()
    whole = "class TestBoard(BoardLaws):\n    board = board\n    commands = board_commands()"
    return file_of("Every law of the kit, asked of this board.", head, *classes, whole)


def laws_by_aggregate(wall: Wall) -> dict[str, str]:
    """The class that holds its laws against the decider of each aggregate, by the aggregate's name."""
    names = unique((f"Test{base_of(each)}" for each in wall.aggregates), ["TestBoard"])
    return {
        aggregate: f"class {name}(DeciderLaws):\n"
        f"    decider = {module}.decider\n    commands = {module}_commands()"
        for name, (aggregate, module) in zip(names, modules_of(wall).items(), strict=True)
    }


ASKING: Final = '''"""What deciders answer in many runs: where the tests of gaps look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deciderkit import Decider, Projection, Refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrsistent import pvector

_FOUND: dict[Any, list[tuple[Any, Any]]] = {}


def answers(
    decider: Decider[Any, Any, Any, Any], commands: Callable[[], Any]
) -> list[tuple[Any, Any]]:
    """Each of many commands with each event, or refusal, that it led to.

    Each of a few commands is asked in every state that they reach.
    So answers that need many steps are found as well.
    """
    if commands in _FOUND:
        return _FOUND[commands]
    found = _FOUND[commands] = []

    @settings(
        max_examples=100,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(commands(), min_size=8, max_size=16))
    def ask(run: list[Any]) -> None:
        reached = [decider.initial]
        for state in reached:
            for command in run:
                after = state
                for answer in decider.decide(command, state):
                    found.append((command, answer))
                    after = decider.evolve(after, answer)
                if len(reached) < 32 and after not in reached:
                    reached.append(after)

    ask()
    return found


def events_after(decider: Any, commands: Any, command: type, event: type) -> list[Any]:
    """The events of one type that ``command`` led to in all runs."""
    return [
        answer
        for asked, answer in answers(decider, commands)
        if type(asked) is command and type(answer) is event
    ]


def led_to(decider: Any, commands: Any, command: type, event: type) -> bool:
    """Whether ``command`` led to ``event`` in some run."""
    return bool(events_after(decider, commands, command, event))


def refused(decider: Any, commands: Any, reason: object) -> bool:
    """Whether something was refused for ``reason`` in some run."""
    return any(
        isinstance(answer, Refused) and answer.reason is reason
        for _, answer in answers(decider, commands)
    )


def events_of(decider: Any, commands: Any, *kinds: type) -> list[Any]:
    """The events of some types in all runs."""
    return [each for _, each in answers(decider, commands) if type(each) in kinds]


def gives(events: list[Any], field: str, first: object) -> bool:
    """Whether some event has another value than the one that stands for a gap."""
    return any(getattr(each, field) != first for each in events)


def asks(
    then: Callable[[Any], Any], events: list[Any], field: str, first: object
) -> bool:
    """Whether a policy asks for another value than the one that stands for a gap."""
    return gives([then(each) for each in events], field, first)


def shows_more(view: Projection[Any], events: list[Any]) -> bool:
    """Whether a view shows anything but the list of its events."""
    return bool(events) and view.fold(events) != pvector(events)


def is_written(value: type) -> bool:
    """Whether a value type has other fields than the one that stands for a gap."""
    return ("value",) != getattr(value, "__struct_fields__", ())
'''
"""What the tests of gaps ask with."""
