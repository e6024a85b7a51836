"""Whether a log on a server is whole: what reading alone does not see of its rows, and around them."""

from __future__ import annotations

from typing import Final

from deciderkit.log.codec import Codec
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.pages import tally_of
from deciderkit.shell.stores.postgres.connections import Connection
from deciderkit.shell.stores.postgres.tables import filled_in

_DATA: Final = (
    "SELECT position, type, k.schema, convert_to(data, 'UTF8') FROM {schema}.events "
    "LEFT JOIN {schema}.kinds k ON k.id = kind ORDER BY position"
)
_TALLIES: Final = (
    "SELECT first, done, tally FROM {schema}.commits WHERE done IS NOT NULL OR tally <> ''"
)
# One statement looks at one moment of the log, to which somebody may add all the while.
_AROUND: Final = (
    "SELECT (SELECT coalesce(max(position), 0) FROM {schema}.events), coalesce(sum(size), 0), "
    "coalesce(max(first + size - 1), 0) FROM {schema}.commits"
)


def check(connection: Connection, schema: str, codec: Codec, read: int) -> None:
    """Raise `CorruptEvent` for the first damage; what belongs to no event stands after the last, ``read``.

    Every event is decoded as strictly as one from outside.
    """
    with connection.transaction(), connection.cursor("verify", binary=True) as cursor:
        cursor.itersize = 1_000  # it stays on the server, and needs the transaction
        for position, name, number, data in cursor.execute(filled_in(_DATA, schema)):
            codec.decode(name or "", number or 0, data, position)
    for first, done, said in connection.execute(filled_in(_TALLIES, schema)):
        try:
            tally = tally_of(said)
        except ValueError:
            tally = None
        if tally is None or tally.done != done:
            raise CorruptEvent(first, "its tally is not the one that it is found by")
    around = connection.execute(filled_in(_AROUND, schema)).fetchone()
    head, committed, last = around or (0, 0, 0)
    if not read <= head == committed == last:
        raise CorruptEvent(read + 1, "a commit tells of events that are not there")
