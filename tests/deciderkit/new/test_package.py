"""A package made of a wall: it is that wall again, every tool likes it, and its tests name the gaps."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.pipeline import is_successful

from deciderkit import Board, Decider, Refused
from deciderkit.examples.library.board import board as lending_board
from deciderkit.log.codec import Codec
from deciderkit.log.errors import NotStorable
from deciderkit.new import package_of, what_to_add
from deciderkit.shell.cli.messages import BadCommand, Commands
from deciderkit.testing import check_board
from deciderkit.wall import Wall, parse_wall, print_wall, wall_of
from mars_rover import board as rover_board
from tests.deciderkit.new.made import imported, written
from tests.deciderkit.wall.walls import library, plain_names, walls

NUMBERS = count()

ODD = parse_wall(r"""
Try: class, from, date (date), stage (time), until (date or nothing) -> ["a \"b\" \\ c"] -> Tried
Try Again, Let A Very Long Name Of A Command Stand Here Without Any Harm -> ["a \"b\" \\ c"] -> Tried, Failed
Failed: why (list of (number or nothing)), sizes (map of text to set of decimal), stage (date), size (Size or Weight)
whenever Failed: Try Again, until Tried, called "\u202e try \"again\""
view "what \\ failed": Failed
["a \"b\" \\ c"] refuses: "it's \"odd\"", "a\nb", "???"
["a \"b\" \\ c"] by number (uuid), streams x
""").unwrap()
"""A wall with everything that could be misread in code."""


@settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(walls(plain_names, runnable=True))
def test_a_wall_made_into_code_is_the_same_wall(tmp_path: Path, wall: Wall) -> None:
    name = f"made{next(NUMBERS)}"
    files = package_of(wall, name)
    assume(is_successful(files))
    written(tmp_path, name, files.unwrap())
    with imported(tmp_path, name) as board:
        assert print_wall(wall) == print_wall(wall_of(board))


MADE = {
    "lending": wall_of(lending_board),
    "library": library,
    "rover": wall_of(rover_board),
    "odd": ODD,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three packages."""
    found = tmp_path_factory.mktemp("made")
    for name, wall in MADE.items():
        written(found, name, package_of(wall, name).unwrap())
    return found


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", MADE)
def test_the_wall_of_the_package_is_the_wall(folder: Path, name: str) -> None:
    with imported(folder, name) as board:
        assert print_wall(MADE[name]) == print_wall(wall_of(board))


def test_a_formatter_and_a_linter_have_nothing_to_say(folder: Path) -> None:
    checked = run(folder, "ruff", "check", "--isolated", "--no-cache", ".")
    assert "All checks passed!\n" == checked.stdout
    formatted = run(folder, "ruff", "format", "--isolated", "--no-cache", "--check", ".")
    assert 0 == formatted.returncode, formatted.stdout


def test_the_package_is_typed_strictly(folder: Path) -> None:
    checked = run(folder, "mypy", "--strict", "--config-file=", "lending", "odd")
    assert re.fullmatch(r"Success: no issues found in \d+ source files\n", checked.stdout), (
        checked.stdout
    )


def test_its_laws_hold_and_its_gaps_are_named(folder: Path) -> None:
    tested = run(
        folder,
        "pytest",
        "-q",
        "-rx",
        "-p",
        "no:cacheprovider",
        "--laws-examples=3",
        "lending",
    )
    assert 0 == tested.returncode, tested.stdout[-4000:]
    assert "laws: " in tested.stdout
    assert "When Hand Out leads to Declined." in tested.stdout
    assert "When Copy refuses: nobody has it." in tested.stdout
    assert "Where Due Date Set has its member from, after Renew." in tested.stdout
    assert "What the policy settle request asks for as days late." in tested.stdout
    assert "What lent out shows." in tested.stdout


def test_the_command_line_runs_it_at_once(folder: Path) -> None:
    kit = ("deciderkit", "--store", "lending.db")
    asked = '{"type": "Borrow", "member": "ann", "copy": "c1", "at": "2026-12-01T00:00:00Z"}'
    done = run(folder, *kit, "do", "--board", "lending:board", asked)
    assert 0 == done.returncode, done.stderr
    log = run(folder, *kit, "log", "--board", "lending:board")
    assert ["LoanRequested", "HandedOut"] == re.findall(r"Loan\w+|HandedOut", log.stdout)


def test_a_gap_that_was_filled_asks_for_its_mark_to_be_taken_away(folder: Path) -> None:
    found = folder / "filled"
    text = "Ring -> [Bell] -> Rung\n[Bell] refuses: broken"
    package = written(
        found, "bell_tower", package_of(parse_wall(text).unwrap(), "bell_tower").unwrap()
    )
    module = package / "bell.py"
    code = module.read_text(encoding="utf-8")
    filled = code.replace(
        "            return (Rung(bell_id=command.bell_id),)",
        "            if state.stage is Stage.RUNG:\n"
        "                return (Refused(command, Reason.BROKEN),)\n"
        "            return (Rung(bell_id=command.bell_id),)",
    )
    assert code != filled
    module.write_text(filled, encoding="utf-8")
    tested = run(found, "pytest", "-q", "-p", "no:cacheprovider", "bell_tower/tests/test_gaps.py")
    assert "[XPASS(strict)] When Bell refuses: broken." in tested.stdout
    assert 1 == tested.returncode


