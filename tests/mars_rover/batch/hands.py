"""Hands for the tests: executors that show what they were asked, and ways to cut a program up."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mars_rover.batch import ProgramLetters, encoding, hits, letters


class Elsewhere(Executor):
    """Shares no memory: what it is given and what it gives back has been through a pickle."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        try:
            sent, its = pickle.loads(pickle.dumps((work, args)))
            future.set_result(pickle.loads(pickle.dumps(sent(*its, **kwargs))))
        except Exception as error:
            future.set_exception(pickle.loads(pickle.dumps(error)))
        return future


class Breaking(Elsewhere):
    """Breaks after so many pieces of work: the next one fails, and no more are taken."""

    def __init__(self, after: int) -> None:
        self.left = after

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        if self.left < -1:
            raise BrokenExecutor("no more")
        if self.left < 0:
            future = Future[Any]()
            future.set_exception(BrokenExecutor("a worker was killed"))
            return future
        return super().submit(work, *args, **kwargs)


@contextmanager
def cut(stretch: int, part: int = 2**18, group: int = 2**12) -> Iterator[None]:
    """The engine with other sizes than its own."""
    with (
        patch.object(letters, "STRETCH", stretch),
        patch.object(encoding, "PART", part),
        patch.object(hits, "GROUP", group),
    ):
        yield


def formed(program: str, form: str, cuts: list[int]) -> ProgramLetters:
    """The same program as text, bytes, pieces, or pieces to be opened."""
    bounds = [0, *sorted(cut for cut in cuts if cut < len(program)), len(program)]
    parts = [program[begin:end] for begin, end in pairwise(bounds)]
    match form:
        case "text":
            return program
        case "bytes":
            return program.encode()
        case "pieces":
            return iter(parts)
        case _:
            return [partial(bytes, part, "latin-1") for part in parts]


@dataclass(frozen=True)
class Deadly:
    """A piece that kills the process which opens it, but for the first one and only once."""

    mark: Path
    survivor: int
    letters: bytes

    def __call__(self) -> bytes:
        if os.getpid() != self.survivor and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.letters


def deadly(mark: Path, program: bytes, size: int) -> list[Deadly]:
    """A program in pieces of some size, of which the first to be opened elsewhere is deadly."""
    return [
        Deadly(mark, os.getpid(), program[begin : begin + size])
        for begin in range(0, len(program), size)
    ]
