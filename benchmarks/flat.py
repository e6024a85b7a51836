"""``python -m benchmarks.flat``: what a command costs where there is much, beside where there is little.

One dispatcher has served a log of ten streams, another one of many; and so with parked to-dos and with
the length of a stream. Both take turns at the same commands, in memory and on a file where each command
is durable before the next. Cost should not grow with what is there: the last column tells how often the
large one costs the small one, each in its best round. Every answer is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table

from deciderkit.shell import (
    Dispatcher,
    EventStore,
    MemoryEventStore,
    import_log,
    open_store,
    whole_log,
)
from mars_rover import (
    Move,
    ObstacleNotified,
    Point,
    StartMarsRover,
    TurnedOff,
    TurnLeft,
    World,
    board,
    mars_rover,
)
from mars_rover.codec import codec

FEW = 10
FREE, NARROW = World(4, 4), World(4, 4, frozenset({Point(0, 1)}))

Commands = Iterator[list[Any]]


def deliver(event: ObstacleNotified, key: str) -> None:
    """Tell everybody but those who are not to be reached."""
    if event.rover_id.startswith("deaf"):
        raise ConnectionError("nobody answers")


def streams(size: int) -> tuple[list[Any], Commands]:
    """Rovers that were started, and turns of any of them."""
    chance = Random(8)
    started = [StartMarsRover(f"r{number}", FREE) for number in range(size)]
    return started, iter(lambda: [TurnLeft(f"r{chance.randrange(size)}")], None)


def parked(size: int) -> tuple[list[Any], Commands]:
    """Rovers whose notification cannot be delivered, and others that are blocked, told and turned off."""
    deaf = [
        each
        for number in range(size)
        for each in (StartMarsRover(f"deaf{number}", NARROW), Move(f"deaf{number}"))
    ]
    return deaf, (
        [StartMarsRover(f"r{number}", NARROW), Move(f"r{number}")] for number in range(10**9)
    )


def length(size: int) -> tuple[list[Any], Commands]:
    """A rover that has gone far, and one more turn of it."""
    gone = [StartMarsRover("r0", FREE), *[TurnLeft("r0")] * (size - 1)]
    return gone, iter(lambda: [TurnLeft("r0")], None)


class Case(NamedTuple):
    """What there is much of, how many are many, and how to make them."""

    name: str
    many: int
    made: Callable[[int], tuple[list[Any], Commands]]


CASES = (
    Case("streams", 100_000, streams),
    Case("parked to-dos", 10_000, parked),
    Case("events in the stream", 1_000_000, length),
)


class Served:
    """A dispatcher that has taken in a log, with the seconds that it took for each further call."""

    def __init__(self, case: Case, size: int, store: EventStore) -> None:
        before, self.calls = case.made(size)
        kept = MemoryEventStore()
        Dispatcher(board, kept, deliveries={ObstacleNotified: deliver}).dispatch(before).unwrap()
        if store.head().unwrap() == 0:
            assert kept.head() == import_log(store, board, codec, whole_log(kept))
        self.dispatcher = Dispatcher(board, store, deliveries={ObstacleNotified: deliver})
        self.dispatcher.resume().unwrap()
        self.parked = len(self.dispatcher.parked().unwrap())
        assert self.parked == (size if case.made is parked else 0)
        self.seconds: list[float] = []

    def round(self, calls: int) -> None:
        """``calls`` further calls."""
        asked = [next(self.calls) for _ in range(calls)]
        begin = perf_counter()
        reports = [self.dispatcher.dispatch(commands).unwrap() for commands in asked]
        self.seconds.append((perf_counter() - begin) / calls)
        assert [len(commands) for commands in asked] == [each.carried_out for each in reports]
        assert self.parked == len(self.dispatcher.parked().unwrap())
        last = self.dispatcher.state(mars_rover, asked[-1][0].rover_id).unwrap()
        assert isinstance(last, TurnedOff) == (len(asked[-1]) > 1)


def measured(case: Case, many: int, place: str, repeats: int) -> dict[str, Any]:
    """One row: ``many`` beside `FEW`, in the store that ``place`` names."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))

        def store(name: str) -> EventStore:
            if place == "memory":
                return MemoryEventStore(codec)
            return stack.enter_context(open_store(folder / name, codec))

        little, much = Served(case, FEW, store("few")), Served(case, many, store("many"))
        for _ in range(repeats + 1):
            for each in (little, much):
                each.round(200)
        few, large = min(little.seconds[1:]), min(much.seconds[1:])
        return {
            "case": case.name,
            "store": place,
            "many": many,
            "microseconds_few": round(few * 1e6, 1),
            "microseconds_many": round(large * 1e6, 1),
            "ratio": round(large / few, 2),
        }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a row.")
@click.option("--repeats", default=9, show_default=True, type=click.IntRange(min=1))
@click.option("--most", type=click.IntRange(min=20), help="No case is larger than this.")
def main(*, as_json: bool, repeats: int, most: int | None) -> None:
    """Measure what a call costs where there is much, beside where there is little."""
    rows = (
        measured(case, min(case.many, most or case.many), place, repeats)
        for case in CASES
        for place in ("memory", "file")
    )
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
        return
    table = Table(title=f"Microseconds a call: {FEW} beside many")
    for heading in ("", "store", "many", f"with {FEW}", "with many", "times"):
        table.add_column(heading, justify="left" if heading in {"", "store"} else "right")
    for row in rows:
        table.add_row(
            *(f"{each:,}" if isinstance(each, int) else str(each) for each in row.values())
        )
    Console().print(table)


if __name__ == "__main__":
    main()
