"""Queues between machines: events go out, commands come in, and the log stays the truth. See QUEUES.md."""

from deciderkit.shell.queues.address import Address, BadAddress
from deciderkit.shell.queues.listener import Listener, Remembered, Written
from deciderkit.shell.queues.memory import MemoryBroker
from deciderkit.shell.queues.opening import open_broker
from deciderkit.shell.queues.port import (
    Broker,
    BrokerFailure,
    BrokerTrouble,
    End,
    Message,
    Moved,
    Queue,
    Reader,
    Taken,
    TakenOver,
    Taking,
    TooLong,
)
from deciderkit.shell.queues.relay import Lag, Relay, RelayTrouble
from deciderkit.shell.queues.worker import Answer, Worker

__all__ = [
    "Address",
    "Answer",
    "BadAddress",
    "Broker",
    "BrokerFailure",
    "BrokerTrouble",
    "End",
    "Lag",
    "Listener",
    "MemoryBroker",
    "Message",
    "Moved",
    "Queue",
    "Reader",
    "Relay",
    "RelayTrouble",
    "Remembered",
    "Taken",
    "TakenOver",
    "Taking",
    "TooLong",
    "Worker",
    "Written",
    "open_broker",
]
