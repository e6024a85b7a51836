"""``python -m tests.fuzz --minutes 60``: hostile bytes at every door, for as long as one likes."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from tests.fuzz.hostile import DOORS


@click.command()
@click.option("--minutes", default=1.0, show_default=True)
@click.option("--seed", default=0, show_default=True, help="The first seed; each try has its own.")
def main(*, minutes: float, seed: int) -> None:
    """Try the doors in turn; a find is printed with the seed that shows it again."""
    until, tried, found = time.monotonic() + 60 * minutes, Counter[str](), Counter[str]()
    with TemporaryDirectory() as folder:
        while time.monotonic() < until:
            for name, door in DOORS.items():
                for _ in range(1 if name == "a store" else 20):
                    seed += 1
                    tried[name] += 1
                    try:
                        door(Random(seed), Path(folder))
                    except Exception as error:  # a find, whatever it is
                        found[name] += 1
                        click.echo(f"{name}, seed {seed}: {type(error).__name__}: {error!s:.300}")
    for name in DOORS:
        click.echo(f"{name:<12}{tried[name]:>12,} tried{found[name]:>8,} found")


if __name__ == "__main__":
    main()
