"""What a seeded bug is: one piece of the product's source replaced, and the test that must notice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.seeding import ASKED

ROOT: Final = Path(__file__).parents[3]
_FAILED = re.compile(r"^\d+ failed", re.MULTILINE)


@dataclass(frozen=True)
class Bug:
    """``instead`` stands in the place of ``there`` in ``module``; ``test``, under ``tests/``, must fail."""

    wrong: str
    module: str
    there: str
    instead: str
    test: str
    of: str = "shell"

    @property
    def finder(self) -> str:
        return self.test.rpartition("::")[2][:43]

    def killed(self) -> str | None:
        """How the test found it; None where the bug lives, or where it could not be seeded."""
        test = [sys.executable, "-m", "pytest", "-p", "tests.seeding", "-q", "-x", "--no-header"]
        asked = json.dumps([f"deciderkit.{self.module}", self.there, self.instead])
        ran = subprocess.run(
            [*test, "-p", "no:cacheprovider", f"tests/{self.test}"],
            cwd=ROOT,
            env={**os.environ, ASKED: asked, "HYPOTHESIS_PROFILE": "ci"},
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout if _FAILED.search(ran.stdout) else None
