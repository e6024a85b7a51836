"""``store create``: make a log on a server, or bring one up to date."""

from __future__ import annotations

import click

from deciderkit.log.answers import StoreFailure
from deciderkit.log.places import is_address, told_place
from deciderkit.plain import shown
from deciderkit.shell.cli.edge import bad_input, told
from deciderkit.shell.cli.store import StoreArgument
from deciderkit.shell.stores.postgres.doors import create_store


@click.group(short_help="Make a log on a server.")
def store() -> None:
    """Look after a store on a server.

    \b
    Example:
      deciderkit store create postgresql://owner@db/shop
    """


@store.command(short_help="Make the log in a database.")
@click.argument("where", cls=StoreArgument, metavar="[URL]")
@click.option("--writer", multiple=True, metavar="ROLE", help="May append and read; repeatable.")
@click.option("--reader", multiple=True, metavar="ROLE", help="May only read; repeatable.")
def create(where: str, writer: tuple[str, ...], reader: tuple[str, ...]) -> None:
    """Make the log in the database at URL, or bring the one that is there up to date.

    Without a URL it is the store that `--store` or the variable of all commands names.

    Nobody who only uses the log may change or delete what is in it. A file needs no such step: it is
    made by the first command that records.

    \b
    Example:
      deciderkit store create postgresql://owner@db/shop --writer app --reader reports
    """
    if not is_address(where):
        bad_input(
            f"{shown(where)}: expected postgresql://...; a file is made by what records first"
        )
    try:
        before = create_store(where, writers=writer, readers=reader)
    except StoreFailure as error:
        bad_input(error)
    told(f"{'brought up to date' if before else 'made'}: {shown(told_place(where))}")