def test_the_files_are_those_of_the_rover() -> None:
    files = package_of(library, "library").unwrap()
    assert [
        "__init__.py",
        "values.py",
        "commands.py",
        "events.py",
        "member.py",
        "copy.py",
        "hold.py",
        "account.py",
        "reminder.py",
        "policies.py",
        "projections.py",
        "board.py",
        "tests/__init__.py",
        "tests/strategies.py",
        "tests/test_laws.py",
        "tests/asking.py",
        "tests/test_gaps.py",
    ] == list(files)


HOTEL = parse_wall("""
Hold Room -> [Stay] -> Room Held
Let Go -> [Stay] -> Let Gone
whenever Room Held: Let Go at its paid until, until Let Gone
Hold Room, Room Held: paid until (datetime), calls (map of text to (list of datetime or nothing)), arrives (time)
""").unwrap()
HELD = {
    "type": "HoldRoom",
    "stay_id": "9",
    "paid_until": "2026-12-01T10:00:00Z",
    "arrives": "10:00:00",
}


@pytest.fixture(scope="module")
def hotel(folder: Path) -> Iterator[Board]:
    written(folder, "hotel", package_of(HOTEL, "hotel").unwrap())
    with imported(folder, "hotel") as board:
        yield board


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"paid_until": "2026-12-01T10:00:00"}, "with a timezone component - at `$.paid_until`"),
        ({"calls": {"a": ["2026-12-01T10:00:00"]}}, "with a timezone component - at `$.calls[...][0]`"),
        ({"arrives": "10:00:00+01:00"}, "with no timezone component - at `$.arrives`"),
    ],
)  # fmt: skip
def test_a_time_that_python_could_not_compare_is_refused_at_the_door(
    hotel: Board, fields: dict[str, Any], reason: str
) -> None:
    door, good = Commands(hotel), {"calls": {}, **HELD}
    assert "9" == door.read(json.dumps(good)).stay_id
    with pytest.raises(BadCommand) as refused:
        door.read(json.dumps(good | fields))
    assert reason in str(refused.value)
    assert '"paid_until": date and time with a time zone' in str(refused.value)
    assert '"arrives": time without a time zone' in str(refused.value)


def test_a_bound_time_is_the_walls_time_again(hotel: Board) -> None:
    assert print_wall(HOTEL) == print_wall(wall_of(hotel))
    assert () == what_to_add(HOTEL, hotel).unwrap()


def test_a_time_without_a_zone_is_not_recorded_either(hotel: Board) -> None:
    held = hotel.events[0]("9", datetime(2026, 12, 1), {}, time(10))
    with pytest.raises(NotStorable, match=r"timezone component - at `\$.paid_until`"):
        Codec.of(hotel).readable(held)


class Step(Struct, frozen=True):
    """One of eight things that can be asked for."""

    number: int


class Done(Struct, frozen=True):
    """A step was taken."""

    number: int


def take(step: Step, taken: int) -> tuple[Done, ...] | tuple[Refused[Step, str]]:
    """Steps are taken in their order, to the fifth."""
    if step.number == taken + 1 <= 5:
        return (Done(step.number),)
    return (Refused(step, "out of order"),)


def taken(before: int, answer: Done | Refused[Step, str]) -> int:
    """How many steps were taken."""
    return answer.number if isinstance(answer, Done) else before


def test_the_tests_of_gaps_find_what_takes_many_steps(folder: Path) -> None:
    steps = Decider[Step, Done, int, str](0, take, taken, lambda state: state == 5)
    with imported(folder, "lending"):
        asking = import_module("lending.tests.asking")
        drawn = partial(st.builds, Step, st.integers(1, 8))
        found = {each.number for each in asking.events_of(steps, drawn, Done)}
    assert {1, 2, 3, 4, 5} == found


def test_what_is_another_streams_key_is_drawn_from_its_few_keys() -> None:
    wall = parse_wall(
        dedent("""
        Open Room -> [Room] -> Room Opened
        Book Room -> [Stay] -> Room Booked
        Hold Room -> [Room] -> Room Held
        whenever Room Booked: Hold Room
        Book Room, Room Booked: room, guest
        [Room] by room
    """)
    ).unwrap()
    drawn = package_of(wall, "inn").unwrap()["tests/strategies.py"]
    few = 'st.sampled_from(["a", "b"])'
    book = re.search(r"BookRoom,\s+(.+),\s+(.+),\s+(.+),\n", drawn)
    assert book is not None
    assert {f"room={few}", f"stay_id={few}", "guest=st.text(max_size=3)"} == {*book.groups()}


def test_what_goes_by_a_day_runs(tmp_path: Path) -> None:
    wall = dedent("""
        Open -> [Day] -> Opened
        Book -> [Day] -> Booked
        Note -> [Year] -> Noted
        whenever Booked: Note
        view arrivals by day: Booked
        [Day] by day (date)
        [Year] by year (number)
        Booked, Book: guest, year (number)
    """)
    written(tmp_path, "days", package_of(parse_wall(wall).unwrap(), "days").unwrap())
    with imported(tmp_path, "days") as board:
        drawn = import_module("days.tests.strategies").board_commands()
        check_board(board, drawn, max_examples=3)
    kit = ("deciderkit", "--store", "days.db")
    asked = '{"type": "Book", "day": "2027-01-31", "guest": "ann", "year": 2027}'
    done = run(tmp_path, *kit, "do", "--board", "days:board", asked)
    assert 0 == done.returncode, done.stderr
    assert "1 day-2027-01-31 1 Booked" in run(tmp_path, *kit, "log", "--board", "days:board").stdout
    seen = run(tmp_path, *kit, "view", "--board", "days:board", "arrivals", "2027-01-31")
    assert "ann" in seen.stdout, seen.stderr
