"""Where a log is: the name of a file or the address of a server, and how that is told to people."""

from __future__ import annotations

from urllib.parse import parse_qs


def is_address(where: object) -> bool:
    """Whether ``where`` is the address of a server.

    >>> is_address("postgresql://localhost/mars"), is_address("mars.db")
    (True, False)
    """
    return isinstance(where, str) and where.startswith(("postgresql://", "postgres://"))


def told_place(where: object) -> str:
    """``where`` as it can be told to anybody: the address of a server without its password.

    >>> told_place("postgresql://ann:secret@db.example/mars?schema=log&sslpassword=secret")
    'postgresql://ann@db.example/mars?schema=log'
    """
    if not is_address(where):
        return str(where)
    place, _, query = str(where).partition("?")
    scheme, _, rest = place.partition("://")
    user, at, host = rest.rpartition("@")
    schema = parse_qs(query).get("schema", [""])[-1]
    asked = f"?schema={schema}" if schema else ""
    return f"{scheme}://{user.partition(':')[0]}{at}{host}{asked}"
