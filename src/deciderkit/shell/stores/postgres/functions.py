"""What is done to a log in the database itself: functions that writers are given in the place of tables.

`append` is the one that matters: it takes the lock that holds the writers of one log apart until the
commit, looks at the request, at the stream and at the end of the log, and inserts. What it finds wrong
it says, and changes nothing.
"""

from __future__ import annotations

from typing import Final

SEPARATOR: Final = "\x1e"
"""Stands between the events of one append: no JSON has it."""

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

APPEND: Final = (
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
CREATE FUNCTION {schema}.begin_restore() RETURNS bigint """
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

FUNCTIONS: Final = (_OTHERS, APPEND, _BESIDE)
