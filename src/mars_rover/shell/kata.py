"""Somebody's kata as a function that always answers: in a process of its own, within a time limit."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Final

from msgspec import Struct

from mars_rover.notation import Program
from mars_rover.shell.kata_worker import Unusable, serve
from mars_rover.values import Direction, Point, World

LOADING: Final = 30.0
"""How many seconds a module has to be imported."""

PATIENCE: Final = 20
"""How many hangs are sat out: the search for a smaller example must end as well."""


class Question(Struct, frozen=True):
    """What a kata is asked: a program in a world, and where the rover stands and looks."""

    program: Program
    world: World
    point: Point
    direction: Direction

    @property
    def start(self) -> str:
        """The start as text."""
        return f"{self.point.x}:{self.point.y}:{self.direction.value}"


class Came(Struct, frozen=True):
    """What came: ``ended`` is text, other, raised, hung or died; ``printed`` is what it printed."""

    ended: str
    text: str
    printed: str = ""


class Kata:
    """The function that ``target`` names. Raises `Unusable` where there is none to be asked.

    The process is started anew after every hang.
    """

    def __init__(self, target: str, timeout: float) -> None:
        self._target = target
        self._timeout = timeout
        self._answers: dict[Question, Came] = {}
        self._hangs = 0
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self.takes = frozenset(self._start())

    def __enter__(self) -> Kata:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def asked(self) -> int:
        """How many different questions were asked."""
        return len(self._answers)

    @property
    def printed(self) -> str:
        """Something that it printed, if it ever did."""
        return next((came.printed for came in self._answers.values() if came.printed), "")

    def ask(self, question: Question) -> Came | None:
        """What comes of ``question``; None where it was not asked, because too much hung before."""
        if question in self._answers:
            return self._answers[question]
        if self._hangs >= PATIENCE:
            return None
        came = self._asked(question)
        self._answers[question] = came
        return came

    def arguments(self, question: Question) -> dict[str, Any]:
        """What the kata is called with besides the program."""
        obstacles = [(cell.x, cell.y) for cell in sorted(question.world.obstacles)]
        offered = {
            "grid": (question.world.width, question.world.height),
            "obstacles": obstacles,
            "start": question.start,
        }
        return {name: value for name, value in offered.items() if name in self.takes}

    def _asked(self, question: Question) -> Came:
        if self._connection is None:
            self._start()
        assert self._connection is not None
        self._connection.send((str(question.program), self.arguments(question)))
        try:
            # The first hang has shown itself; the search for a smaller one need not wait as long.
            if self._connection.poll(self._timeout / 10 if self._hangs else self._timeout):
                return Came(*self._connection.recv())
        except EOFError:
            self._stop()
            return Came("died", "its process ended")
        self._hangs += 1
        self._stop()
        return Came("hung", f"nothing within {self._timeout:g} s")

    def _start(self) -> tuple[str, ...]:
        context = get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other, self._target), daemon=True)
        self._process.start()
        other.close()
        try:
            if not self._connection.poll(LOADING):
                raise Unusable(f"{self._target} was not imported within {LOADING:g} s")
            said, what = self._connection.recv()
        except EOFError:
            said, what = "unusable", f"the process that imported {self._target} ended"
        except Unusable:
            self._stop()
            raise
        if said == "unusable":
            self._stop()
            raise Unusable(what)
        takes: tuple[str, ...] = what
        return takes

    def _stop(self) -> None:
        if self._process is not None and self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = None
