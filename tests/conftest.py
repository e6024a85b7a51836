"""Hypothesis profiles. Deadlines are off in all of them: the machines are shared.

``default`` looks elsewhere at each run and prints what repeats a failure; ``ci``, loaded where CI is
set, looks at the same examples every time; ``HYPOTHESIS_PROFILE=long`` looks at 400 times as many.
``HYPOTHESIS_PROFILE=symbolic`` (extra ``symbolic``) solves for examples that random ones do not meet.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.servers.fixtures"]

_EXAMPLES = 25

settings.register_profile(
    "default",
    deadline=None,
    print_blob=True,
    max_examples=_EXAMPLES,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.register_profile("long", settings.get_profile("default"), max_examples=400 * _EXAMPLES)
if os.environ.get("HYPOTHESIS_PROFILE") == "symbolic":
    settings.register_profile("symbolic", settings.get_profile("default"), backend="crosshair")
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default")
)


@pytest.fixture(autouse=True, scope="session")
def _tests_that_run_pytest_begin_with_their_own_options() -> None:
    os.environ.pop("PYTEST_ADDOPTS", None)
