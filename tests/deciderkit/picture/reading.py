"""The data of a page read back, slowly and plainly, to compare it with the folds."""

from __future__ import annotations

from typing import Any, TypeAlias

from deciderkit.board import Board, BoardState
from deciderkit.picture.facts import Facts
from deciderkit.picture.lines import Lines
from deciderkit.picture.spelling import AS_IT_IS, Speller, Spelling
from deciderkit.picture.story import Story

Said: TypeAlias = dict[tuple[str, str, str], dict[str, str]]


def moments(story: Story) -> list[Said]:
    """What the page says at each moment: the facts of every thing that it knows of."""
    data = story.data
    said: Said = {}
    reached = [said]
    _apply(said, data, data["first"])
    at = 0
    for size in data["sizes"]:
        said = {thing: dict(facts) for thing, facts in said.items()}
        _apply(said, data, data["changes"][at : at + 2 * size])
        at += 2 * size
        reached.append(said)
    return reached


def _apply(said: Said, data: dict[str, Any], changes: list[int]) -> None:
    texts = data["texts"]
    for fact, text in zip(changes[::2], changes[1::2], strict=True):
        number, label = data["facts"][fact]
        kind, name, key = data["things"][number]
        facts = said.setdefault((kind, texts[name], texts[key]), {})
        if text < 0:
            del facts[texts[label]]
        else:
            facts[texts[label]] = texts[text]


def expected(board: Board, state: BoardState, spelling: Spelling = AS_IT_IS) -> Said:
    """What a page must say of ``state``, made afresh from the whole fold."""
    spell, lines = Speller(spelling), Lines(board, spelling)
    said: Said = {}
    for kind, held in (("stream", state.streams), ("view", state.views)):
        for name, by_key in held.items():
            for key, value in by_key.items():
                changes = Facts(spell).become(value)
                said[kind, name, key] = {each.label: str(each.text) for each in changes}
    todos = {f"{each.policy.name} #{each.position}": lines(each) for each in state.todos()}
    open = {label: f"{line.text} ({line.key})" for label, line in todos.items()}
    return {**said, ("todo", "to do", ""): open}
