"""Where the kit touches the world: the dispatch loop and the event stores."""

from deciderkit.log.answers import Claim, Conflict, Note, Overtaken, Saved, StoreFailure
from deciderkit.log.port import EventStore
from deciderkit.outcomes import (
    AsksItself,
    Happening,
    NotOnBoard,
    OtherCommands,
    Parked,
    Report,
    Stopped,
    Submitted,
    Undelivered,
)
from deciderkit.read_models import UnreadView
from deciderkit.shell.dispatch.dispatcher import Dispatcher
from deciderkit.shell.following import Elsewhere, Follower, elsewhere
from deciderkit.shell.program import Program
from deciderkit.shell.saved import version_of
from deciderkit.shell.stores.importing import import_log
from deciderkit.shell.stores.memory import MemoryEventStore
from deciderkit.shell.stores.opening import open_store
from deciderkit.shell.stores.postgres.doors import create_store
from deciderkit.shell.stores.verifying import verify_log, whole_log
from deciderkit.shell.webhook import NotTaken, Webhook

__all__ = [
    "AsksItself",
    "Claim",
    "Conflict",
    "Dispatcher",
    "Elsewhere",
    "EventStore",
    "Follower",
    "Happening",
    "MemoryEventStore",
    "NotOnBoard",
    "NotTaken",
    "Note",
    "OtherCommands",
    "Overtaken",
    "Parked",
    "Program",
    "Report",
    "Saved",
    "Stopped",
    "StoreFailure",
    "Submitted",
    "Undelivered",
    "UnreadView",
    "Webhook",
    "create_store",
    "elsewhere",
    "import_log",
    "open_store",
    "verify_log",
    "version_of",
    "whole_log",
]
