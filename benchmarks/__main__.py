"""``python -m benchmarks``: how many commands a second, on this machine, beside honest baselines.

Every row drives the same random program as the others of its table to the same final position, which
is checked, with standard output discarded. Rows take turns, so ratios hold on a busy machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.growth import grown
from benchmarks.growth_once import Growth
from benchmarks.long_rows import long_rows
from benchmarks.measure import Row, measure
from benchmarks.plot import bars_of, bars_svg
from benchmarks.programs import FLEET_PROGRAM, Long, Short, random_letters
from benchmarks.rows import short_rows, single_rows
from benchmarks.shares import share_table, shares

SHORT = 100_000
SINGLE = 1_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON a row.")
@click.option(
    "--commands",
    default=10**8,
    show_default=True,
    type=click.IntRange(min=1000),
    help="Letters of the long program; growth goes to ten times as many.",
)
@click.option("--repeats", default=5, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Draw the table as bars on a logarithmic axis into this file, too.",
)
def main(*, as_json: bool, commands: int, repeats: int, svg: Path | None) -> None:
    """Measure all ways to drive a rover, against the article-style dispatcher."""
    rows = _measured(commands - commands % FLEET_PROGRAM, repeats)
    if svg is not None:
        svg.write_text(bars_svg(bars_of(rows)), encoding="utf-8")
    growths = grown(_lengths(commands * 10))
    if as_json:
        for row in rows:
            click.echo(json.dumps(_as_json(row, rows[0]) | shares(row, rows)))
        for growth in growths:
            click.echo(json.dumps({"name": "growth of simulate", **growth}))
    else:
        console = Console()
        console = Console(width=None if console.is_terminal else 120)
        console.print(_table(rows))
        console.print(share_table(rows))
        console.print(_growth_table(growths))


def _measured(commands: int, repeats: int) -> list[Row]:
    short = Short(random_letters(min(commands, SHORT)).decode())
    single = Short(random_letters(min(commands, SINGLE)).decode())
    rows = short_rows(short) + single_rows(single) + long_rows(Long(random_letters(commands)))
    measure(rows, repeats)
    return rows


def _lengths(most: int) -> list[int]:
    """Powers of ten up to ``most``."""
    return [10**power for power in range(3, 19) if 10**6 <= 10**power <= most] or [most]


def _as_json(row: Row, baseline: Row) -> dict[str, object]:
    if row.missing:
        return {"name": row.name, "missing": row.missing}
    return {
        "name": row.name,
        "commands": row.commands,
        "commands_per_second": round(row.rate),
        "best_commands_per_second": round(row.best),
        "ratio": round(row.ratio(baseline), 2),
        "position": row.position,
    }


def _table(rows: list[Row]) -> Table:
    table = Table(title="Thousands of commands a second, and times the article's way")
    for heading in ("", "commands", "median", "best", "ratio", "position"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for before, row in zip([rows[0], *rows], rows, strict=False):
        if before.commands != row.commands:
            table.add_section()
        table.add_row(escape(row.name), *_cells(row, rows[0]))
    return table


def _cells(row: Row, baseline: Row) -> tuple[str, ...]:
    if row.missing:
        return f"{row.commands:,}", "", "", "", f"install {row.missing}"
    rate, best = f"{row.rate / 1e3:,.1f}", f"{row.best / 1e3:,.1f}"
    return f"{row.commands:,}", rate, best, f"{row.ratio(baseline):,.1f}", row.position


def _growth_table(growths: Iterator[Growth]) -> Table:
    table = Table(title="Growth of simulate, 1,000 obstacles, a process each")
    for heading in ("commands", "seconds", "ns a command", "peak MB", "position"):
        table.add_column(heading, justify="right")
    for growth in growths:
        nanoseconds = growth["seconds"] * 1e9 / growth["commands"]
        table.add_row(
            f"{growth['commands']:,}",
            f"{growth['seconds']:.3f}",
            f"{nanoseconds:.2f}",
            f"{growth['peak_megabytes']:.0f}",
            growth["position"],
        )
    return table


if __name__ == "__main__":
    main()
