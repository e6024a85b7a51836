"""The wall: the whole storm as one value."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from deciderkit import Aggregate, Board, ExternalSystem
from deciderkit.examples.library import commands as c
from deciderkit.examples.library import events as e
from deciderkit.examples.library.copy import copy
from deciderkit.examples.library.member import member
from deciderkit.examples.library.policies import hand_out, remind, settle_loan, settle_request
from deciderkit.examples.library.projections import catalogue, fines, lent_out
from deciderkit.log.codec import Codec, EventType

copies: Final = Aggregate(
    "Copy",
    "copy",
    copy,
    key=attrgetter("copy"),
    leads={
        c.AddCopy: (e.CopyAdded,),
        c.HandOut: (e.HandedOut, e.DueDateSet, e.Declined),
        c.Renew: (e.DueDateSet,),
        c.Return: (e.Returned,),
    },
)
members: Final = Aggregate(
    "Member",
    "member",
    member,
    key=attrgetter("member"),
    leads={
        c.Join: (e.Joined,),
        c.Borrow: (e.LoanRequested,),
        c.SettleLoan: (e.LoanSettled, e.FineCharged),
        c.Remind: (e.Reminded,),
        c.Pay: (e.Paid,),
    },
)
post: Final = ExternalSystem("Mail", hears=(e.Reminded,))

board: Final = Board(
    aggregates=(copies, members),
    policies=(hand_out, settle_loan, settle_request, remind),
    projections=(catalogue, lent_out, fines),
    externals=(post,),
)


def due_of_days(data: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 of `DueDateSet` had ``lent_at`` and ``days``; schema 2 has ``due``.

    >>> due_of_days({"copy": "c1", "member": "ann", "lent_at": "2026-01-01T10:00:00Z", "days": 28})
    {'copy': 'c1', 'member': 'ann', 'due': '2026-01-29T10:00:00+00:00'}
    """
    due = datetime.fromisoformat(data["lent_at"]) + timedelta(days=data["days"])
    return {"copy": data["copy"], "member": data["member"], "due": due.isoformat()}


codec: Final = Codec.of(
    board, EventType("DueDateSet", e.DueDateSet, schema=2, upcasts={1: due_of_days})
)
"""Names are those of the classes; one event has an older schema."""
