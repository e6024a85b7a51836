"""The table of the benchmarks as a picture: a bar a row on a logarithmic axis, peers in blue.

A bar begins at the axis' first power of ten, so its length tells of powers and not of multiples; each
power of ten has a line, and each bar its figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Final, NamedTuple

from benchmarks.measure import Row

PEERS: Final = (
    "article",
    "the same, silent",
    "C loop",
    "bit planes in C",
    "numpy",
    "eventsourcing",
    "bare",
    "reading",
)
"""What stands in the names of the rows that are not ours."""

_OURS, _PEER, _INK, _MUTED, _LINE, _PAPER = (
    "#ff9d48",
    "#a6ccf5",
    "#1a1a1a",
    "#5c574b",
    "#ddd7cb",
    "#fffdf9",
)
_LEFT, _WIDTH, _HIGH, _RIGHT = 350, 500, 22, 90
_POWERS: Final = (("G", 9), ("M", 6), ("k", 3), ("", 0))


class Bar(NamedTuple):
    """A row of the picture: how many a second; None, and why, where it could not be measured."""

    name: str
    rate: float | None
    is_peer: bool = False
    group: str = ""
    missing: str = ""


def bars_of(rows: Sequence[Row]) -> list[Bar]:
    """The rows of the table as bars, those with as many commands under one heading."""
    return [
        Bar(
            row.name,
            None if row.missing else row.rate,
            any(peer in row.name for peer in PEERS),
            f"{row.commands:,} commands",
            row.missing,
        )
        for row in rows
    ]


def bars_svg(bars: Sequence[Bar], title: str = "Commands a second") -> str:
    """The picture as an SVG, the same bytes for the same bars.

    >>> bars_svg([Bar("fold", 2e6), Bar("article", 9e4, is_peer=True)]).count("<rect")
    5
    """
    rates = [bar.rate for bar in bars if bar.rate]
    low = floor(log10(min(rates, default=1)))
    high = max(low + 1, ceil(log10(max(rates, default=10))))
    lines = list(_lines(bars, low, high))
    bottom = 64 + sum(height for height, _ in lines)
    width = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + 16}" '
        f'viewBox="0 0 {width} {bottom + 16}" role="img" '
        'font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{bottom + 16}" rx="8" fill="{_PAPER}"/>',
        f'<text x="16" y="26" font-size="16" font-weight="600" fill="{_INK}">{escape(title)}</text>',
        *_legend(width),
        *_axis(low, high, bottom),
    ]
    top = 64
    for height, drawn in lines:
        parts.append(f'<g transform="translate(0 {top})">{drawn}</g>')
        top += height
    return "\n".join([*parts, "</svg>\n"])


def _legend(width: int) -> Iterator[str]:
    for x, colour, words in ((width - 200, _OURS, "this package"), (width - 90, _PEER, "others")):
        yield f'<rect x="{x}" y="15" width="12" height="12" fill="{colour}" stroke="{_INK}"/>'
        yield f'<text x="{x + 18}" y="26" fill="{_INK}">{words}</text>'


def _axis(low: int, high: int, bottom: int) -> Iterator[str]:
    for power in range(low, high + 1):
        x = _place(10.0**power, low, high)
        yield f'<path d="M{x} 56V{bottom}" stroke="{_LINE}"/>'
        yield f'<text x="{x}" y="50" text-anchor="middle" fill="{_MUTED}">{amount(10.0**power)}</text>'


def _lines(bars: Sequence[Bar], low: int, high: int) -> Iterator[tuple[int, str]]:
    """The heights of the lines, and what is drawn in each."""
    group = ""
    for bar in bars:
        if bar.group != group:
            group = bar.group
            yield (
                30,
                f'<text x="16" y="20" font-weight="600" fill="{_MUTED}">{escape(group)}</text>',
            )
        yield _HIGH, _bar(bar, low, high)


def _bar(bar: Bar, low: int, high: int) -> str:
    name = (
        f'<text x="{_LEFT - 10}" y="15" text-anchor="end" fill="{_INK}">{escape(bar.name)}</text>'
    )
    if bar.rate is None:
        why = f"install {bar.missing}" if bar.missing else "not measured"
        return f'{name}<text x="{_LEFT + 6}" y="15" fill="{_MUTED}">{escape(why)}</text>'
    end = _place(bar.rate, low, high)
    colour = _PEER if bar.is_peer else _OURS
    box = f'<rect x="{_LEFT}" y="3" width="{max(1, end - _LEFT)}" height="{_HIGH - 7}"'
    figure = f'<text x="{end + 6}" y="15" fill="{_INK}">{amount(bar.rate)}</text>'
    return f'{name}{box} fill="{colour}" stroke="{_INK}"/>{figure}'


def _place(rate: float, low: int, high: int) -> int:
    return _LEFT + round((log10(rate) - low) / (high - low) * _WIDTH)


def amount(rate: float) -> str:
    """A rate in three figures.

    >>> amount(950), amount(12_345), amount(1e6), amount(2.5e9)
    ('950', '12.3 k', '1 M', '2.5 G')
    """
    for unit, power in _POWERS:
        if rate >= 10**power:
            return f"{rate / 10**power:.3g} {unit}".strip()
    return f"{rate:.3g}"
