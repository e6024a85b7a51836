"""``mars-rover replay``: the kit's, and the way of a rover with it, on the terminal and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deciderkit.shell.cli.commands import replay as kit
from mars_rover.shell.pictures import Pictures, picture_options


@click.command(help=kit.replay.help, short_help=kit.replay.short_help)
@kit.replay_options
@picture_options
def replay(svg: Path | None, no_map: bool, **asked: Any) -> None:
    """Replay a log; the way drawn is that of the rover of ``--stream``, else of the first rover."""
    wanted = kit.Asked(**asked)
    pictures = Pictures(svg, has_map=not (no_map or wanted.digest), stream=wanted.stream)
    replayed = kit.read_through(wanted, pictures if pictures.sees else None)
    pictures.draw()
    kit.tell(wanted, replayed)
