"""A library that is missing is one line with the extra that brings it; another error stays what it is."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from deciderkit.extras import MissingExtra, from_extra

SCRIPT = """
import sys
for library in ("numpy", "hypothesis", "fastapi"):
    sys.modules[library] = None
import importlib
from deciderkit.extras import MissingExtra
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
    except MissingExtra as error:
        print(error)
"""


def test_every_package_of_an_extra_says_which_one_to_install() -> None:
    modules = (
        "mars_rover.batch",
        "deciderkit.testing",
        "mars_rover.testing",
        "deciderkit.examples.library.shell.app",
    )
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *modules], capture_output=True, text=True, check=True
    )
    expected = [
        "mars_rover.batch needs numpy 2 or newer: pip install 'mars-rover-decider[batch]'",
        "deciderkit.testing needs hypothesis and pytest: pip install 'mars-rover-decider[testing]'",
        "mars_rover.testing needs hypothesis: pip install 'mars-rover-decider[testing]'",
        "the library's web app needs fastapi: pip install 'mars-rover-decider[web]'",
    ]
    assert expected == done.stdout.splitlines()


def test_a_library_that_is_too_old_is_missing_as_well() -> None:
    with (
        pytest.raises(MissingExtra, match="numpy 9 or newer"),
        from_extra("batch", "numpy 9 or newer"),
    ):
        raise ImportError("cannot import name 'future_thing' from 'numpy'", name="numpy")


def test_a_module_of_these_packages_is_no_library_of_an_extra() -> None:
    with pytest.raises(ModuleNotFoundError) as raised, from_extra("batch", "it needs numpy"):
        import deciderkit.no_such_room  # type: ignore[import-not-found]  # noqa: F401, PLC0415
    assert not isinstance(raised.value, MissingExtra)


def test_the_need_that_was_said_first_is_kept() -> None:
    with (
        pytest.raises(MissingExtra, match="inner"),
        from_extra("outer", "outer"),
        from_extra("inner", "inner"),
    ):
        raise ImportError("gone", name="numpy")


def test_it_survives_a_way_to_another_process() -> None:
    error = MissingExtra("nats", "a queue needs nats-py")
    again = pickle.loads(pickle.dumps(error))
    assert (error.extra, str(error)) == (again.extra, str(again))
