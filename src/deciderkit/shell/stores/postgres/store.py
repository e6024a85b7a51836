"""The event store on a PostgreSQL server: any number of processes on any number of machines.

An append is one call of a function in the database: it takes the lock that holds all writers of this log
apart until its commit, looks at the request, at the stream and at the end of the log, and inserts. So
positions come to be seen in their order, and whoever reads on from the last that it saw misses none.
Readers are never in the way of writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from returns.result import Failure, Result

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import Claim, Note, Saved
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import NotStorable
from deciderkit.log.pages import Commit, Page
from deciderkit.log.port import PAGE, AppendError, StoreError
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell.closing import Closing
from deciderkit.shell.stores.clock import Clock, NewIds, Stamp
from deciderkit.shell.stores.postgres import side, upkeep
from deciderkit.shell.stores.postgres.address import Address, address_of
from deciderkit.shell.stores.postgres.connections import Connection, Connections
from deciderkit.shell.stores.postgres.creating import check_version
from deciderkit.shell.stores.postgres.listening import Listener
from deciderkit.shell.stores.postgres.rows import Rows
from deciderkit.shell.stores.postgres.tables import filled_in
from deciderkit.shell.stores.postgres.writing import Writing, asked_for


def opened(url: str, codec: Codec, clock: Clock | None, patience: float) -> PostgresEventStore:
    """The log at ``url``, whose tables are those that this program reads. Raises `StoreFailure`."""
    store = PostgresEventStore(address_of(url), codec, clock, patience)
    checked = store.check_version()
    if isinstance(checked, Failure):
        store.close()
        raise checked.failure()
    return store


class PostgresEventStore(Closing):
    """A log on a server, as `EventStore` describes it; made by `open_store`.

    Any number of threads may use one instance at once. After a fork it has to be opened again.
    """

    def __init__(
        self, address: Address, codec: Codec, clock: Clock | None = None, patience: float = 5
    ) -> None:
        self.codec = codec
        self._schema = address.schema
        self._connections = Connections(address, patience)
        self._rows = Rows(codec, address.schema)
        self._listener = Listener(self._connections)
        self._stamp = Stamp(clock)
        self._new_id = NewIds()
        self._writing = Writing(address)
        self._run = self._connections.run

    def check_version(self) -> Result[None, StoreError]:
        """Whether its tables are those that this program reads."""
        address = self._connections.address
        return self._run(lambda connection: check_version(connection, address), wait=False)

    @property
    def where(self) -> str:
        """Where the log is, without the password."""
        return self._connections.address.text

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Any],
        claim: Claim | None = None,
    ) -> Result[Page, AppendError]:
        """See `Log.append`: one round trip, on the server's disk when it returns.

        Where the connection is lost meanwhile it is asked again, under the same id: what was recorded
        by then is not recorded twice.
        """
        if not is_id(stream):
            return Failure(BadId(stream))
        if claim is None:
            command_id, before, tally = self._new_id(), None, None
        else:
            command_id, before, tally = claim.command_id, claim.before, claim.tally
            if not is_command_id(command_id):
                return Failure(BadId(command_id))
        try:
            stored = self.codec.all_readable(events)
        except NotStorable as error:
            return Failure(error)
        at, version = self._stamp(), expected_version + 1
        asked = asked_for(stream, version, command_id, at, before, tally, stored)

        def work(connection: Connection) -> Page:
            first = self._writing.append(connection, asked, stored, claim)
            return tuple(
                [
                    Recorded(first + n, stream, version + n, event, command_id, at, tally)
                    for n, event in enumerate(events)
                ]
            )

        return self._run(work)

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """See `Log.check`."""
        return self.codec.check(events)

    def tally(self, command_id: str) -> Result[Tally | None, StoreError]:
        """See `Log.tally`."""
        return self._run(lambda connection: self._tally(connection, command_id))

    def version(self, stream: str) -> Result[int, StoreError]:
        """See `Log.version`."""
        return self._run(lambda connection: self._rows.version(connection, stream))

    def read(self, stream: str, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read`."""
        return self._run(lambda connection: self._rows.stream(connection, stream, after, limit))

    def read_all(self, after: int = 0, limit: int = PAGE) -> Result[Page, StoreError]:
        """See `Log.read_all`; checks that each commit is linked to the one before it."""
        return self._run(lambda connection: self._rows.all(connection, after, limit))

    def head(self) -> Result[int, StoreError]:
        """See `Log.head`."""
        return self._run(self._rows.head)

    def restore(
        self, commits: Iterable[tuple[Commit, Sequence[Stored]]], after: int
    ) -> Result[None, StoreError]:
        """See `Log.restore`; for the owner of the log."""
        return self._run(
            lambda connection: self._writing.restore(connection, commits, after), again=False
        )

    def integrity(self, read: int) -> Result[None, StoreError]:
        """See `Log.integrity`."""
        return self._run(
            lambda connection: upkeep.check(connection, self._schema, self.codec, read)
        )

    def park(self, todo: str, reason: str) -> Result[None, StoreError]:
        """See `Parking.park`."""
        return self._change(side.PARK, todo, reason)

    def let_go(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.let_go`."""
        return self._change(side.LET_GO, list(todos))

    def settled(self, todos: Sequence[str]) -> Result[None, StoreError]:
        """See `Parking.settled`."""
        return self._change(side.SETTLED, list(todos))

    def notes(self, since: int = 0) -> Result[tuple[Note, ...], StoreError]:
        """See `Parking.notes`."""
        statement = self._say(side.NOTES)
        return self._run(lambda connection: side.notes(connection, statement, since))

    def load(self, name: str, version: str) -> Result[Saved | None, StoreError]:
        """See `SavedFolds.load`."""
        statement = self._say(side.LOAD)
        return self._run(
            lambda connection: side.load(connection, statement, self._rows, name, version)
        )

    def save(self, name: str, saved: Saved) -> Result[None, StoreError]:
        """See `SavedFolds.save`."""
        statement = self._say(side.SAVE)

        def work(connection: Connection) -> None:
            seal = side.sealed(connection, self._rows, name, saved)
            connection.execute(statement, (name, saved.position, seal, saved.content))

        return self._run(work)

    def wait(self, seconds: float) -> None:
        """Until somebody has recorded or parked something, as far as the server tells; at most ``seconds``."""
        self._listener.wait(seconds)

    def close(self) -> None:
        """Let go of the connections."""
        self._listener.close()
        self._connections.close()

    def _say(self, statement: str) -> str:
        return filled_in(statement, self._schema)

    def _tally(self, connection: Connection, command_id: str) -> Tally | None:
        if self._rows.has_no_tally(connection, command_id):
            raise self._writing.untallied(command_id)
        return self._rows.tally(connection, command_id)

    def _change(self, statement: str, *values: Any) -> Result[None, StoreError]:
        """A change to what stands beside the log."""
        said = self._say(statement)

        def work(connection: Connection) -> None:
            connection.execute(said, values)

        return self._run(work)
