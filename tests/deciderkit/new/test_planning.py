"""What a new package does, and the walls that no code could run."""

from __future__ import annotations

import pytest

from deciderkit.new import package_of
from deciderkit.new.planning import plan_of
from deciderkit.wall import parse_wall

MOVE = "Move -> [Rover] -> Moved, Stuck\nCall -> [Help] -> Called, Lost\n"


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (MOVE, {"Move": ("Moved",), "Call": ("Called",)}),
        (MOVE + "Rest -> [Rover]", {"Move": ("Moved",), "Call": ("Called",), "Rest": ()}),
        (MOVE + "whenever Stuck: Call, until Lost", {"Move": ("Moved",), "Call": ("Lost",)}),
        (MOVE + "whenever Stuck: Call, until Moved, unless Called", {"Move": ("Moved",), "Call": ("Called",)}),
        (
            MOVE + "whenever Stuck: Call\nwhenever Called: Move",
            {"Move": ("Moved",), "Call": ("Lost",)},
        ),
    ],
)  # fmt: skip
def test_a_command_leads_to_its_first_event_or_to_what_ends_the_policy_that_asks_for_it(
    text: str, events: dict[str, tuple[str, ...]]
) -> None:
    assert events == plan_of(parse_wall(text).unwrap()).events


@pytest.mark.parametrize(
    ("lines", "given"),
    [
        ("", {"help id": "event.rover_id"}),
        ("[Rover] by rover (number)\n[Help] by rover (number)", {"rover": "event.rover"}),
        ("[Rover] by rover (number)", {"help id": "str(event.rover)"}),
        ("Call, Stuck, Called: why", {"help id": "event.rover_id", "why": "event.why"}),
        ("Call, Called: why", {"help id": "event.rover_id", "why": None}),
        ("Call, Called: why\nStuck: why (number)", {"help id": "event.rover_id", "why": None}),
        ("Called: rover id\nCall: rover id", {"help id": None, "rover id": "event.rover_id"}),
    ],
)
def test_a_command_takes_from_the_event_what_is_called_the_same(
    lines: str, given: dict[str, str | None]
) -> None:
    by = ", by rover id" if "rover id" in lines else ""
    wall = parse_wall(f"{MOVE}whenever Stuck: Call, until Called{by}\n{lines}").unwrap()
    assert given == {each.field.name: each.by for each in plan_of(wall).asked["call"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[A] -> B", "'A' takes no command or gives no event: expected a line 'Command -> [A] -> Event'"),
        ("B -> [A]", "'A' takes no command or gives no event: expected a line 'Command -> [A] -> Event'"),
        ("B -> [A] -> C\n[A] by (computed)", "'A' is told apart by something computed: expected '[A] by ...' with a field"),
        ("B -> [A] -> C\n[A] by x (datetime)", "'B' has the key 'x' as datetime: expected the same type everywhere, text, number, uuid or date"),
        ("B -> [A] -> C\nC: a id (number)", "'C' has the key 'a id' as number: expected the same type everywhere, text, number, uuid or date"),
        ("B -> [A] -> C\nview x by (computed): C", "view 'x' goes by something computed: expected a field behind 'by' or 'at'"),
        ("B -> [A] -> C\nC: day (datetime)\nview x by day: C", "view 'x' goes by 'day' of C, a datetime: expected text, number, uuid or date"),
        ("B -> [A] -> C\nC: day (Date)", "the type 'Date' is not 'date', but a type of your own: expected 'date', or another name"),
        ("B -> [A] -> C\nC: price (list of Decimal)", "the type 'Decimal' is not 'decimal', but a type of your own: expected 'decimal', or another name"),
        (MOVE + "whenever Stuck: Call, by (computed)", "policy 'call' goes by something computed: expected a field behind 'by' or 'at'"),
        (MOVE + "whenever Stuck: Call at (computed)", "policy 'call' goes by something computed: expected a field behind 'by' or 'at'"),
        (MOVE + "Stuck: since (date)\nwhenever Stuck: Call at its since", "policy 'call' is due at a date: expected 'Stuck: since (datetime)'"),
        (MOVE + "whenever Stuck: Call, until Moved", "policy 'call': Call leads to Called or Lost, which does not end it: expected 'until Called'"),
        (MOVE + "Rest -> [Rover]\nwhenever Stuck: Rest, until Moved", "policy 'rest': Rest leads to nothing, which does not end it: expected 'until ...'"),
        (MOVE + "whenever Called: Call, until Called", "policy 'call' sets itself off again, without end: expected a command that leads to an event that ends it"),
        (MOVE + "whenever Stuck: Call, until Called\nwhenever Called: Move, until Stuck", "policy 'call' sets itself off again, without end: expected a command that leads to an event that ends it"),
        ("P -> [A] -> Y\nQ -> [A] -> Z\nR -> [A] -> Y\nS -> [A] -> X\nwhenever X: P\nwhenever Y: Q\nwhenever Z: R", "policy 'q' sets itself off again, without end: expected a command that leads to an event that ends it"),
        (MOVE + "[Help] by help (number)\nwhenever Stuck: Call", "policy 'call': 'rover id' (text) cannot be the 'help' (number) of Call: expected 'Stuck: help (number)'"),
        (MOVE + "Called: rover id\nwhenever Stuck: Call, until Called, by rover id", "policy 'call' goes by 'rover id', which Call has not: expected 'Call: rover id (text)' or 'by (own)'"),
        (MOVE + "Stuck: help id (text or nothing)\nCalled, Call: help id\nwhenever Stuck: Call, until Called, by help id", "policy 'call' goes by 'help id', which is a text in Call: expected 'Call: help id (text or nothing)' or 'by (own)'"),
        (MOVE + "Stuck, Called, Call: at (datetime)\nwhenever Stuck: Call, until Called, by at", "policy 'call' goes by 'at', a datetime: expected text, number, uuid or date, or 'by (own)'"),
        (MOVE + "Call, Called: rover id\nStuck: rover id, x\nwhenever Stuck: Call, until Called or Lost, by (own)", None),
        ("", "an empty wall: expected a line 'Command -> [Aggregate] -> Event'"),
        ("Board -> [A] -> C", "the command 'Board' has the name of the package itself: expected another name"),
        ("B -> [A] -> C\nB: x (C)", "the event 'C' has the name of the type 'C': expected another name"),
        ("A Command -> [A] -> C", "an alias 'ACommand' has the name of the command 'ACommand': expected another name"),
        ("B -> [A] -> C\nB: type", "a field called 'type', which says of a command what it is: expected another name, as in 'kind'"),
        ("B -> [A] -> C\nB: str", "a field called 'str': expected another name"),
        ("B -> [A] -> C\nB: x (text or date)", "the type 'text or date': text and date look the same in a log: expected one of them, or a type of its own"),
        ("B -> [A] -> C\nB: x (list of text or set of text)", "the type 'list of text or set of text': list and set look the same in a log: expected one of them, or a type of its own"),
        ("B -> [A] -> C\nB: x (map of text to text or Size)", "the type 'map of text to text or Size': map and Size look the same in a log: expected one of them, or a type of its own"),
        ("B -> [A] -> C\nB: x (map of Size to text)", "the type 'map of Size to text' looks things up by Size: expected text, number, date or uuid"),
        ("B -> [A] -> C\nB: x (set of (map of text to text))", "the type 'set of (map of text to text)' looks things up by map of text to text: expected text, number, date or uuid"),
    ],
)  # fmt: skip
def test_a_wall_that_no_code_can_run_is_refused_with_what_would_do(
    text: str, said: str | None
) -> None:
    result = package_of(parse_wall(text).unwrap(), "shop")
    assert said == (None if said is None else str(result.failure()))


@pytest.mark.parametrize("name", ["Shop", "my-shop", "class", "", "2shop", "shop.py"])
def test_a_package_has_a_lower_case_name(name: str) -> None:
    error = package_of(parse_wall(MOVE).unwrap(), name).failure()
    assert f"a package called '{name}': expected a lower-case name, as in 'shop'" == str(error)
