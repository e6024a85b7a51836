"""The laws of any projection. Each is asked with a projection and a history: a list of events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import wraps
from typing import Any, TypeAlias

from deciderkit.projection import Projection
from deciderkit.testing.difference import listed
from deciderkit.testing.laws.law import Law, about, hold_alike, left_alone

AnyProjection: TypeAlias = Projection[Any]
History: TypeAlias = Sequence[Any]


class Unheard:
    """An event that no projection has ever heard of."""


def tell_events(subject: Any, events: History) -> list[str]:
    """The story of a reader of the log."""
    return [f"{type(subject).__name__.lower()}: {subject.name}", *listed("events", events, 30)]


def law(asks: Callable[[AnyProjection, History], None]) -> Law[[AnyProjection, History]]:
    """A law that is asked with an initial view of its own.

    A view that is changed in place would be the same at the next example's beginning as at its end,
    and then nothing shows that it was changed.
    """

    @wraps(asks)
    def on_a_copy(projection: AnyProjection, events: History) -> None:
        asks(replace(projection, initial=deepcopy(projection.initial)), events)

    return about("projection", tell_events)(on_a_copy)


@law
def a_view_is_deterministic(projection: AnyProjection, events: History) -> None:
    """A view of the same events is the same view, however often it is made."""
    hold_alike(projection.fold(events), projection.fold(events))


@law
def a_view_can_be_kept_up_to_date(projection: AnyProjection, events: History) -> None:
    """A view kept up to date equals the view from scratch, wherever the keeping began."""
    whole = projection.fold(events)
    for cut in range(len(events) + 1):
        between = deepcopy(projection.fold(events[:cut]))
        kept = projection.fold(events[cut:], between)
        hold_alike(whole, kept, cut_after_event=cut)


@law
def a_view_leaves_its_arguments_alone(projection: AnyProjection, events: History) -> None:
    """A projection leaves the view before and the event as they were: old views stay true."""
    view = projection.initial
    for event in events:
        with left_alone(event=event, view=view, initial_view=projection.initial):
            view = projection.fold([event], view)


@law
def other_events_leave_a_view_alone(projection: AnyProjection, events: History) -> None:
    """Events of types that a projection does not take leave its view alone."""
    own = [event for event in events if type(event) in projection.takes]
    stranger = Unheard()
    with_strangers = [each for event in events for each in (stranger, event, stranger)]
    hold_alike(projection.fold(own), projection.fold(with_strangers), events_it_takes=own)


PROJECTION_LAWS: tuple[Law[[AnyProjection, History]], ...] = (
    a_view_is_deterministic,
    a_view_can_be_kept_up_to_date,
    a_view_leaves_its_arguments_alone,
    other_events_leave_a_view_alone,
)
"""Every law of a projection."""
