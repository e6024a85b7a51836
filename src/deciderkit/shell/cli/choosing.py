"""Which note of the board somebody means by a word."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from deciderkit.aggregate import Aggregate
from deciderkit.board import Board
from deciderkit.ids import BadId, is_id, slug
from deciderkit.log.value_codec import canonical
from deciderkit.plain import shown
from deciderkit.projection import Projection
from deciderkit.shell.cli.edge import Stop, bad_input

N = TypeVar("N")


def aggregate_called(board: Board, word: str) -> Aggregate:
    """The aggregate by its name or by the category of its streams."""
    known = {each.name: each for each in board.aggregates}
    by_category = {each.category: each for each in board.aggregates}
    return _called("aggregate", {**by_category, **known}, word)


def projection_called(board: Board, word: str) -> Projection[Any]:
    """The projection by its name."""
    return _called("view", {each.name: each for each in board.projections}, word)


def stream_of(aggregate: Aggregate, key: str) -> str:
    """The stream of the instance ``key``; one that cannot be is bad input."""
    stream = f"{aggregate.category}-{key}"
    if not is_id(stream):
        bad_input(f"KEY: {BadId(key)}")
    return stream


def as_data(value: Any) -> bytes:
    """A state or a view as JSON, the same for equal values; one that has none stops."""
    try:
        return canonical(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise Stop(f"{type(value).__name__} has no JSON: {error}; leave out --json") from None


def _called(what: str, known: Mapping[str, N], word: str) -> N:
    by_slug = {slug(name): note for name, note in known.items()}
    found = known.get(word) or by_slug.get(slug(word))
    if found is None:
        near = get_close_matches(word.lower(), list(known), n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        expected = ", ".join(map(repr, known)) or f"a board with one, this one has no {what}"
        bad_input(f"no {what} {shown(word, 60)!a}: {hint}expected one of {expected}")
    return found
