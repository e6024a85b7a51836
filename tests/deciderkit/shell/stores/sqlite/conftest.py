"""What the tests of the embedded store are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deciderkit.shell.stores.sqlite.files import written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log with three events in two commits."""
    return written(tmp_path / "log")
