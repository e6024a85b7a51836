"""How near the engine is to what the machine can do: its rows beside the ceiling, in the same run."""

from __future__ import annotations

from rich.table import Table

from benchmarks import ceiling
from benchmarks.long_rows import CEILING, LOOP, READING
from benchmarks.measure import Missing, Row

BESIDE = {"of_bit_planes": CEILING, "of_reading": READING, "times_c_loop": LOOP}

COLUMNS = ("of_bit_planes", "of_bit_planes_by_processor_time", "of_reading", "times_c_loop")


def shares(row: Row, rows: list[Row]) -> dict[str, object]:
    """The row's ratios to the ceilings and to the loop in C, where it drives as many commands."""
    if row.missing:
        return {}
    named = {each.name: each for each in rows if not each.missing and each.commands == row.commands}
    ratios = {
        share: round(row.ratio(named[name]), 3) for share, name in BESIDE.items() if name in named
    }
    if CEILING in named:
        ratios["of_bit_planes_by_processor_time"] = round(row.processor_ratio(named[CEILING]), 3)
    return {"noise": round(row.noise, 2), **ratios} if ratios else {}


def share_table(rows: list[Row]) -> Table:
    """All rows that can be held against the ceiling."""
    table = Table(title=f"Beside the ceiling, which is {_instructions()}")
    table.add_column("", no_wrap=True)
    headings = ("of bit planes in C", "by processor time", "of reading memory", "times the C loop")
    for heading in (*headings, "noise"):
        table.add_column(heading, justify="right")
    for row in rows:
        if ratios := shares(row, rows):
            values = (ratios.get(share, "") for share in COLUMNS)
            cells = (f"{value:.2f}" if isinstance(value, float) else "" for value in values)
            table.add_row(row.name, *cells, f"{ratios['noise']:.0%}")
    return table


def _instructions() -> str:
    try:
        return ceiling.instructions()
    except Missing as missing:
        return f"not there: install {missing}"
