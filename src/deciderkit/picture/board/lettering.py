"""Text on a sticky: how it is spelled for people, how wide it is at most, and where its lines break.

No font is asked, since none is known: widths are those of a wide one, so that text fits in every other.
"""

from __future__ import annotations

from typing import Final
from unicodedata import combining, east_asian_width, normalize

from msgspec import Struct

from deciderkit.plain import shown

_LONGEST: Final = 80
"""What is longer is cut: a name is no story."""

_WIDTHS: Final = (
    ("iljI.,:;'|!", 0.36),
    (" ftr()[]/-`", 0.44),
    ("mwMW@%", 1.02),
)
_SIZES: Final = (12.5, 11.5, 10.5, 9.5, 8.5)
_LEADING: Final = 1.18


class Lettering(Struct, frozen=True):
    """The lines of a text and their size in pixels."""

    lines: tuple[str, ...]
    size: float

    @property
    def leading(self) -> float:
        """How far apart the lines are."""
        return round(self.size * _LEADING, 1)

    @property
    def height(self) -> float:
        """How high the lines are together."""
        return round(self.leading * len(self.lines), 1)


NO_LETTERING: Final = Lettering((), 0)
"""Nothing is written."""


def title(name: str) -> str:
    """A name as it stands on a sticky, each word with a capital.

    >>> title("notify obstacle found"), title("HTTP log")
    ('Notify Obstacle Found', 'HTTP Log')
    """
    words = shown(name, _LONGEST).split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def width(text: str, size: float) -> float:
    """How wide ``text`` is at most, in pixels."""
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    plain = normalize("NFD", letter)[:1]
    for letters, wide in _WIDTHS:
        if plain in letters:
            return wide
    if plain.isascii():
        return 0.78 if plain.isupper() else 0.65
    if combining(letter):
        return 0.0
    if east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1.4
    return 1.2 if letter.isupper() else 1.0


def fitted(text: str, wide: float, high: float) -> Lettering:
    """``text`` in the largest size in which it fits, cut where it fits in none.

    >>> fitted("Mars Rover Turned Off", 92, 46).lines
    ('Mars Rover', 'Turned Off')
    """
    for size in _SIZES:
        found = Lettering(_broken(text, wide, size), size)
        if found.height <= high and _breaks_no_word(text, found):
            return found
    return small(text, wide, _SIZES[-1], max(1, int(high / (_SIZES[-1] * _LEADING))))


def small(text: str, wide: float, size: float, most: int) -> Lettering:
    """``text`` in one size on at most ``most`` lines, cut where it needs more."""
    lines = _broken(text, wide, size)
    if len(lines) > most:
        lines = (*lines[: most - 1], _cut(lines[most - 1], wide, size))
    return Lettering(lines, size)


def _cut(line: str, wide: float, size: float) -> str:
    while line and width(f"{line}…", size) > wide:
        line = line[:-1]
    return f"{line}…"


def _breaks_no_word(text: str, found: Lettering) -> bool:
    return " ".join(found.lines) == " ".join(text.split())


def _broken(text: str, wide: float, size: float) -> tuple[str, ...]:
    """``text`` in lines of at most ``wide`` pixels; a word that is wider is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= wide:
            lines[-1] = longer
            continue
        pieces = _pieces(word, wide, size)
        lines = [*filter(None, lines), *pieces]
    return tuple(lines)


def _pieces(word: str, wide: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size) > wide:
            pieces.append("")
        pieces[-1] += letter
    return pieces
