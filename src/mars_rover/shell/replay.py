"""``mars-rover replay``: the log folded once more, from a store or a file, up to any point."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from deciderkit.board import BoardState
from deciderkit.keyed_fold import chunks
from deciderkit.log.audit import Audit
from deciderkit.log.codec import CorruptEvent, CorruptLine
from deciderkit.log.recorded import Recorded
from deciderkit.log.value_codec import canonical
from mars_rover.board import mars_rover
from mars_rover.codec import codec
from mars_rover.notation import format_position, format_status
from mars_rover.projections import obstacles_found
from mars_rover.rover import NotStarted, State
from mars_rover.shell.edge import EXIT_CODES, ROVER_ID, Exit, Stop, bad_input, succeeded
from mars_rover.shell.log_file import is_store, opened_lines, read_lines
from mars_rover.shell.progress import watched
from mars_rover.shell.reading import obstacle_of, steps
from mars_rover.shell.store import BOUNDED, opened, store_option, whole_log
from mars_rover.values import RoverId


class Replayed:
    """A log read up to some point: its audit, its views, and a running digest of its events."""

    def __init__(self) -> None:
        self.audit = Audit(BOUNDED)
        self.reading = BoardState()
        self._digest = sha256()

    def take(self, events: Iterable[Recorded[Any]]) -> None:
        """Go on by ``events``. Raises `CorruptEvent`."""
        for chunk in chunks(events):
            for recorded in chunk:
                self.audit.take(recorded)
                stored = codec.encode(recorded.event)
                place = f"{recorded.stream}/{recorded.version}/{stored.type}/{stored.schema}\n"
                self._digest.update(place.encode() + stored.data)
            self.reading = BOUNDED.follow([each.event for each in chunk], self.reading)

    def digest(self) -> str:
        """The same for the same events, states, to-dos and views, wherever and whenever."""
        states = {name: state for name, (_, _, state) in self.audit.streams.items()}
        reading = self.reading
        said = canonical([reading.position, states, reading.pending, reading.views])
        return sha256(self._digest.digest() + said).hexdigest()


@click.command(epilog=EXIT_CODES)
@click.argument("file", metavar="[FILE|-]", required=False)
@store_option
@click.option("--until", type=click.IntRange(0, sys.maxsize), help="Stop after this position.")
@click.option("--rover", "rover_id", type=ROVER_ID, help="Tell of this rover only, with its path.")
@click.option("--digest", is_flag=True, help="Print nothing but a digest of all that was replayed.")
def replay(
    file: str | None,
    store: Path | None,
    until: int | None,
    rover_id: RoverId | None,
    digest: bool,
) -> None:
    """Fold the log in FILE, a store or the lines that `log --json` writes, and print where it leads.

    With - the lines are read from standard input, without a FILE the store is replayed.
    """
    if rover_id and digest:
        bad_input("--rover with --digest: expected one of them, a digest is of the whole log")
    if (
        file
        and click.get_current_context().get_parameter_source("store") is ParameterSource.COMMANDLINE
    ):
        bad_input(f"{file} with --store: expected one of them")
    with ExitStack() as stack:
        replayed = Replayed()
        events, total = source(stack, file, store)
        shown = watched(islice(events, until), total, "replaying")
        name = f"{mars_rover.category}-{rover_id}"
        try:
            if rover_id:
                print_path(taken(replayed, shown), name)
            else:
                replayed.take(shown)
        except CorruptLine as error:
            raise Stop(f"{file}, {error}", Exit.CORRUPT_LOG) from None
        except CorruptEvent as error:
            raise Stop(f"{file or store}: {error}", Exit.CORRUPT_LOG) from None
    if digest:
        click.echo(replayed.digest())
    elif rover_id:
        print_rover(replayed, name)
    else:
        print_all(replayed)


def source(
    stack: ExitStack, file: str | None, store: Path | None
) -> tuple[Iterator[Recorded[Any]], int | None]:
    """The events to replay, and how many there are if that is known."""
    if file is None or (file != "-" and is_store(file)):
        if file is None and store is None:
            bad_input("nothing to replay: expected FILE, - or --store FILE")
        log = stack.enter_context(opened(Path(file) if file else store))
        return whole_log(log), succeeded(log.head())
    return read_lines(stack.enter_context(opened_lines(file))), None


def taken(replayed: Replayed, events: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
    """The events as they are taken in."""
    for chunk in chunks(events):
        replayed.take(chunk)
        yield from chunk


def print_path(events: Iterator[Recorded[Any]], stream: str) -> None:
    """The path of one rover, as it is read: it may be longer than memory."""
    before = "path      "
    for step in steps(each for each in events if each.stream == stream):
        click.echo(f"{before}{step}", nl=False)
        before = " "
    if before == " ":
        click.echo()


def print_rover(replayed: Replayed, stream: str) -> None:
    """Where one rover stands."""
    state: State = replayed.audit.streams.get(stream, (None, 0, NotStarted()))[2]
    if isinstance(state, NotStarted):
        where = f"up to position {replayed.audit.position}"
        raise Stop(f"no {stream} {where}: expected one that was started by then")
    click.echo(f"status    {format_status(state)}")
    click.echo(f"position  {format_position(state)}")
    if obstacle := obstacle_of(state):
        click.echo(f"obstacle  {obstacle}")


def print_all(replayed: Replayed) -> None:
    """Every rover, every obstacle and every to-do at the point that was reached."""
    click.echo(f"position {replayed.audit.position}")
    for aggregate, version, state in replayed.audit.streams.values():
        if aggregate is mars_rover:
            where = f"{format_status(state)} {format_position(state)}"
            click.echo(f"rover {state.rover_id} {where} {version} events")
    for found in replayed.reading.view(obstacles_found):
        click.echo(f"obstacle {found.rover_id} {found.obstacle}")
    for todo in replayed.reading.todos():
        click.echo(f"todo {todo.position} {todo.policy}: {todo.command}")
