"""The event store on a PostgreSQL server: any number of processes on any number of machines.

An append is one call of a function in the database: it takes the lock that holds all writers of this log
apart until its commit, looks at the request, at the stream and at the end of the log, and inserts. So
positions come to be seen in their order, and whoever reads on from the last that it saw misses none.
Readers are never in the way of writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from types import TracebackType
from typing import Any, Final
from zlib import crc32

from returns.result import Failure, Result, Success

from deciderkit.ids import BadId, is_command_id, is_id
from deciderkit.log.answers import Claim, Conflict, Note, Overtaken, Saved, StoreFailure, unknown
from deciderkit.log.chain import START, kind_sum
from deciderkit.log.codec import Codec, Stored
from deciderkit.log.errors import NotStorable
from deciderkit.log.pages import Commit, Page, tally_of, tally_text
from deciderkit.log.recorded import Recorded, Tally
from deciderkit.shell.stores.clock import Clock, NewIds, Stamp
from deciderkit.shell.stores.port import PAGE, AppendError, StoreError
from deciderkit.shell.stores.postgres import side, upkeep
from deciderkit.shell.stores.postgres.address import Address, address_of
from deciderkit.shell.stores.postgres.connections import Connection, Connections
from deciderkit.shell.stores.postgres.creating import check_version
from deciderkit.shell.stores.postgres.listening import Listener
from deciderkit.shell.stores.postgres.rows import LocalCommit, Rows
from deciderkit.shell.stores.postgres.tables import SEPARATOR, filled_in

_APPEND: Final = "SELECT * FROM {schema}.append(" + ", ".join(["%s"] * 10) + ")"
_KNOW_KIND: Final = "SELECT {schema}.know_kind(%s, %s, %s)"
_BEGIN_RESTORE: Final = "SELECT {schema}.begin_restore(%s)"
_NOTHING: Final = ("nothing", 0, None)
_RESTORE: Final = "SELECT {schema}.restore(" + ", ".join(["%s"] * 11) + ")"


def opened(url: str, codec: Codec, clock: Clock | None, patience: float) -> PostgresEventStore:
    """The log at ``url``, whose tables are those that this program reads. Raises `StoreFailure`."""
    store = PostgresEventStore(address_of(url), codec, clock, patience)
    checked = store.check_version()
    if isinstance(checked, Failure):
        store.close()
        raise checked.failure()
    return store


class PostgresEventStore:
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
        self._append_call, self._know_kind = self._say(_APPEND), self._say(_KNOW_KIND)
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
        at, said = self._stamp(), tally_text(tally) if tally else ""
        version = expected_version + 1
        kinds, sums, data = _rows_of(
            LocalCommit(0, len(stored), version, stream, command_id, at, said, START), stored
        )
        done = tally.done if tally else None
        asked = (stream, expected_version, command_id, before, done, said, at, kinds, sums, data)

        def work(connection: Connection) -> Page:
            first = self._appended(connection, asked, stored, claim)
            places = enumerate(events)
            return tuple(
                [
                    Recorded(first + n, stream, version + n, event, command_id, at, tally)
                    for n, event in places
                ]
            )

        return self._run(work)

    def check(self, events: Sequence[Any]) -> Result[None, NotStorable]:
        """See `Log.check`."""
        try:
            self.codec.all_readable(events)
        except NotStorable as error:
            return Failure(error)
        return Success(None)

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
        return self._run(lambda connection: self._restore(connection, commits, after), again=False)

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

    def __enter__(self) -> PostgresEventStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _say(self, statement: str) -> str:
        return filled_in(statement, self._schema)

    def _appended(
        self,
        connection: Connection,
        asked: tuple[Any, ...],
        stored: Sequence[Stored],
        claim: Claim | None,
    ) -> int:
        """The position of the first event of what was asked for. Raises what the database refuses."""
        said, number, text = connection.execute(self._append_call, asked).fetchone() or _NOTHING
        if said == "unknown kinds":
            for name, schema in {each[:2] for each in stored}:
                connection.execute(self._know_kind, (kind_sum(name, schema), name, schema))
            said, number, text = connection.execute(self._append_call, asked).fetchone() or _NOTHING
        if said == "recorded":
            return int(number)
        if said == "conflict":
            raise Conflict(asked[0], asked[1], number)
        assert claim is not None, said
        if said == "untallied":
            raise self._untallied(claim.command_id)
        last = tally_of(text or "")
        raise Overtaken(claim.command_id, last) if last else unknown(claim)

    def _tally(self, connection: Connection, command_id: str) -> Tally | None:
        if self._rows.has_no_tally(connection, command_id):
            raise self._untallied(command_id)
        return self._rows.tally(connection, command_id)

    def _untallied(self, command_id: str) -> StoreFailure:
        return StoreFailure(
            f"{self.where}: request {command_id!r} is from a log without tallies: nobody can tell "
            "how far it got; expected another id"
        )

    def _restore(
        self,
        connection: Connection,
        commits: Iterable[tuple[Commit, Sequence[Stored]]],
        after: int,
    ) -> None:
        known: set[tuple[str, int]] = set()
        restore = self._say(_RESTORE)
        with connection.transaction():
            (head,) = connection.execute(self._say(_BEGIN_RESTORE), (after,)).fetchone() or (0,)
            if head != after:
                reason = f"somebody else recorded after position {after} meanwhile"
                raise StoreFailure(f"{self.where}: {reason}; nothing was recorded")
            with connection.pipeline():
                for commit, stored in commits:
                    for name, schema in {each[:2] for each in stored} - known:
                        connection.execute(self._know_kind, (kind_sum(name, schema), name, schema))
                        known.add((name, schema))
                    connection.execute(restore, _restored(commit, stored))

    def _change(self, statement: str, *values: Any) -> Result[None, StoreError]:
        """A change to what stands beside the log."""
        said = self._say(statement)

        def work(connection: Connection) -> None:
            connection.execute(said, values)

        return self._run(work)


@cache
def _part(name: str, schema: int) -> int:
    return kind_sum(name, schema)


def _rows_of(commit: Commit, stored: Sequence[Stored]) -> tuple[str, str, str]:
    """The rows of ``stored``, in as few words as a server understands: kinds, checksums, all the data."""
    parts: list[str] = []
    sums: list[str] = []
    before = commit.seed()
    for name, schema, data in stored:
        part = _part(name, schema)
        before = crc32(data, before ^ part)
        parts.append(str(part))
        sums.append(str(before))
    joined = SEPARATOR.encode().join([each.data for each in stored]).decode()
    return f"{{{','.join(parts)}}}", f"{{{','.join(sums)}}}", joined


def _restored(commit: Commit, stored: Sequence[Stored]) -> tuple[Any, ...]:
    tally = tally_of(commit.tally)
    kinds, sums, data = _rows_of(LocalCommit(*commit[:7], START), stored)
    return (
        commit.first,
        commit.stream,
        commit.version,
        commit.command_id,
        commit.recorded_at,
        tally.done if tally else None,
        commit.tally,
        tally is None and is_id(commit.command_id) is not None,
        kinds,
        sums,
        data,
    )
