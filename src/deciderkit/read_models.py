"""One projection followed along a log: its views by key, and those that an event has stopped.

A view that cannot take an event stays as it was before it and is named with the reason; every other
view, of another projection or another key, goes on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct
from pyrsistent import PMap, pmap

from deciderkit.ids import key_text
from deciderkit.log.pages import Page
from deciderkit.outcomes import in_words
from deciderkit.projection import Projection


class UnreadView(Struct, frozen=True):
    """A view that stands still before the event at ``position``, which it cannot take.

    ``key`` is None where the projection's ``key`` raised for that event, which then is left out.
    """

    projection: str
    key: str | None
    position: int
    reason: str


class Views(NamedTuple):
    """One projection up to ``position``: its views by key, and those that stand still."""

    position: int = 0
    by_key: PMap[str, Any] = pmap()
    unread: PMap[str | None, UnreadView] = pmap()


def after(projection: Projection[Any], page: Page, before: Views) -> Views:
    """``before`` and what ``page`` changed."""
    takes, evolve, key_of, initial = (
        projection.takes,
        projection.evolve,
        projection.key,
        projection.initial,
    )
    changed: dict[str, Any] = {}
    by_key, unread = before.by_key, before.unread
    some_stand = bool(unread)  # asked of the map at each event, it would cost a tenth more
    for recorded in page:
        event = recorded.event
        if type(event) not in takes:
            continue
        key: str | None = None
        try:
            named = key_of(event)
            key = named if type(named) is str else key_text(named, projection)
            if some_stand and key in unread:
                continue
            known = changed[key] if key in changed else by_key.get(key, initial)
            changed[key] = evolve(known, event)
        except Exception as error:  # somebody's fold: the others go on
            stopped = UnreadView(projection.name, key, recorded.position, in_words(error))
            unread = unread.set(key, stopped)
            some_stand = True
    return Views(page[-1].position, by_key.update(changed) if changed else by_key, unread)
