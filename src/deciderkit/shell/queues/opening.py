"""Opening a broker by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deciderkit.shell.queues.address import Address
from deciderkit.shell.queues.port import Broker, BrokerFailure


@contextmanager
def open_broker(where: str) -> Iterator[Broker]:
    """The broker at ``where``, such as ``nats://HOST:PORT/NAME``; closed at the end of the ``with``.

    It need not be there yet: each call says for itself that it cannot be reached. Raises `BadAddress`,
    and `BrokerFailure` where the library is missing.
    """
    address = Address.read(where)
    try:
        from deciderkit.shell.queues.nats.broker import NatsBroker  # noqa: PLC0415 - an extra
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "nats":
            raise
        raise BrokerFailure(
            "the library for NATS is missing: expected pip install 'mars-rover-decider[nats]'"
        ) from None
    with NatsBroker(address) as broker:
        yield broker
