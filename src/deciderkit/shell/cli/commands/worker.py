"""``worker``: carry out the commands that come by a queue, until somebody stops it."""

from __future__ import annotations

import re
from typing import Final

import click

from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import bad_input, flush, succeeded
from deciderkit.shell.cli.messages import Commands
from deciderkit.shell.cli.staying import Patience, broker_option, opened_broker, until_stopped
from deciderkit.shell.cli.store import opened, store_option
from deciderkit.shell.cli.telling import log, telling
from deciderkit.shell.queues.port import ALL
from deciderkit.shell.queues.worker import Answer, Worker

WAIT: Final = 1.0
"""How long one call waits for a message, in seconds; one that comes is taken at once."""
_is_lane: Final = re.compile(r"\A[A-Za-z0-9_-]{1,64}\Z").search


@click.command(short_help="Carry out the commands that come by a queue, until stopped.")
@store_option
@broker_option("--from")
@click.option("--lane", metavar="WORD", help="Take the messages of NAME.commands.WORD only.")
@click.option(
    "--share", is_flag=True, help="Share the messages with other workers; their order is not kept."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print each recorded event as a line of JSON."
)
@click.option("--quiet", "-q", is_flag=True, help="Leave out the log.")
def worker(
    store: str | None, broker: str, lane: str | None, share: bool, as_json: bool, quiet: bool
) -> None:
    """Carry out the commands that come by a queue, until Ctrl-C.

    A message holds one command as JSON, as `do` takes it, or several, one a line. It is carried out
    once under its id (Nats-Msg-Id), also when it comes again. Its sender is answered where the header
    Answer-To says. What cannot be carried out is set aside with its reason.

    One worker at a time takes the messages, in their order, and a new one takes over. To work side by
    side, give each worker a lane, or let them share and do without the order.

    \b
    Examples:
      deciderkit worker --from nats://localhost:4222/kettles
      deciderkit worker --from nats://localhost:4222/kettles --lane kitchen
    """
    if lane is not None and not _is_lane(lane):
        bad_input("--lane: expected 1 to 64 of A-Z a-z 0-9 _ -")
    commands = Commands(bound().program.board)
    with opened(store, create=True) as (program, log_store), opened_broker(broker) as door:
        dispatcher = program.on(log_store, telling(program, quiet=quiet, as_json=as_json))
        working = Worker(
            dispatcher,
            door,
            lambda body: commands.read_all(line for line in body.splitlines() if line.strip()),
            lane or ALL,
            share=share,
            told=_tell,
        )
        with until_stopped() as going:
            succeeded(dispatcher.resume())
            patience = Patience()
            while going():
                patience.with_(working.step(WAIT))
                flush()


def _tell(answer: Answer) -> None:
    if answer.set_aside:
        log("ASIDE", "refusal", f"{answer.id}: {answer.set_aside}")
