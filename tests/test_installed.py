"""What an installed distribution says of itself: its version, its scripts, its extras."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution, version
from types import ModuleType

import pytest

import deciderkit
import mars_rover


@pytest.mark.parametrize("package", [deciderkit, mars_rover])
def test_a_package_knows_its_version(package: ModuleType) -> None:
    assert version("mars-rover-decider") == package.__version__
    with pytest.raises(AttributeError, match="no attribute 'not_there'"):
        _ = package.not_there


def test_the_version_costs_nothing_until_somebody_asks() -> None:
    code = "import sys, deciderkit, mars_rover; print('importlib.metadata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout


def test_the_script_named_like_the_distribution_is_the_rover_s() -> None:
    scripts = {
        each.name: each.value
        for each in distribution("mars-rover-decider").entry_points
        if each.group == "console_scripts"
    }
    assert {"deciderkit", "mars-rover", "mars-rover-decider"} <= set(scripts)
    assert scripts["mars-rover"] == scripts["mars-rover-decider"]
