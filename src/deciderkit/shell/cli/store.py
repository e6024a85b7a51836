"""Where a command finds its store, how it is opened, and what is said of it at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import click
from returns.result import Success

from deciderkit.log.answers import StoreFailure
from deciderkit.log.errors import CorruptEvent
from deciderkit.log.port import EventStore
from deciderkit.shell.cli.bound import Bound, Written, bound
from deciderkit.shell.cli.edge import Exit, Stop, bad_input, in_words
from deciderkit.shell.program import Program
from deciderkit.shell.stores.opening import open_store

F = TypeVar("F", bound=Callable[..., Any])


class StoreOption(click.Option):
    """``--store``, or the variable of the command line that the command stands in."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """The store that the command line itself was given, or that its variable names."""
        return _said_before(ctx)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The help, with the variable."""
        record, shared = super().get_help_record(ctx), ctx.find_object(Bound)
        if record is None or shared is None:
            return record
        return record[0], f"{record[1]}  [env: {shared.store_variable}]"


class StoreArgument(click.Argument):
    """An address of a store, or else the variable of the command line that the command stands in."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """The store that the command line itself was given, or that its variable names."""
        return _said_before(ctx)


def _said_before(ctx: click.Context) -> str | None:
    shared = ctx.find_object(Bound)
    if shared is None:
        return None
    return shared.store or os.environ.get(shared.store_variable) or None


def store_option(command: F) -> F:
    """``--store WHERE`` for ``command``."""
    words = "The file that holds the log; `:memory:` for one that is gone at the end."
    return click.option("--store", cls=StoreOption, metavar="WHERE", help=words)(command)


def until_option(words: str = "As it was after this place in the log.") -> Callable[[F], F]:
    """``--until POSITION``, as ``position``."""
    position = click.IntRange(0, 2**63 - 1)
    return click.option("--until", "position", type=position, metavar="POSITION", help=words)


@contextmanager
def opened(
    where: str | None, *, create: bool = False, writes: bool = False
) -> Iterator[tuple[Program, EventStore]]:
    """The program and its log; what cannot be opened stops as bad input, a damaged one as corrupt.

    With ``create`` a log is made where there is none. What a command that ``writes`` (or creates) did
    to the log is noted on every way out.
    """
    shared = bound()
    program = shared.program
    if not where:
        bad_input(f"no store: expected --store FILE, or {shared.store_variable}")
    with ExitStack() as stack:
        try:
            store = stack.enter_context(open_store(where, program.codec, create=create))
        except StoreFailure as error:
            bad_input(error)
        except CorruptEvent as error:
            raise Stop(str(error), Exit.CORRUPT_LOG) from None
        before = _head(store)
        try:
            with in_words():
                yield program, store
        finally:
            if create or writes:
                shared.written = Written(where, before, max(before, _head(store)))


def _head(store: EventStore) -> int:
    """The place of the last event, as far as the store can tell."""
    head = store.head()
    return head.unwrap() if isinstance(head, Success) else 0
