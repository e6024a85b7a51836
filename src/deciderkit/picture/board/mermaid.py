"""A board as a flowchart for Mermaid, which GitHub and many editors draw: notes, arrows and their colours.

Every character of a name that could mean something to Mermaid or to a browser is written as its number,
so that a name is shown and never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from deciderkit.picture.board.lettering import title
from deciderkit.picture.board.scenes import scenes_of
from deciderkit.picture.stickies import COLOURS, INK, Kind
from deciderkit.plain import shown
from deciderkit.wall.notes import AggregateNote, Wall

_SHAPES: Final[Mapping[Kind, tuple[str, str]]] = {
    "command": ('["', '"]'),
    "aggregate": ('[["', '"]]'),
    "event": ('("', '")'),
    "policy": ('{{"', '"}}'),
    "view": ('[/"', '"/]'),
    "external": ('(["', '"])'),
    "refusal": ('["', '"]'),
}
"""Each kind has a shape of its own, for those who do not see the colours; a refusal has a dashed edge."""


_STROKE: Final = f"stroke:{INK},color:{INK}"


def mermaid(wall: Wall) -> str:
    """The picture of ``wall`` as the text of a flowchart, from left to right.

    >>> from deciderkit.wall import parse_wall
    >>> print(mermaid(parse_wall("Lock -> [Door] -> Locked").unwrap()).split("    classDef")[0], end="")
    flowchart LR
        c0["Lock"]:::command
        a0_0[["Door"]]:::aggregate
        e0("Locked"):::event
        c0 --> a0_0
        a0_0 --> e0
    """
    lines = [*_notes(wall), *_arrows(wall), *_classes()]
    return "\n".join(["flowchart LR", *(f"    {line}" for line in lines), ""])


def _notes(wall: Wall) -> Iterator[str]:
    yield from _numbered("command", wall.commands)
    for index, aggregate in enumerate(wall.aggregates):
        for number, _ in enumerate(scenes_of(aggregate)):
            yield _note(f"a{index}_{number}", "aggregate", title(aggregate.name))
        if aggregate.refuses:
            reasons = "<br/>".join(_escaped(shown(each)) for each in aggregate.refuses)
            yield _note(f"r{index}", "refusal", reasons, escaped=True)
    yield from _numbered("event", wall.events)
    yield from _numbered("policy", (each.name for each in wall.policies))
    yield from _numbered("view", (each.name for each in wall.views))
    yield from _numbered("external", (each.name for each in wall.systems))


def _arrows(wall: Wall) -> Iterator[str]:
    command, event = _ids("command", wall.commands), _ids("event", wall.events)
    for index, aggregate in enumerate(wall.aggregates):
        yield from _in_scenes(index, aggregate, command, event)
    for index, policy in enumerate(wall.policies):
        yield f"{event[policy.whenever]} -->|whenever| p{index}"
        yield from (f"p{index} --> {command[each]}" for each in policy.then)
    for index, view in enumerate(wall.views):
        yield from (f"{event[each]} --> v{index}" for each in view.takes)
    for index, system in enumerate(wall.systems):
        yield from (f"{event[each]} --> x{index}" for each in system.hears)


def _in_scenes(
    index: int, aggregate: AggregateNote, command: Mapping[str, str], event: Mapping[str, str]
) -> Iterator[str]:
    for number, scene in enumerate(scenes_of(aggregate)):
        yield from (f"{command[each]} --> a{index}_{number}" for each in scene.commands)
        yield from (f"a{index}_{number} --> {event[each]}" for each in scene.events)
    if aggregate.refuses:
        yield f"a{index}_0 -.- r{index}"


def _classes() -> Iterator[str]:
    for kind in _SHAPES:
        edge = ",stroke-dasharray:4 3" if kind == "refusal" else ""
        yield f"classDef {kind} fill:{COLOURS[kind]},{_STROKE}{edge}"


def _ids(kind: Kind, names: Iterable[str]) -> dict[str, str]:
    letter = "x" if kind == "external" else kind[0]
    return {name: f"{letter}{index}" for index, name in enumerate(names)}


def _numbered(kind: Kind, names: Iterable[str]) -> Iterator[str]:
    for name, known in _ids(kind, names).items():
        yield _note(known, kind, title(name))


def _note(known: str, kind: Kind, text: str, escaped: bool = False) -> str:
    before, behind = _SHAPES[kind]
    return f"{known}{before}{text if escaped else _escaped(text)}{behind}:::{kind}"


def _escaped(text: str) -> str:
    """Letters, digits and spaces as they are, all else as numbers.

    >>> _escaped('say "hi"; end')
    'say #34;hi#34;#59; end'
    """
    return "".join(each if each.isalnum() or each == " " else f"#{ord(each)};" for each in text)
