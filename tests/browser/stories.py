"""The runs that are looked at: a rover before an obstacle, a bank, and long logs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from deciderkit import Board
from deciderkit.log.recorded import Recorded
from deciderkit.picture.spelling import AS_IT_IS, Spelling
from deciderkit.picture.steps import Told, steps
from deciderkit.picture.story import Story, story
from mars_rover import (
    Direction,
    MarsRoverMoved,
    MarsRoverStarted,
    Move,
    Point,
    Program,
    StartMarsRover,
    TurnLeft,
    World,
    board,
    commands_of,
)
from mars_rover.picture import ROVER_PICTURE, SPELLING
from tests.deciderkit.picture import bank
from tests.deciderkit.picture.bank import Deposit, Withdraw, told

HOSTILE = "</script><script>document.title='owned'</script>\"'`\u202e\x1b[31m👩‍🚀"


class Tale(NamedTuple):
    """A story, and what it is the story of."""

    story: Story
    board: Board
    log: list[Any]
    spelling: Spelling


def rover_tale() -> Tale:
    world = World.create(4, 4, [(2, 2)]).unwrap()
    program = commands_of(Program("RMMLMM"), "r1")
    commands = [Move("r1"), StartMarsRover("r1", world), *program, TurnLeft("r1")]
    run = told(board, commands)
    tale = story(board, steps(run), title="Rover r1", spelling=SPELLING, picture=ROVER_PICTURE)
    return Tale(tale, board, events_of(run), SPELLING)


def bank_tale() -> Tale:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    commands = [
        Withdraw(1, Decimal(5)),
        Deposit(1, Decimal("9.50"), noon),
        Deposit(2, Decimal(100), noon),
        Withdraw(2, Decimal("0.10")),
        Withdraw(1, Decimal("20.00")),
        *[Deposit(3, Decimal(n), noon) for n in range(1, 11)],
    ]
    run = told(bank.board, commands)
    tale = story(bank.board, steps(run), title=f"A bank {HOSTILE}")
    return Tale(tale, bank.board, events_of(run), AS_IT_IS)


def long_tale(length: int, limit: int = 100_000) -> Tale:
    """A rover that goes round and round, known by its log alone."""
    world = World(30, 30)
    events: list[Any] = [MarsRoverStarted("r1", world, Point(0, 0), Direction.NORTH)][:length]
    events += [MarsRoverMoved("r1", Point(0, n % 30), Direction.NORTH) for n in range(1, length)]
    log = [
        Recorded(n, "rover-r1", n, event, f"c{n}", "") for n, event in enumerate(events, start=1)
    ]
    tale = story(board, steps(log), spelling=SPELLING, picture=ROVER_PICTURE, limit=limit)
    return Tale(tale, board, events, SPELLING)


def events_of(run: list[Told]) -> list[Any]:
    return [each.event for each in run if isinstance(each, Recorded)]
