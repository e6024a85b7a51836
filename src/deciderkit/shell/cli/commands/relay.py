"""``relay``: put the events of the log on a queue, as the log grows; and tell how far that is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, Final

import click
import msgspec

from deciderkit.shell.cli.edge import bad_input, counted, flush, out, succeeded, told
from deciderkit.shell.cli.staying import Patience, broker_option, opened_broker, until_stopped
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.queues.port import Broker, Queue
from deciderkit.shell.queues.relay import Relay

PAUSE: Final = 0.005
"""How long nobody looks at the log, in seconds."""
LOOK_AGAIN: Final = 2.0
"""After so many seconds an idle relay asks whether the queue still has what it had."""


@click.command(short_help="Put the events on a queue, as the log grows, until stopped.")
@store_option
@broker_option("--to")
@click.option(
    "--after",
    type=click.IntRange(0, 2**63 - 1),
    metavar="POSITION",
    help="Where to begin if the queue does not tell, as a new one does not. [default: 0]",
)
@click.option("--status", is_flag=True, help="Tell how far the queue is behind the log, and end.")
@click.option("--json", "as_json", is_flag=True, help="With --status: as JSON.")
def relay(store: str | None, broker: str, after: int | None, status: bool, as_json: bool) -> None:
    """Put each event of the log on a queue, in order, until Ctrl-C.

    A message is the line of JSON that `log --json` prints, under the position of the event as its id,
    with the subject NAME.events.TYPE.STREAM. It goes on where the queue ends, so it may be stopped and
    started at any time, run twice, and fills a queue again that was lost.

    \b
    Examples:
      deciderkit relay --to nats://localhost:4222/kettles
      deciderkit relay --to nats://localhost:4222/kettles --status
    """
    if as_json and not status:
        bad_input("--json without --status: expected both, the events are in `log --json`")
    with opened(store) as (program, log), opened_broker(broker) as door:
        following = Relay(log, program.codec, door, after)
        if status:
            _tell(following, door, as_json=as_json)
            return
        with until_stopped() as going:
            _follow(following, going)


def _follow(following: Relay, going: Callable[[], bool]) -> None:
    patience, looked = Patience(), monotonic()
    while going():
        if patience.with_(following.step()):
            continue
        sleep(PAUSE)
        if monotonic() - looked > LOOK_AGAIN:
            following.look_again()
            looked = monotonic()


def _tell(following: Relay, broker: Broker, *, as_json: bool) -> None:
    lag = succeeded(following.lag())
    waiting = succeeded(broker.waiting(Queue.COMMANDS))
    aside = succeeded(broker.waiting(Queue.ASIDE))
    said: dict[str, Any] = {
        "log": lag.log,
        "published": lag.published,
        "behind": lag.behind,
        "commands_waiting": waiting,
        "set_aside": aside,
    }
    if as_json:
        out(msgspec.json.encode(said))
    else:
        told(f"log        position {lag.log}")
        told(f"events     published to position {lag.published}, {_behind(lag.behind)}")
        told(f"commands   {waiting} waiting")
        told(f"set aside  {counted(aside, 'message')}")
    flush()


def _behind(count: int) -> str:
    return f"{count} behind" if count else "nothing behind"
