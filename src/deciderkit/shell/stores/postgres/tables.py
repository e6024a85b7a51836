"""The tables of a log on a server, made to be read with ``psql``: ``SELECT * FROM deciderkit.log``.

A schema of its own holds all. Events that were recorded together share one row in ``commits``.
Nothing is ever changed or deleted in the log; triggers see to that, also for the owner. Writers are
given the functions and no table: what the functions do not do, they cannot do.

The checksum of an event is that of every store (`deciderkit.log.chain`), begun anew with each commit,
since only the server knows the place of a commit and what stands before it. So the server itself adds
the ``link`` of the commit: a digest of the link before it, the checksum before it and its position.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from deciderkit.shell.stores.postgres.functions import FUNCTIONS

VERSION: Final = 1
"""The newest version of the tables, which this program makes and reads."""

LOG_TABLES: Final = ("streams", "kinds", "commits", "events", "untallied")

_TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS {schema};
REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
CREATE TABLE {schema}.about (version int NOT NULL);
INSERT INTO {schema}.about VALUES (1);
CREATE TABLE {schema}.streams (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);
CREATE TABLE {schema}.kinds (
    id bigint PRIMARY KEY, type text COLLATE "C" NOT NULL, schema int NOT NULL, UNIQUE (type, schema)
);
CREATE TABLE {schema}.commits (
    first bigint PRIMARY KEY, size int NOT NULL, stream bigint NOT NULL, version bigint NOT NULL,
    command_id text COLLATE "C" NOT NULL, recorded_at text NOT NULL,
    done bigint, tally text NOT NULL, link text NOT NULL,
    UNIQUE (stream, version)
);
CREATE UNIQUE INDEX tallies ON {schema}.commits (command_id, done) WHERE done IS NOT NULL;
CREATE TABLE {schema}.events (
    position bigint PRIMARY KEY, kind bigint NOT NULL, checksum bigint NOT NULL, data text NOT NULL
);
CREATE TABLE {schema}.untallied (command_id text COLLATE "C" PRIMARY KEY);
CREATE TABLE {schema}.parked (
    mark bigint PRIMARY KEY, todo text COLLATE "C" NOT NULL UNIQUE, reason text NOT NULL
);
CREATE SEQUENCE {schema}.marks OWNED BY {schema}.parked.mark;
CREATE TABLE {schema}.saved (
    name text COLLATE "C" PRIMARY KEY, position bigint NOT NULL, seal text NOT NULL,
    content bytea NOT NULL
);
CREATE VIEW {schema}.log AS SELECT e.position, s.name AS stream,
    c.version + e.position - c.first AS version, k.type, k.schema, c.command_id, c.recorded_at,
    c.tally, e.data
FROM {schema}.events e
JOIN LATERAL (
    SELECT * FROM {schema}.commits WHERE first <= e.position ORDER BY first DESC LIMIT 1
) c ON true
JOIN {schema}.streams s ON s.id = c.stream JOIN {schema}.kinds k ON k.id = e.kind;
CREATE FUNCTION {schema}.never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is never changed';
END $$;
"""

_TRIGGER: Final = """
CREATE TRIGGER never BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.{table}
    EXECUTE FUNCTION {schema}.never();
"""

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        _TABLES,
        *(_TRIGGER.replace("{table}", table) for table in LOG_TABLES),
        *FUNCTIONS,
    ),
)
"""What makes each version of the tables out of the one before it, the first out of nothing."""

GRANT_READ: Final = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};
"""
GRANT_APPEND: Final = GRANT_READ + "".join(
    "GRANT EXECUTE ON FUNCTION {schema}." + name + " TO {role};\n"
    for name in ("append", "know_kind", "park", "let_go", "settled", "save")
)


def filled_in(statement: str, schema: str) -> str:
    """``statement`` for the log in ``schema``, whose name is a plain one."""
    return (
        statement.replace("{schema}", schema)
        .replace("{lock}", str(lock_of(schema)))
        .replace("{beside}", str(lock_of(schema) + 1))
        .replace("{listening}", str(lock_of(schema) + 2))
    )


def lock_of(schema: str) -> int:
    """The number of the lock that holds the writers of one log apart, in a database with other locks.

    The next holds those apart who change what stands beside the log. The one after it is shared by all
    who listen for news: only while somebody has it is anybody told, since telling is not free.
    """
    digest = blake2b(f"deciderkit log {schema}".encode(), digest_size=7).digest()
    return int.from_bytes(digest) * 4
