"""``mars-rover notifier``: the notification as a system of its own, which follows the log.

Rovers drive on while it is down; what they found meanwhile stands in the log, and is told when it is
back, under the keys that it would have had before.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.commands.run import follow
from deciderkit.shell.cli.edge import bad_input
from deciderkit.shell.cli.store import store_option
from deciderkit.shell.following import elsewhere
from deciderkit.shell.program import Program
from deciderkit.shell.webhook import Webhook
from mars_rover.events import ObstacleNotified
from mars_rover.policies import notify_obstacle_found, turn_off_blocked


def without_notifying(program: Program) -> Program:
    """The program of a process that leaves the notification to a notifier."""
    left = replace(program, deliveries={ObstacleNotified: elsewhere})
    return left.only(turn_off_blocked.name)


@click.command(short_help="Tell of obstacles, as a process of its own.")
@store_option
@click.option(
    "--webhook", metavar="URL", help="Post each notification there, instead of a line on stderr."
)
@click.option("--quiet", "-q", is_flag=True, help="Leave out the log.")
@click.option(
    "--from",
    "broker",
    metavar="ADDRESS",
    help="Hear by the queue there, such as nats://localhost:4222/rovers, and need no store.",
)
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --from: write down what was said, so that it is said once whatever is killed when.",
)
@click.option(
    "--again-after",
    type=click.FloatRange(0.1, 3_600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="With --from: when to hear again of what a killed notifier had in hand.",
)
def notifier(
    store: str | None,
    webhook: str | None,
    quiet: bool,
    broker: str | None,
    book: Path | None,
    again_after: float,
) -> None:
    """Follow the log and tell of every obstacle that a rover found, until Ctrl-C.

    Rovers that are driven with --leave-notifying drive on while nobody tells; nothing is lost. A
    webhook is tried again with growing pauses, then the notification is parked, see `todo`. The key
    of each stands in the header Idempotency-Key, so that who listens can drop repeats.

    With --from it follows a queue that a relay fills instead, on a machine of its own, and prints
    each message on standard output.

    \b
    Examples:
      mars-rover notifier --store mission.db
      mars-rover notifier --from nats://localhost:4222/rovers --book said.txt
      mars-rover notifier --store postgresql://app@db/mars --webhook https://example.org/obstacles
    """
    if broker:
        if webhook:
            bad_input("--webhook with --from: expected one of them")
        from mars_rover.shell.queue_notifier import hear  # noqa: PLC0415 - needs an extra

        hear(broker, book, again_after)
        return
    program = bound().program
    if webhook:
        try:
            told = Webhook(webhook, program.codec)
        except ValueError as error:
            bad_input(f"--webhook: {error}")
        program = replace(program, deliveries={ObstacleNotified: told})
    follow(store, program.only(notify_obstacle_found.name), quiet=quiet)
