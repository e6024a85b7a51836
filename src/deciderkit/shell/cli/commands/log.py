"""``log``: the events themselves, as text, as lines of JSON, or as a tree of what led to what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from time import sleep
from typing import Any, Final

import click

from deciderkit.ids import BadId, is_id
from deciderkit.log.lines import line
from deciderkit.log.port import EventStore
from deciderkit.log.recorded import Recorded
from deciderkit.picture.lines import Lines
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import bad_input, flush, out, told, until_stopped
from deciderkit.shell.cli.events import sound_log, sound_stream
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.tree import tree
from deciderkit.shell.program import Program

PAUSE: Final = 0.1


@click.command(short_help="Print the events of the log, in order.")
@store_option
@click.option(
    "--after",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    metavar="POSITION",
    help="Begin after this place in the log.",
)
@click.option("--stream", metavar="NAME", help="Only the events of this stream.")
@click.option(
    "--json", "as_json", is_flag=True, help="One recorded event a line, as JSON: what import reads."
)
@click.option(
    "--tree",
    "as_tree",
    is_flag=True,
    help="What led to what: requests, their events, what policies made of them.",
)
@click.option("--follow", "-f", is_flag=True, help="Go on with what is recorded from now on.")
@click.option("--verbose", "-v", is_flag=True, help="Events as Python writes them.")
def log(
    store: str | None,
    after: int,
    stream: str | None,
    as_json: bool,
    as_tree: bool,
    follow: bool,
    verbose: bool,
) -> None:
    """Print the events of the log, in order: position, stream, version, event.

    \b
    Examples:
      deciderkit log --after 100 -f
      deciderkit log --stream kettle-red --json
      deciderkit log --tree

    Where the log is damaged, what stands before the damage is printed, and its place is named.
    """
    if as_tree and (as_json or follow):
        bad_input("--tree with --json or --follow: expected one of them")
    if stream is not None and not is_id(stream):
        bad_input(f"--stream: {BadId(stream)}")
    with opened(store) as (program, source):
        if as_tree:
            for each in tree(_events(source, stream, after), program.board, bound().lines):
                told(each)
            return
        say = _saying(program, as_json=as_json, verbose=verbose)
        with until_stopped() if follow else nullcontext():
            _print(source, stream, after, say, follow=follow)


def _print(
    store: EventStore,
    stream: str | None,
    after: int,
    say: Callable[[Recorded[Any]], None],
    *,
    follow: bool,
) -> None:
    """Say what stands behind ``after``; to follow, also what is recorded later, as long as nobody stops it."""
    version = 0
    while True:
        news = sound_log(store, after) if stream is None else sound_stream(store, stream, version)
        for recorded in news:
            version = recorded.version
            if recorded.position > after:
                say(recorded)
                after = recorded.position
        flush()
        if not follow:
            return
        sleep(PAUSE)


def _events(store: EventStore, stream: str | None, after: int) -> Iterator[Recorded[Any]]:
    """The events after position ``after``; of one stream where it is named."""
    if stream is None:
        return sound_log(store, after)
    return (each for each in sound_stream(store, stream) if each.position > after)


def _saying(program: Program, *, as_json: bool, verbose: bool) -> Callable[[Recorded[Any]], None]:
    """What prints one event."""
    if as_json:
        return lambda recorded: out(line(program.codec, recorded))
    if verbose:
        return lambda recorded: told(repr(recorded))
    lines = bound().lines
    return lambda recorded: told(as_text(recorded, lines))


def as_text(recorded: Recorded[Any], lines: Lines) -> str:
    """One event as a line for people; the stream tells already what it is about."""
    made = lines(recorded)
    return f"{recorded.position} {recorded.stream} {recorded.version} {made.said(made)}"
