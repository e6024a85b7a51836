"""What a mutant is: a subject with one thing wrong, and the law that is meant to find it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import localcontext
from typing import Any
from unittest.mock import patch

from hypothesis.strategies import SearchStrategy

from deciderkit.testing.laws import Law, LawBroken, Unasked, check


@dataclass(frozen=True)
class Mutant:
    """``wrong`` says what is wrong with ``subjects``, asked with ``examples``; ``law`` must find it."""

    of: str
    wrong: str
    law: Law[Any]
    subjects: tuple[Any, ...]
    examples: SearchStrategy[Any]

    @property
    def finder(self) -> str:
        return self.law.name

    def killed(self) -> LawBroken | None:
        """How the law found it; None where the mutant lives."""
        try:
            with patch.dict(os.environ), localcontext():  # what a mutant sets is nobody else's
                check(self.law, self.subjects, self.examples, max_examples=200, seed=0)
        except LawBroken as broken:
            return broken
        except Unasked:  # a law that stands back has found nothing
            return None
        return None
