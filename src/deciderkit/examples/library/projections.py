"""The green stickies: the catalogue, who has what, and what each member owes."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Final, TypeAlias, assert_never

from pyrsistent import PMap, pmap

from deciderkit import Projection
from deciderkit.examples.library.events import (
    CopyAdded,
    FineCharged,
    HandedOut,
    Paid,
    Returned,
)

Catalogue: TypeAlias = PMap[str, str]


def add_title(titles: Catalogue, event: CopyAdded) -> Catalogue:
    """One more copy."""
    return titles.set(event.copy, event.title)


def follow_copy(lent: Catalogue, event: HandedOut | Returned) -> Catalogue:
    """Who has the copy now."""
    match event:
        case HandedOut(copy, member):
            return lent.set(copy, member)
        case Returned(copy):
            return lent.discard(copy)
        case _:
            assert_never(event)


def add_up(owes: Decimal, event: FineCharged | Paid) -> Decimal:
    """What the member owes now."""
    return owes + event.amount if isinstance(event, FineCharged) else owes - event.amount


catalogue: Final = Projection[Catalogue]("catalogue", pmap(), add_title)
"""The title of each copy."""

lent_out: Final = Projection[Catalogue]("lent out", pmap(), follow_copy)
"""Who has each copy that is not on the shelf."""

fines: Final = Projection[Decimal]("fines", Decimal("0.00"), add_up, key=attrgetter("member"))
"""For each member, what is owed."""
