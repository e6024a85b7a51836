"""What is changed outside of a function's arguments is seen, and named."""

from __future__ import annotations

import locale
import os
import random
import sys
from collections.abc import Callable
from decimal import Decimal, getcontext, localcontext
from pathlib import Path

import pytest

from deciderkit.testing.laws.world import World


def draw() -> None:
    random.random()


def set_a_variable() -> None:
    os.environ["DECIDERKIT_TEST"] = "set"


def round_to_six_digits() -> None:
    getcontext().prec = 6


def go_elsewhere() -> None:
    os.chdir(os.sep)


def look_elsewhere_for_modules() -> None:
    sys.path.append("elsewhere")


CHANGES: dict[str, Callable[[], None]] = {
    "random numbers: one was drawn, or they were seeded": draw,
    "the environment": set_a_variable,
    "the decimal context": round_to_six_digits,
    "the working directory": go_elsewhere,
    "the path of imports": look_elsewhere_for_modules,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_world_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("DECIDERKIT_TEST", "before")
    monkeypatch.chdir(tmp_path)
    with localcontext():
        world = World()
        assert "" == world.changed()
        CHANGES[name]()
        assert name == world.changed()


def test_changes_are_named_together() -> None:
    with localcontext():
        world = World()
        draw()
        round_to_six_digits()
        expected = "random numbers: one was drawn, or they were seeded, the decimal context"
        assert expected == world.changed()


def test_control_sums_that_are_rounded_change_nothing() -> None:
    world = World()
    assert Decimal(1) / Decimal(3) < 1
    assert locale.setlocale(locale.LC_ALL)
    assert "" == world.changed()
