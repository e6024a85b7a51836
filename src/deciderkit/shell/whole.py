"""A file that is written whole or not at all: nobody finds half a page, not after a full disk either."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex


def write_whole(file: Path, text: str) -> None:
    """Write ``text`` as UTF-8, in the place of what stood in ``file``. Raises ``OSError``.

    It is written beside ``file`` first and then takes its name, so a failure leaves ``file`` as it was.
    A pipe or a device takes what it is given.
    """
    place = file.resolve()
    if place.exists() and not place.is_file():
        place.write_text(text, encoding="utf-8", newline="\n")
        return
    beside = place.parent / f".{token_hex(8)}.tmp"
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as new:
            new.write(text)
        if place.exists():
            beside.chmod(place.stat().st_mode & 0o7777)
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
