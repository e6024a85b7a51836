"""What keeps a board from running, each as a sentence: asked once, when the board is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from deciderkit.aggregate import Aggregate, ExternalSystem
from deciderkit.ids import is_category, is_id
from deciderkit.policy import Policy
from deciderkit.projection import Projection


def problems(
    aggregates: tuple[Aggregate, ...],
    policies: tuple[Policy[Any, Any], ...],
    projections: tuple[Projection[Any], ...],
    externals: tuple[ExternalSystem, ...],
) -> Iterator[str]:
    """The problems of a board of these notes, the first first."""
    notes: tuple[Any, ...] = (*aggregates, *policies, *projections, *externals)
    names = [each.name for each in notes]
    for name in _twice(names):
        yield f"two notes are called {name!r}: expected a name for each"
    for category in _twice([each.category for each in aggregates]):
        yield f"two aggregates own the streams of {category!r}: expected a category for each"
    for aggregate in aggregates:
        yield from _of_aggregate(aggregate)
    commands = [command for each in aggregates for command in each.commands]
    events = [event for each in aggregates for event in each.events]
    for message in _twice([*commands, *events]):
        yield f"{message.__name__} has two owners: expected one aggregate for each message"
    yield from _of_policies(policies, commands, events)
    for projection in projections:
        yield from _strangers(f"projection {projection.name!r} takes", projection.takes, events)
    for external in externals:
        yield from _strangers(f"external system {external.name!r} hears", external.hears, events)
    for event in _twice([each for external in externals for each in external.hears]):
        yield f"two external systems hear {event.__name__}: expected one, which may tell the other"


def delivery_problem(externals: tuple[ExternalSystem, ...], deliveries: Collection[Any]) -> str:
    """Why ``deliveries`` are not those for which ``externals`` ask; nothing where they are.

    >>> delivery_problem((ExternalSystem("printer", (int,)),), {})
    "'printer' hears int: expected a delivery for it, or it would be recorded as told and never be told"
    """
    heard = {event: external for external in externals for event in external.hears}
    for each in deliveries:
        if each not in heard:
            name = getattr(each, "__name__", repr(each))
            return (
                f"a delivery for {name}: expected one for an event that an external system of the "
                "board hears"
            )
    for event, external in heard.items():
        if event not in deliveries:
            return (
                f"{external.name!r} hears {event.__name__}: expected a delivery for it, or it would "
                "be recorded as told and never be told"
            )
    return ""


def _of_policies(
    policies: tuple[Policy[Any, Any], ...], commands: list[type], events: list[type]
) -> Iterator[str]:
    slugs = [slug for policy in policies for slug in policy.slugs]
    for slug in _twice(slugs):
        yield f"the names of two policies both become the id {slug!r}: expected one for each"
    for policy in policies:
        if not is_id(policy.slug) or len(policy.slug) > 128:
            yield f"policy {policy.name!r}: expected a name with 1 to 128 letters or digits"
        heard = (policy.whenever, *policy.answers, *policy.excuses)
        yield from _strangers(f"policy {policy.name!r} waits for", heard, events)
        for asked in policy.asks_for:
            if asked not in commands:
                yield f"policy {policy.name!r} asks for {asked.__name__}, which no aggregate takes"


def _of_aggregate(aggregate: Aggregate) -> Iterator[str]:
    if not is_category(aggregate.category):
        yield (
            f"{aggregate.name}: category {aggregate.category!r}: expected a word without a hyphen, "
            "of A-Z a-z 0-9 . _ with a letter or digit first"
        )
    for event in aggregate.decided:
        if event not in aggregate.own:
            yield (
                f"{aggregate.name} decides {event.__name__}, which its evolve does not name: "
                "expected each type of event by itself"
            )
    for command, events in aggregate.leads.items():
        if command not in aggregate.commands:
            yield f"{aggregate.name} leads from {command.__name__}, which it does not take"
        for event in events:
            if event not in aggregate.own:
                yield f"{aggregate.name} leads to {event.__name__}, which it does not give"


def _strangers(who: str, events: Iterable[type], known: list[type]) -> Iterator[str]:
    for event in events:
        if event not in known:
            yield f"{who} {event.__name__}, which no aggregate gives"


def _twice(items: list[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]
