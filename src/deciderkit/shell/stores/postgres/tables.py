"""The tables of a log on a server, and what is done to them there; made to be read with ``psql``: ``SELECT * FROM log``.

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

VERSION: Final = 1
"""The newest version of the tables, which this program makes and reads."""

LOG_TABLES: Final = ("streams", "kinds", "commits", "events", "untallied")
SEPARATOR: Final = "\x1e"
"""Stands between the events of one append: no JSON has it."""

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

_SAFE: Final = (
    "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$"
)
"""What a function is that writers are given: it has the rights of the owner and sees no table of theirs."""

_HEAD: Final = """
    SELECT c.first + c.size - 1, c.link INTO _last, _link FROM commits c ORDER BY c.first DESC LIMIT 1;
    IF FOUND THEN
        SELECT e.checksum INTO _sum FROM events e WHERE e.position = _last;
    ELSE
        _last := 0;
        _link := '';
        _sum := 0;
    END IF;
"""
"""Where the log ends, for those who hold the lock: position, checksum and link."""

_INSERT: Final = """
    IF _id IS NULL THEN
        INSERT INTO streams (name) VALUES (_stream) RETURNING id INTO _id;
    END IF;
    INSERT INTO commits VALUES (
        _last + 1, cardinality(_kinds), _id, _version + 1, _command_id, _at, _done, _tally,
        link_of(_link, _sum, _last + 1)
    );
    IF cardinality(_kinds) = 1 THEN
        INSERT INTO events VALUES (_last + 1, _kinds[1], _sums[1], _data);
    ELSE
        INSERT INTO events SELECT _last + place, kind, checksum, data
        FROM unnest(_kinds, _sums, string_to_array(_data, chr(30)))
            WITH ORDINALITY AS each (kind, checksum, data, place);
    END IF;
    IF NOT pg_try_advisory_xact_lock({listening}) THEN
        PERFORM pg_notify('{schema}', '');
    END IF;
"""
"""One commit behind the end of the log; each row of it is made of arrays, for one round trip."""

_APPEND: Final = (
    """
CREATE FUNCTION {schema}.append(
    _stream text, _expected bigint, _command_id text, _before bigint, _done bigint, _tally text,
    _at text, _kinds bigint[], _sums bigint[], _data text,
    OUT said text, OUT number bigint, OUT tally text
) """
    + _SAFE
    + """
DECLARE
    _id bigint;
    _version bigint;
    _last bigint;
    _sum bigint;
    _link text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'appends need the isolation level read committed';
    END IF;
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    PERFORM pg_advisory_xact_lock({lock});
    IF _before IS NOT NULL THEN
        SELECT c.done, c.tally INTO number, tally FROM commits c
        WHERE c.command_id = _command_id AND c.done IS NOT NULL ORDER BY c.done DESC LIMIT 1;
        IF coalesce(number, 0) <> _before THEN
            said := 'overtaken';
            RETURN;
        END IF;
        IF number IS NULL AND EXISTS (SELECT FROM untallied u WHERE u.command_id = _command_id) THEN
            said := 'untallied';
            RETURN;
        END IF;
    END IF;
    SELECT id INTO _id FROM streams WHERE name = _stream;
    SELECT c.version + c.size - 1 INTO _version FROM commits c
    WHERE c.stream = _id ORDER BY c.version DESC LIMIT 1;
    _version := coalesce(_version, 0);
    IF _version <> _expected THEN
        said := 'conflict';
        number := _version;
        IF _before IS NULL AND EXISTS (
            SELECT FROM commits c
            WHERE c.stream = _id AND c.version = _expected + 1 AND c.command_id = _command_id
        ) THEN
            said := 'recorded';
            SELECT c.first INTO number FROM commits c
            WHERE c.stream = _id AND c.version = _expected + 1;
        END IF;
        RETURN;
    END IF;
    IF NOT _kinds <@ ARRAY(SELECT id FROM kinds) THEN
        said := 'unknown kinds';
        RETURN;
    END IF;
