"""What every event store must do, as a test class to inherit: memory, SQLite, PostgreSQL, and yours.

Give it a fixture ``store`` that yields an empty store for `codec`, and every rule of the port is
held: the log, requests by their tally, what stands beside it, restoring. A store that outlives its
process inherits `DurableStoreContract` and adds ``reopened``.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self) -> EventStore:
            return MyStore(codec)
"""

from __future__ import annotations

from deciderkit.testing.store_rules.beside import BesideRules
from deciderkit.testing.store_rules.durable import DurableRules
from deciderkit.testing.store_rules.examples import (
    Measured,
    Noted,
    claim,
    codec,
    error,
    events,
    noted,
    value,
)
from deciderkit.testing.store_rules.log import LogRules
from deciderkit.testing.store_rules.requests import RequestRules
from deciderkit.testing.store_rules.restoring import RestoringRules

__all__ = [
    "DurableStoreContract",
    "Measured",
    "Noted",
    "StoreContract",
    "claim",
    "codec",
    "error",
    "events",
    "noted",
    "value",
]


class StoreContract(LogRules, RequestRules, BesideRules, RestoringRules):
    """The rules of the port; inherit and give a fixture ``store``."""


class DurableStoreContract(StoreContract, DurableRules):
    """The rules for a store that outlives its process.

    The fixture ``reopened`` gives a function that opens the log of ``store`` once more.
    """
