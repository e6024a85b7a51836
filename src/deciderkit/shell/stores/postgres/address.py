"""Where a log on a server is: the usual address, and which schema of the database holds it.

Two things are asked of the address that are none of the server's: ``schema`` (``deciderkit`` unless it
is given) names the schema, and ``prepare=no`` leaves out prepared statements, for a pooler that gives
each transaction another connection.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from psycopg import Error
from psycopg.conninfo import conninfo_to_dict

from deciderkit.log.answers import StoreFailure
from deciderkit.log.places import told_place

SCHEMA: Final = "deciderkit"

_is_schema = re.compile(r"\A[a-z_][a-z0-9_]{0,47}\Z").search

_HABITS: Final[dict[str, str]] = {
    "connect_timeout": "5",
    "keepalives_idle": "3",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "6000",
    "application_name": "deciderkit",
}
"""What is asked of a connection unless the address says otherwise: a server that is gone is missed soon."""


class Address(NamedTuple):
    """The parts of a server's address; ``text`` is how it is told to people, without the password."""

    text: str
    schema: str
    prepares: bool
    connection: dict[str, Any]


def address_of(url: str) -> Address:
    """The parts of ``url``. Raises `StoreFailure` for what is no address.

    >>> address_of("postgresql://ann:secret@db.example/mars?schema=log").text
    'postgresql://ann@db.example/mars?schema=log'
    """
    place, _, query = url.partition("?")
    text = told_place(url)
    asked = dict(parse_qsl(query, keep_blank_values=True))
    schema = asked.pop("schema", SCHEMA)
    prepare = asked.pop("prepare", "yes")
    if not _is_schema(schema) or schema.startswith("pg_"):
        raise StoreFailure(f"bad schema {schema[:60]!a}: expected up to 48 of a-z 0-9 _")
    if prepare not in {"yes", "no"}:
        raise StoreFailure(f"bad prepare={prepare[:60]!a}: expected yes or no")
    try:
        rest = urlencode(asked, quote_via=quote)
        parts = conninfo_to_dict(f"{place}?{rest}" if rest else place)
    except Error:
        raise StoreFailure(
            f"{text[:200]!a} is no address of a server: expected "
            "postgresql://user@host:port/database"
        ) from None
    return Address(text, schema, prepare == "yes", {**_HABITS, **parts, "client_encoding": "UTF8"})
