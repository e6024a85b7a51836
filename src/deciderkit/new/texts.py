"""Names that stand in the code of a package, so that nothing in them acts."""

from __future__ import annotations

import json

from deciderkit.plain import shown


def literal(text: str) -> str:
    """A text as Python writes it, in double quotes where it has none itself.

    >>> print(literal("turn off"), literal('say "hi"'))
    "turn off" 'say "hi"'
    """
    if not text.isprintable():
        return ascii(text)
    if '"' in text and "'" not in text and "\\" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def words(name: str) -> str:
    """A name inside a docstring or a comment: on one line, and without what would end it.

    >>> words('a "big" \\\\ one')
    "a 'big' / one"
    """
    return shown(name).replace("\\", "/").replace('"', "'")
