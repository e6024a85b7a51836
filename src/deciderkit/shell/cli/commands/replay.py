"""``replay``: the log folded once more, from a store or a file, up to any point."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from deciderkit.ids import BadId, is_id
from deciderkit.log.errors import CorruptEvent, CorruptLine
from deciderkit.log.recorded import Recorded
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.commands.todo import as_text
from deciderkit.shell.cli.edge import Exit, Stop, bad_input, counted, out, succeeded, told
from deciderkit.shell.cli.events import is_store, opened_lines, read_lines, sound_log, until
from deciderkit.shell.cli.pictures import RunPage, html_option
from deciderkit.shell.cli.progress import watched
from deciderkit.shell.cli.replaying import Replay
from deciderkit.shell.cli.store import opened, store_option, until_option

F = TypeVar("F", bound=Callable[..., Any])


class Asked(NamedTuple):
    """What somebody wants to be replayed, and how it is told: the options of `replay_options`."""

    file: str | None
    store: str | None
    position: int | None
    stream: str | None
    digest: bool
    html: Path | None


def replay_options(command: F) -> F:
    """The argument and the options of ``replay`` for ``command``; they make an `Asked`."""
    for option in (
        html_option,
        click.option(
            "--digest", is_flag=True, help="Print nothing but a digest of all that was replayed."
        ),
        click.option("--stream", metavar="NAME", help="Tell of this stream only."),
        until_option("Stop after this place in the log."),
        store_option,
        click.argument("file", metavar="[FILE|-]", required=False),
    ):
        command = option(command)
    return command


@click.command(short_help="Fold the log once more, up to any position, and print where it leads.")
@replay_options
def replay(**asked: Any) -> None:
    """Fold the log in FILE, a store or the lines that `log --json` writes, and print where it leads.

    With - the lines are read from standard input, without a FILE the store is replayed. A digest is
    the same on every machine, whenever the same events were recorded. The page of `--html` steps
    through the log; of more than 100,000 events it shows the last ones, and says so.

    \b
    Examples:
      deciderkit replay --until 7
      deciderkit replay --html kettle.html
      deciderkit log --json | deciderkit replay - --digest
    """
    wanted = Asked(**asked)
    tell(wanted, read_through(wanted))


def read_through(asked: Asked, also: Callable[[Recorded[Any]], None] | None = None) -> Replay:
    """The log, folded as far as it is asked for, and its page if one is; ``also`` sees each event."""
    _check(asked)
    replayed = Replay(bound().program, digesting=asked.digest)
    page = RunPage(asked.html) if asked.html else None
    sees: list[Callable[[Recorded[Any]], None]] = [replayed.take]
    sees += [see for see in (page, also) if see is not None]
    with ExitStack() as stack:
        events, total = _source(stack, asked.file, asked.store)
        try:
            for recorded in watched(until(events, asked.position), total, "replaying"):
                for see in sees:
                    see(recorded)
        except CorruptLine as error:
            raise Stop(f"{asked.file}, {error}", Exit.CORRUPT_LOG) from None
        except CorruptEvent as error:
            raise Stop(f"{asked.file or asked.store}: {error}", Exit.CORRUPT_LOG) from None
    if page:
        page.write(f"Replay of {_name(asked)}")
    return replayed


def tell(asked: Asked, replayed: Replay) -> None:
    """Print where the log leads, as it is asked for."""
    if asked.digest:
        out(replayed.digest())
    elif asked.stream is not None:
        _print_stream(replayed, asked.stream)
    else:
        _print(replayed)


def _check(asked: Asked) -> None:
    if asked.stream is not None and asked.digest:
        bad_input("--stream with --digest: expected one of them, a digest is of the whole log")
    if asked.stream is not None and not is_id(asked.stream):
        bad_input(f"--stream: {BadId(asked.stream)}")
    given = click.get_current_context().get_parameter_source("store")
    if asked.file and given is ParameterSource.COMMANDLINE:
        bad_input(f"{asked.file} with --store: expected one of them")


def _name(asked: Asked) -> str:
    where = asked.file or asked.store or ""
    return "standard input" if where == "-" else Path(where).name


def _source(
    stack: ExitStack, file: str | None, store: str | None
) -> tuple[Iterable[Recorded[Any]], int | None]:
    """The events to replay, and how many there are if that is known."""
    if file is None or (file != "-" and is_store(file)):
        if file is None and not store:
            variable = bound().store_variable
            bad_input(f"nothing to replay: expected FILE, -, --store FILE or {variable}")
        _, log = stack.enter_context(opened(file or store))
        return sound_log(log), succeeded(log.head())
    lines = stack.enter_context(opened_lines(file))
    return read_lines(lines, bound().program.codec), None


def _print_stream(replayed: Replay, stream: str) -> None:
    if stream not in replayed.audit.streams:
        where = f"up to position {replayed.audit.position}"
        raise Stop(f"no {stream} {where}: expected one with events by then")
    told(_line(replayed, stream))


def _print(replayed: Replay) -> None:
    """Every stream, every view of the whole log and every to-do at the point that was reached."""
    out(f"position {replayed.audit.position}")
    for stream in replayed.audit.streams:
        told(_line(replayed, stream))
    for name, found in replayed.views.items():
        still = replayed.unread.get(name)
        told(f"view {name}: {bound().spell(found)}{f'  stands still: {still}' if still else ''}")
    for todo in replayed.todos():
        told(f"todo {as_text(todo)}")


def _line(replayed: Replay, stream: str) -> str:
    aggregate, version, state = replayed.audit.streams[stream]
    key = stream.removeprefix(f"{aggregate.category}-")
    return f"{aggregate.category} {key} {bound().spell(state)} {counted(version, 'event')}"
