"""The values, the commands and the events of a new package, a file of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from deciderkit.new.layout import import_block, imports, union
from deciderkit.new.naming import attribute, base_of, class_of
from deciderkit.new.python_types import (
    annotation,
    domain_types,
    parts,
    plain_imports,
    value_imports,
)
from deciderkit.wall.field_types import Type
from deciderkit.wall.fields import read_type
from deciderkit.wall.notes import AggregateNote, CommandNote, EventNote, Field, Wall

_FUTURE = "from __future__ import annotations"


def file_of(about: str, *sections: str) -> str:
    """A module: what it is about, its imports, and its parts, two lines apart."""
    head, *rest = [section for section in sections if section]
    return "\n\n\n".join([f'"""{about}"""\n\n{_FUTURE}\n\n{head}', *rest]) + "\n"


def types_of(notes: Iterable[CommandNote | EventNote]) -> list[Type]:
    """The types of all fields of ``notes``."""
    return [read_type(field.type) for note in notes for field in note.fields]


def values(wall: Wall) -> str:
    """The module of the value types that fields name; each is still to be written."""
    types = types_of(note for each in wall.aggregates for note in each.messages)
    tagged = {word for each in parts(types) for word in _alternatives(each)}
    classes = [value_class(word, word in tagged) for word in domain_types(types)]
    about = "The values that commands, events and states are made of."
    return file_of(about, "from msgspec import Struct", *classes)


def _alternatives(found: Type) -> Iterator[str]:
    """The types of the domain that stand side by side in a choice, and have to be told apart in a log."""
    words = domain_types(found.of) if found.word == "or" else []
    if len(words) > 1:
        yield from words


def value_class(word: str, tagged: bool = False) -> str:
    """A value type that is still to be written."""
    options = ", tag=True" if tagged else ""
    return f'''class {class_of(word)}(Struct, frozen=True{options}):
    """{word}: the wall does not say yet what it is made of."""

    value: str'''


def commands(wall: Wall, package: str) -> str:
    """The module of the blue stickies."""
    about = "The blue stickies: what somebody, or a policy, wants to happen."
    return _messages(wall, package, about, "Command", lambda each: each.commands)


def events(wall: Wall, package: str) -> str:
    """The module of the orange stickies."""
    about = "The orange stickies: what happened. Each carries all that a fold needs."
    return _messages(wall, package, about, "Event", lambda each: each.events)


def _messages(
    wall: Wall,
    package: str,
    about: str,
    kind: str,
    notes_of: Callable[[AggregateNote], Iterable[CommandNote | EventNote]],
) -> str:
    notes = [note for each in wall.aggregates for note in notes_of(each)]
    types = types_of(notes)
    codes = [annotation(each, bound=True) for each in types]
    bound = any("Annotated[" in each for each in codes)
    head = import_block(
        [*plain_imports(codes), imports("typing", ["Annotated"] * bound + ["TypeAlias"])],
        [imports("msgspec", ["Meta"] * bound + ["Struct"])],
        value_imports(codes, types, package),
    )
    aliases = [alias_of(each, kind, notes_of(each)) for each in wall.aggregates]
    whole = union(f"{kind}: TypeAlias = ", (f"{base_of(each)}{kind}" for each in wall.aggregates))
    return file_of(about, head, *map(message_class, notes), "\n".join([*aliases, whole]))


def alias_of(aggregate: AggregateNote, kind: str, notes: Iterable[CommandNote | EventNote]) -> str:
    """The name that stands for all commands, or all events, of ``aggregate``; ``kind`` says which."""
    return union(
        f"{base_of(aggregate)}{kind}: TypeAlias = ", (class_of(each.name) for each in notes)
    )


def message_class(note: CommandNote | EventNote) -> str:
    """A command or an event as a class."""
    fields = "".join(f"{field_line(each)}\n" for each in note.fields)
    about = f'class {class_of(note.name)}(Struct, frozen=True):\n    """{note.name}."""\n'
    return f"{about}\n{fields}".rstrip()


def field_line(field: Field) -> str:
    """A field of a command or an event, as it stands in its class."""
    return f"    {attribute(field.name)}: {annotation(read_type(field.type), bound=True)}"
