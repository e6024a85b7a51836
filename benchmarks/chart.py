"""A line chart with logarithmic axes, as SVG: numbers in, text out, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 46, 54
COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce", "#b91c1c", "#0f766e")
DASHES = ("none", "7 4", "2 3", "10 3 2 3", "none", "7 4")


class Line(NamedTuple):
    """A named line through points, all above zero."""

    name: str
    points: Sequence[tuple[float, float]]


class Chart(NamedTuple):
    """What is shown: lines over two named axes."""

    title: str
    across: str
    up: str
    lines: Sequence[Line]


def page(charts: Sequence[Chart]) -> str:
    """The charts below each other, as one SVG."""
    height = HEIGHT * len(charts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" font-family="system-ui, sans-serif" font-size="12" fill="#1a1a1a">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for number, chart in enumerate(charts):
        parts += [f'<g transform="translate(0 {number * HEIGHT})">', *_drawn(chart), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Axis(NamedTuple):
    """Powers of ten, ``low`` to ``high``, laid out from one place on the page to another."""

    low: int
    high: int
    begin: float
    end: float

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    @property
    def powers(self) -> range:
        return range(self.low, self.high + 1)


def _axis(values: list[float], begin: float, end: float) -> _Axis:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return _Axis(low, max(high, low + 1), begin, end)


def _drawn(chart: Chart) -> Iterator[str]:
    points = [point for line in chart.lines for point in line.points]
    x = _axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = _axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    yield f'<text x="{LEFT}" y="24" font-size="15" font-weight="600">{escape(chart.title)}</text>'
    yield from _grid(x, y)
    yield (
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
        f"{escape(chart.across)}</text>"
    )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    yield (
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(chart.up)}</text>"
    )
    for number, line in enumerate(chart.lines):
        yield from _line(number, line, x, y)


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    for power in x.powers:
        at = x.at(10.0**power)
        yield f'<path d="M{at:.1f} {y.begin}V{y.end}" stroke="#d4d4d4"/>'
        yield f'<text x="{at:.1f}" y="{y.begin + 18}" text-anchor="middle">{_ten(power)}</text>'
    for power in y.powers:
        at = y.at(10.0**power)
        yield f'<path d="M{x.begin} {at:.1f}H{x.end}" stroke="#d4d4d4"/>'
        yield f'<text x="{x.begin - 8}" y="{at + 4:.1f}" text-anchor="end">{_ten(power)}</text>'


def _ten(power: int) -> str:
    return f'10<tspan dy="-5" font-size="9">{power}</tspan>'


def _line(number: int, line: Line, x: _Axis, y: _Axis) -> Iterator[str]:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    places = [(x.at(across), y.at(up)) for across, up in line.points]
    path = "L".join(f"{across:.1f} {up:.1f}" for across, up in places)
    look = f'stroke="{colour}" stroke-dasharray="{dash}"'
    yield f'<path d="M{path}" fill="none" stroke-width="2" {look}/>'
    yield from (
        f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>' for across, up in places
    )
    key = TOP + 8 + 20 * number
    at = WIDTH - RIGHT + 14
    yield f'<path d="M{at} {key}h26" stroke-width="2" {look}/>'
    yield f'<text x="{at + 32}" y="{key + 4}">{escape(line.name)}</text>'
