"""What all commands of one command line share: whose it is, its program, and what it did to a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import click

from deciderkit.log.places import told_place
from deciderkit.picture.lines import Lines
from deciderkit.picture.spelling import Spelling
from deciderkit.picture.telling import Picture
from deciderkit.plain import shown
from deciderkit.shell.cli.edge import counted
from deciderkit.shell.program import Program


class Written(NamedTuple):
    """A store, and the places of the last event in it before and after a command."""

    where: str
    before: int
    after: int

    def __str__(self) -> str:
        count, last = self.after - self.before, f"the last at position {self.after}"
        verb = "was" if count == 1 else "were"
        return (
            f"{counted(count, 'event')} {verb} recorded in {shown(told_place(self.where))}, {last}"
        )


@dataclass
class Bound:
    """The command line ``name``: how its program is found, and the variable that names its store.

    ``spelling`` is how it says messages, states and values of some types in a few words, ``picture`` how
    its pages draw the states of an aggregate.
    """

    name: str
    store_variable: str
    load: Callable[[], Program]
    spelling: Callable[[], Spelling] = dict
    picture: Callable[[], Picture | None] = lambda: None
    store: str | None = None
    board: str | None = None
    written: Written | None = field(default=None, init=False)
    go_on: str = field(default="", init=False)
    """What to say to somebody whose command was interrupted."""

    @cached_property
    def program(self) -> Program:
        """The program, with a delivery for all that an external system hears."""
        program = self.load()
        deliveries = dict(program.deliveries)
        for external in program.board.externals:
            for event in external.hears:
                if event not in deliveries:
                    deliveries[event] = _line_for(external.name)
        return replace(program, deliveries=deliveries)

    @cached_property
    def lines(self) -> Lines:
        """What makes a line of a message."""
        return Lines(self.program.board, self.spelling())

    def spell(self, value: Any) -> str:
        """A state or a value in a few words."""
        return self.lines.spell(value)

    def went(self) -> str:
        """What was done to a store, for somebody who got no answer; nothing if it is as it was."""
        written = self.written
        if written is None or written.after == written.before:
            return "; nothing was recorded" if written else ""
        look = f"see `{self.name} log --after {written.before} --store {shown(told_place(written.where))}`"
        return f"; {written}: {look}{self.go_on}"


def bound() -> Bound:
    """The one that the running command belongs to."""
    found = click.get_current_context().find_object(Bound)
    assert found is not None
    return found


def _line_for(external: str) -> Callable[[Any, str], None]:
    """A delivery for a program that has none: a line on stderr says what the system would be told."""

    def deliver(event: Any, key: str) -> None:
        click.echo(f"[{shown(external)}] {shown(str(event))}", err=True)

    return deliver
