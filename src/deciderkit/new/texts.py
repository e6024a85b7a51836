"""Names that stand in the code of a package, so that nothing in them acts."""

from __future__ import annotations

from deciderkit.plain import shown


def literal(text: str) -> str:
    """A text as Python writes it, in double quotes where it has none itself.

    >>> print(literal("turn off"), literal('say "hi"'))
    "turn off" 'say "hi"'
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    written = (f"\\{each}" if each in (quote, "\\") else _seen(each) for each in text)
    return f"{quote}{''.join(written)}{quote}"


def _seen(letter: str) -> str:
    return letter if letter.isprintable() else ascii(letter)[1:-1]


def words(name: str) -> str:
    """A name inside a docstring or a comment: on one line, and without what would end it.

    >>> words('a "big" \\\\ one')
    "a 'big' / one"
    """
    return shown(name).replace("\\", "/").replace('"', "'")
