"""These domains are controls: that they keep the laws is seen with fewer examples than a product needs."""

from __future__ import annotations

import pytest

from pytest_deciderkit import conduct


@pytest.fixture(autouse=True)
def _few_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    if conduct.examples is None:
        monkeypatch.setattr(conduct, "examples", 30)