"""
    + _HEAD
    + """
    IF cardinality(_kinds) > 0 THEN
"""
    + _INSERT
    + """
    END IF;
    said := 'recorded';
    number := _last + 1;
END $$;
"""
)

_OTHERS: Final = (
    """
CREATE FUNCTION {schema}.link_of(_link text, _sum bigint, _position bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT substr(
        encode(sha256(convert_to(concat_ws('/', _link, _sum, _position), 'UTF8')), 'hex'), 1, 16
    )
$$;
CREATE FUNCTION {schema}.know_kind(_id bigint, _type text, _schema int) RETURNS void """
    + _SAFE
    + """
BEGIN
    INSERT INTO kinds VALUES (_id, _type, _schema) ON CONFLICT DO NOTHING;
    IF NOT EXISTS (SELECT FROM kinds WHERE id = _id AND type = _type AND schema = _schema) THEN
        RAISE EXCEPTION 'the type % in schema % has the number of another: expected another name',
            _type, _schema;
    END IF;
END $$;
CREATE FUNCTION {schema}.begin_restore(_after bigint) RETURNS bigint """
    + _SAFE
    + """
DECLARE
    _head bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    PERFORM set_config('idle_in_transaction_session_timeout', '60s', true);
    SELECT coalesce(max(position), 0) INTO _head FROM events;
    RETURN _head;
END $$;
CREATE FUNCTION {schema}.restore(
    _first bigint, _stream text, _version bigint, _command_id text, _at text, _done bigint,
    _tally text, _without boolean, _kinds bigint[], _sums bigint[], _data text
) RETURNS void """
    + _SAFE
    + """
DECLARE
    _id bigint;
    _last bigint;
    _sum bigint;
    _link text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    SELECT id INTO _id FROM streams WHERE name = _stream;
"""
    + _HEAD
    + """
    IF _first <> _last + 1 THEN
        RAISE EXCEPTION 'position % does not follow the end of the log', _first;
    END IF;
    _version := _version - 1;
"""
    + _INSERT
    + """
    IF _without THEN
        INSERT INTO untallied VALUES (_command_id) ON CONFLICT DO NOTHING;
    END IF;
END $$;
"""
)

_BESIDE: Final = (
    """
CREATE FUNCTION {schema}.park(_todo text, _reason text) RETURNS void """
    + _SAFE
    + """
BEGIN
    PERFORM pg_advisory_xact_lock({beside});
    DELETE FROM parked WHERE todo = _todo;
    INSERT INTO parked VALUES (nextval('{schema}.marks'), _todo, _reason);
    IF NOT pg_try_advisory_xact_lock({listening}) THEN
        PERFORM pg_notify('{schema}', '');
    END IF;
END $$;
CREATE FUNCTION {schema}.let_go(_todos text[]) RETURNS void """
    + _SAFE
    + """
DECLARE
    _todo text;
BEGIN
    PERFORM pg_advisory_xact_lock({beside});
    FOREACH _todo IN ARRAY _todos LOOP
        IF EXISTS (SELECT FROM parked WHERE todo = _todo AND reason <> '') THEN
            PERFORM park(_todo, '');
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION {schema}.settled(_todos text[]) RETURNS void """
    + _SAFE
    + """
BEGIN
    PERFORM pg_advisory_xact_lock({beside});
    DELETE FROM parked WHERE todo = ANY (_todos);
END $$;
CREATE FUNCTION {schema}.save(_name text, _position bigint, _seal text, _content bytea)
RETURNS void """
    + _SAFE
    + """
BEGIN
    INSERT INTO saved VALUES (_name, _position, _seal, _content) ON CONFLICT (name) DO UPDATE
    SET position = excluded.position, seal = excluded.seal, content = excluded.content;
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC;
"""
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        _TABLES,
        *(_TRIGGER.replace("{table}", table) for table in LOG_TABLES),
        _OTHERS,
        _APPEND,
        _BESIDE,
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
