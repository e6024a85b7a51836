"""Text from outside, made fit to be printed: on one line, with nothing in it that acts or hides.

A name, a message or a line of a file may hold a newline, a terminal's escape codes, marks that turn
the reading direction round, or half a character. Printed raw, these forge lines of a log, recolour a
terminal or make a text read as another one. So whatever did not come from this program's own words
passes through here before a person sees it.
"""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: newlines, and escape codes of a terminal
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # what is not seen
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # ... and what turns the direction
    "\ud800-\udfff"  # halves of a character, which no encoding takes
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"  # no characters, and tags
    "]"
)
_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def shown(text: str, limit: int = 200) -> str:
    r"""``text`` as it can be printed: one line, escaped, and cut after ``limit`` of its characters.

    Ordinary Unicode stays as it is, in every script and with every emoji. Control characters, line
    separators, marks of direction, invisible characters and lone surrogates become their escapes.

    >>> print(shown("Zoë 🤖\n[EVENT] forged\x1b[31m"))
    Zoë 🤖\n[EVENT] forged\x1b[31m
    >>> print(shown("\u202egnp.exe"))
    \u202egnp.exe
    >>> shown("M" * 1000, limit=8)
    'MMMMMMMM... (1000 characters)'
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    escaped = _UNSEEN.sub(_escape, text[:limit])
    return escaped if len(text) <= limit else f"{escaped}... ({len(text)} characters)"


def _escape(found: re.Match[str]) -> str:
    letter = found.group()
    code = ord(letter)
    if code < 0x100:
        return _SHORT.get(letter, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
