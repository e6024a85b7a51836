from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

import mars_rover.batch


def test_without_numpy_the_folder_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    spec = importlib.util.spec_from_file_location("afresh", mars_rover.batch.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(ImportError, match=r"pip install 'mars-rover-decider\[batch\]'"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.parametrize(
    ("statements", "loaded"),
    [("import mars_rover", "False"), ("import mars_rover.batch", "True")],
)
def test_the_core_needs_no_numpy(statements: str, loaded: str) -> None:
    program = f"{statements}; import sys; print('numpy' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded == told.stdout.strip()
