"""``state``: where the instances of an aggregate stand, now or at any position of the log."""

from __future__ import annotations

import click
import msgspec

from deciderkit.aggregate import Aggregate
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.choosing import aggregate_called, as_data, stream_of
from deciderkit.shell.cli.edge import Stop, out, told
from deciderkit.shell.cli.states import At, state_of, states_of
from deciderkit.shell.cli.store import opened, store_option, until_option


@click.command(short_help="Print the states of an aggregate, now or at any position.")
@click.argument("aggregate")
@click.argument("key", required=False)
@store_option
@until_option()
@click.option("--json", "as_json", is_flag=True, help="One state a line, as JSON.")
def state(
    aggregate: str, key: str | None, store: str | None, position: int | None, as_json: bool
) -> None:
    """Print the state of the AGGREGATE that is called KEY, or of all of them: stream, version, state.

    \b
    Examples:
      deciderkit state kettle red
      deciderkit state Kettle --until 7 --json
    """
    with opened(store) as (program, log):
        chosen = aggregate_called(program.board, aggregate)
        if key is None:
            found = states_of(chosen, log, position)
        else:
            stream = stream_of(chosen, key)
            found = {stream: state_of(chosen, log, stream, position)}
            if not found[stream][0]:
                raise Stop(f"no {stream}{_then(position)}: expected one with events")
        for stream, at in found.items():
            _print(chosen, stream, at, as_json=as_json)


def _then(position: int | None) -> str:
    return "" if position is None else f" up to position {position}"


def _print(chosen: Aggregate, stream: str, at: At, *, as_json: bool) -> None:
    version, found = at
    if not as_json:
        told(f"{stream} {version} {bound().spell(found)}")
        return
    said = {
        "stream": stream,
        "key": stream.removeprefix(f"{chosen.category}-"),
        "version": version,
        "type": type(found).__name__,
        "state": msgspec.Raw(as_data(found)),
    }
    out(msgspec.json.encode(said))
