"""Where a log is, as it may be told to anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit.log.places import told_place


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (Path("logs/mars.db"), "logs/mars.db"),
        ("ann:secret@mars.db", "ann:secret@mars.db"),
        ("postgresql://ann:secret@db.example/bank", "postgresql://ann@db.example/bank"),
        ("postgres://db.example/bank?password=secret", "postgres://db.example/bank"),
        (
            "postgresql://a:s@h/bank?schema=one&passfile=x&schema=two",
            "postgresql://a@h/bank?schema=two",
        ),
    ],
)
def test_a_place_is_told_without_what_opens_it(where: str | Path, told: str) -> None:
    assert told == told_place(where)
