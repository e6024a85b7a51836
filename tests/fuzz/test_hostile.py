"""A little of the fuzzing in each run of the suite; ``python -m tests.fuzz`` goes on for an hour."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.hostile import DOORS


@pytest.mark.parametrize("name", DOORS)
def test_hostile_bytes_get_an_answer_in_words(name: str, tmp_path: Path) -> None:
    for seed in range(12 if name == "a store" else 150):
        DOORS[name](Random(seed), tmp_path)
