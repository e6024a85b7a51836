"""``board``: the wall as text, as a flowchart and as a picture, and whether a kept one is still true."""

from __future__ import annotations

from pathlib import Path

import click

from deciderkit.picture.board import mermaid, svg
from deciderkit.plain import shown
from deciderkit.shell.cli.bound import bound
from deciderkit.shell.cli.edge import Stop, bad_input, out
from deciderkit.shell.cli.pictures import PICTURE, write_picture
from deciderkit.wall import Wall, differs, print_wall, wall_of

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Print the board as text, or draw it.")
@click.option("--text", "drawing", flag_value="text", default=True, help="As text, a chain a line.")
@click.option("--mermaid", "drawing", flag_value="mermaid", help="As a flowchart for Mermaid.")
@click.option("--svg", "picture", type=PICTURE, help="As a picture, into FILE.")
@click.option(
    "--check",
    "kept",
    metavar="FILE",
    type=_FILE,
    help="Print nothing; exit with 1 if the drawing in FILE is no longer the board's.",
)
def board(drawing: str, picture: Path | None, kept: Path | None) -> None:
    """Print the board as text: what leads to what, who reacts, what is read, who is told.

    The text is what `new` makes a package of. `--check` takes a file that was made by any of these.

    \b
    Examples:
      deciderkit board --board kettle:board
      deciderkit board --board kettle:board --svg kettle.svg
      deciderkit board --board kettle:board --check kettle.svg
    """
    wall = wall_of(bound().program.board)
    if kept is not None:
        _check(wall, kept)
    elif picture is not None:
        write_picture(picture, "--svg", svg(wall))
    else:
        out((mermaid if drawing == "mermaid" else print_wall)(wall).rstrip("\n"))


def _check(wall: Wall, kept: Path) -> None:
    try:
        text = kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        bad_input(f"{kept}: {getattr(error, 'strerror', None) or 'no text'}: expected a drawing")
    problem = differs(_drawn_like(text, wall), text)
    if problem is not None:
        raise Stop(f"{shown(str(kept))} is not this board: {problem}")


def _drawn_like(kept: str, wall: Wall) -> str:
    """The board of today, drawn as the kept drawing was."""
    if kept.lstrip().startswith("<svg"):
        return svg(wall)
    return mermaid(wall) if kept.startswith("flowchart") else print_wall(wall)
