"""Somebody's kata as a function that always answers, within a time, and is asked everything once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deciderkit.shell.closing import Closing
from mars_rover.shell.kata.kata_warden.worker import Unusable
from mars_rover.shell.kata.process import Ended, Process, Said, Silent
from mars_rover.shell.kata.question import Came, Question

LOADING: Final = 30.0
"""How many seconds a module has to be imported."""

PATIENCE: Final = 20
"""How many hangs are sat out: the search for a smaller example must end as well."""

DEATHS: Final = 60
"""How often its process is started anew because the kata ended it."""


class Kata(Closing):
    """The function that ``target`` names. Raises `Unusable` where there is none to be asked.

    Its process is started anew after every hang and every death.
    """

    def __init__(self, target: str, timeout: float) -> None:
        self._target = target
        self._timeout = timeout
        self._answers: dict[Question, Came] = {}
        self._before: dict[Question, int] = {}
        self._order: list[Question] = []
        self._first = self._number = 0
        self._hangs = self._deaths = 0
        self._process: Process | None = None
        self.takes = frozenset(self._start().takes)

    def close(self) -> None:
        """End its process."""
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
        """What comes of ``question``; None where it was not asked, as too much hung or died before."""
        if question in self._answers:
            return self._answers[question]
        if self._hangs >= PATIENCE or self._deaths >= DEATHS:
            return None
        self._before[question] = self._first if self._process else len(self._order)
        came = self._asked(question)
        self._order.append(question)
        self._answers[question] = came
        return came

    def before(self, question: Question) -> list[Question]:
        """What the process that answered ``question`` was asked before that."""
        return self._order[self._before[question] : self._order.index(question)]

    def alone(self, questions: Sequence[Question]) -> Came:
        """What comes of the last of ``questions``, asked one after the other in a fresh process."""
        self._stop()
        came = [self._asked(question) for question in questions]
        self._stop()
        return came[-1]

    def _asked(self, question: Question) -> Came:
        # The first hang has shown itself; the search for a smaller one need not wait as long.
        seconds = self._timeout / 10 if self._hangs else self._timeout
        self._number += 1
        try:
            if self._process is None:
                self._start()
            assert self._process is not None
            arguments = question.arguments(self.takes)
            said = self._process.ask(self._number, str(question.program), arguments, seconds)
            return Came(said.ended, said.text, said.printed)
        except Silent:
            self._hangs += 1
            came = Came("hung", f"nothing within {self._timeout:g} s")
        except (Ended, Unusable) as why:
            self._deaths += 1
            came = Came("died", str(why))
        self._stop()
        return came

    def _start(self) -> Said:
        """Start a process; what it says first is what the kata takes."""
        self._first = len(self._order)
        self._process = Process(self._target)
        try:
            said = self._process.hear(LOADING)
        except Silent:
            self._stop()
            raise Unusable(f"{self._target} was not imported within {LOADING:g} s") from None
        except Ended as why:
            self._stop()
            raise Unusable(f"the process that imported {self._target} ended: {why}") from None
        except BaseException:
            self._stop()
            raise
        if said.unusable:
            self._stop()
            raise Unusable(said.unusable)
        return said

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None
