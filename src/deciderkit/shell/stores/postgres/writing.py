"""How events get into a log on a server: as few words as the functions there understand, in one round trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias
from zlib import crc32

from deciderkit.ids import is_id
from deciderkit.log.answers import Claim, Conflict, Overtaken, StoreFailure, unknown
from deciderkit.log.chain import START, kind_sum
from deciderkit.log.codec import Stored
from deciderkit.log.pages import Commit, tally_of, tally_text
from deciderkit.log.recorded import Tally
from deciderkit.shell.stores.postgres.address import Address
from deciderkit.shell.stores.postgres.connections import Connection
from deciderkit.shell.stores.postgres.functions import SEPARATOR
from deciderkit.shell.stores.postgres.rows import LocalCommit
from deciderkit.shell.stores.postgres.tables import filled_in

_APPEND: Final = "SELECT * FROM {schema}.append(" + ", ".join(["%s"] * 10) + ")"
_KNOW_KIND: Final = "SELECT {schema}.know_kind(%s, %s, %s)"
_BEGIN_RESTORE: Final = "SELECT {schema}.begin_restore()"
_RESTORE: Final = "SELECT {schema}.restore(" + ", ".join(["%s"] * 11) + ")"
_NOTHING: Final = ("nothing", 0, None)

Asked: TypeAlias = tuple[Any, ...]
"""The arguments of ``append``: stream, expected version, command id, claim, tally, time, and the rows."""


def asked_for(
    stream: str,
    version: int,
    command_id: str,
    at: str,
    before: int | None,
    tally: Tally | None,
    stored: Sequence[Stored],
) -> Asked:
    """What the append of ``stored`` asks for, whose first event gets ``version``."""
    done, said = (tally.done, tally_text(tally)) if tally else (None, "")
    commit = LocalCommit(0, len(stored), version, stream, command_id, at, said, START)
    return (stream, version - 1, command_id, before, done, said, at, *_rows_of(commit, stored))


class Writing:
    """Appends to the log at ``address``, and restores what another log had."""

    def __init__(self, address: Address) -> None:
        self._place = address.text
        self._append, self._know_kind, self._begin_restore, self._restore = (
            filled_in(each, address.schema)
            for each in (_APPEND, _KNOW_KIND, _BEGIN_RESTORE, _RESTORE)
        )

    def append(
        self, connection: Connection, asked: Asked, stored: Sequence[Stored], claim: Claim | None
    ) -> int:
        """The position of the first event of what was ``asked`` for. Raises what is refused."""
        said, number, text = connection.execute(self._append, asked).fetchone() or _NOTHING
        if said == "unknown kinds":
            self._make_known(connection, {each[:2] for each in stored})
            said, number, text = connection.execute(self._append, asked).fetchone() or _NOTHING
        if said == "recorded":
            return int(number)
        if said == "conflict":
            raise Conflict(asked[0], asked[1], number)
        assert claim is not None, said
        if said == "untallied":
            raise self.untallied(claim.command_id)
        last = tally_of(text or "")
        raise Overtaken(claim.command_id, last) if last else unknown(claim)

    def restore(
        self,
        connection: Connection,
        commits: Iterable[tuple[Commit, Sequence[Stored]]],
        after: int,
    ) -> None:
        """See `Log.restore`; in one transaction, without waiting for the answers in between."""
        known: set[tuple[str, int]] = set()
        with connection.transaction():
            (head,) = connection.execute(self._begin_restore).fetchone() or (0,)
            if head != after:
                reason = f"somebody else recorded after position {after} meanwhile"
                raise StoreFailure(f"{self._place}: {reason}; nothing was recorded")
            with connection.pipeline():
                for commit, stored in commits:
                    kinds = {each[:2] for each in stored} - known
                    self._make_known(connection, kinds)
                    known |= kinds
                    connection.execute(self._restore, _restored(commit, stored))

    def untallied(self, command_id: str) -> StoreFailure:
        """What to say of a request from before there were tallies."""
        return StoreFailure(
            f"{self._place}: request {command_id!r} is from a log without tallies: nobody can tell "
            "how far it got; expected another id"
        )

    def _make_known(self, connection: Connection, kinds: Iterable[tuple[str, int]]) -> None:
        for name, schema in kinds:
            connection.execute(self._know_kind, (_part(name, schema), name, schema))


@cache
def _part(name: str, schema: int) -> int:
    return kind_sum(name, schema)


def _rows_of(commit: Commit, stored: Sequence[Stored]) -> tuple[str, str, str]:
    """The rows of ``stored``: kinds, checksums, and all the data as one text."""
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


def _restored(commit: Commit, stored: Sequence[Stored]) -> Asked:
    tally = tally_of(commit.tally)
    return (
        commit.first,
        commit.stream,
        commit.version,
        commit.command_id,
        commit.recorded_at,
        tally.done if tally else None,
        commit.tally,
        tally is None and is_id(commit.command_id) is not None,
        *_rows_of(LocalCommit._make((*commit[:7], START)), stored),
    )
