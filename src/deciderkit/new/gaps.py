"""The gaps of a new package, each as a test that names it and fails until somebody has filled it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from deciderkit.new.aggregates import gaps_of
from deciderkit.new.layout import Bracket, call, import_block, imports, laid_out
from deciderkit.new.messages import file_of, types_of
from deciderkit.new.naming import attribute, class_of, members_of, modules_of, unique
from deciderkit.new.planning import Plan
from deciderkit.new.python_types import domain_types, plain_imports, value, value_imports
from deciderkit.new.reactions import policy_names, view_names
from deciderkit.new.texts import literal, words
from deciderkit.wall.field_types import Type
from deciderkit.wall.fields import read_type
from deciderkit.wall.naming import slug
from deciderkit.wall.notes import AggregateNote, Wall


class Gap(Struct, frozen=True):
    """Something that the wall leaves open: its name, what holds once it is filled, what that speaks of."""

    name: str
    said: str
    holds: Bracket
    commands: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    types: tuple[Type, ...] = ()
    asks: str = ""


def gaps(wall: Wall, plan: Plan) -> list[Gap]:
    """Every gap of the package of ``wall``, in the order in which one would fill them."""
    modules = modules_of(wall)
    found = list(_values(wall))
    for aggregate in wall.aggregates:
        found += _decisions(aggregate, modules[aggregate.name], plan)
    return [*found, *_policies(wall, plan, modules), *_views(wall, modules)]


def _values(wall: Wall) -> Iterator[Gap]:
    types = types_of(note for each in wall.aggregates for note in each.messages)
    for word in domain_types(types):
        name = class_of(word)
        yield Gap(
            f"{slug(word)}_is_made_of_something",
            f"What {word} is made of.",
            call("is_written", name),
            types=(Type(word),),
            asks="is_written",
        )


def _decisions(aggregate: AggregateNote, module: str, plan: Plan) -> Iterator[Gap]:
    ask = (f"{module}.decider", f"{module}_commands")
    for command in aggregate.commands:
        taken = class_of(command.name)
        for event in command.leads_to:
            if event not in plan.events[command.name]:
                yield Gap(
                    f"{slug(command.name)}_may_lead_to_{slug(event)}",
                    f"When {command.name} leads to {event}.",
                    call("led_to", *ask, taken, class_of(event)),
                    (taken,), (class_of(event),), (module,), asks="led_to",
                )  # fmt: skip
    for reason, member in zip(aggregate.refuses, members_of(aggregate.refuses), strict=True):
        yield Gap(
            f"{module}_refuses_{member.lower()}",
            f"When {words(aggregate.name)} refuses: {words(reason)}.",
            call("refused", *ask, f"{module}.Reason.{member}"),
            modules=(module,), asks="refused",
        )  # fmt: skip
    for command, given_event, field in gaps_of(aggregate, plan):
        found = read_type(field.type)
        given = class_of(given_event.name)
        events = call("events_after", *ask, class_of(command.name), given)
        yield Gap(
            f"{slug(command.name)}_gives_{slug(given_event.name)}_its_{attribute(field.name)}",
            f"Where {given_event.name} has its {field.name} from, after {command.name}.",
            call("gives", events, f'"{attribute(field.name)}"', value(found)),
            (class_of(command.name),), (given,), (module,), types=(found,), asks="events_after gives",
        )  # fmt: skip


def _policies(wall: Wall, plan: Plan, modules: dict[str, str]) -> Iterator[Gap]:
    names = policy_names(wall)
    for policy in wall.policies:
        module = modules[wall.events[policy.whenever].name]
        events = call(
            "events_of", f"{module}.decider", f"{module}_commands", class_of(policy.whenever)
        )
        for given in plan.asked[policy.name]:
            if given.by is not None:
                continue
            found, asked = read_type(given.field.type), f"policies.ask_{names[policy.name]}"
            name = attribute(given.field.name)
            yield Gap(
                f"{names[policy.name]}_says_its_{name}",
                f"What the policy {words(policy.name)} asks for as {given.field.name}.",
                call("asks", asked, events, f'"{name}"', value(found)),
                events=(class_of(policy.whenever),),
                modules=(module, "policies"),
                types=(found,),
                asks="events_of asks",
            )


def _views(wall: Wall, modules: dict[str, str]) -> Iterator[Gap]:
    for view in wall.views:
        name = view_names(wall)[view.name]
        owners = dict.fromkeys(modules[wall.events[each].name] for each in view.takes)
        events = [
            call(
                "*events_of",
                f"{module}.decider",
                f"{module}_commands",
                *(class_of(e) for e in view.takes if modules[wall.events[e].name] == module),
            )
            for module in owners
        ]
        yield Gap(
            f"{name}_shows_more_than_its_events",
            f"What {words(view.name)} shows.",
            call("shows_more", f"projections.{name}", Bracket("[", tuple(events), "]")),
            events=tuple(map(class_of, view.takes)),
            modules=(*owners, "projections"),
            asks="events_of shows_more",
        )


def gap_tests(wall: Wall, plan: Plan, package: str) -> str:
    """The module of the tests of ``gaps``; empty if there are none."""
    found = gaps(wall, plan)
    if not found:
        return ""
    asks = {ask for gap in found for ask in gap.asks.split()}
    types = [each for gap in found for each in gap.types]
    modules = {module for gap in found for module in gap.modules}
    drawn = [f"{each}_commands" for each in modules if each not in ("policies", "projections")]
    codes = [laid_out(gap.holds) for gap in found]
    own = [
        *_imported(package, modules),
        *_imported(f"{package}.commands", {each for gap in found for each in gap.commands}),
        *_imported(f"{package}.events", {each for gap in found for each in gap.events}),
        *_imported(f"{package}.tests.asking", asks),
        *_imported(f"{package}.tests.strategies", drawn),
        *value_imports(codes, types, package),
    ]
    head = import_block(plain_imports(codes), ["import pytest"], own)
    names = unique((f"test_{gap.name[:60]}" for gap in found), ())
    tests = [_test(gap, name) for gap, name in zip(found, names, strict=True)]
    return file_of(_ABOUT, head, _MARK, *tests)


_MARK = '''def gap(reason: str) -> pytest.MarkDecorator:
    """What is still to be filled in."""
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)'''

_ABOUT = """What the wall leaves open: each test is a gap, and fails until somebody has filled it.

`pytest -rx` lists them. One that says XPASS is filled: take its mark away and keep the test.
"""


def _imported(module: str, names: set[str] | list[str]) -> list[str]:
    return [imports(module, names)] if names else []


def _test(gap: Gap, name: str) -> str:
    holds = replace(gap.holds, before=f"assert {gap.holds.before}")
    mark = laid_out(call("@gap", literal(gap.said)))
    return f"{mark}\ndef {name}() -> None:\n{laid_out(holds, 4)}"
