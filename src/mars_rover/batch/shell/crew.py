"""The hands that work is given to: threads of this machine, or whoever else takes pieces of work.

Nothing here changes an answer, only how soon it comes. Work is given out in order and its results
are taken in order, a bounded number of pieces ahead, so that memory does not grow with the program.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, ParamSpec, TypeVar

from mars_rover.batch.columns import Rejected
from mars_rover.values import Invalid

FAR_AHEAD: Final = 32
"""Pieces that are given to an executor whose number of hands is not known."""

P = ParamSpec("P")
T = TypeVar("T")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - macOS and Windows do not say it more precisely


class Here(Executor):
    """Does each piece of work at once, in the thread that gives it."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of ``work``, done or failed."""
        future = Future[T]()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Crew:
    """An executor, and how many pieces of work may be ``ahead`` of the one whose result is awaited."""

    def __init__(self, executor: Executor, ahead: int) -> None:
        self._executor = executor
        self._ahead = ahead
        self.shares_memory = isinstance(executor, Here | ThreadPoolExecutor)

    def in_order(
        self, work: Callable[..., T], pieces: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[tuple[Any, ...], T]]:
        """Each of the ``pieces``, the arguments of ``work``, with what it gives, in their order.

        If the pieces come to an end with `Rejected`, this is raised after the results of those
        before it. Work whose executor breaks is done here, so a worker that is killed changes nothing.
        """
        ahead: deque[tuple[Future[T], tuple[Any, ...]]] = deque()
        rejected: list[Rejected] = []
        try:
            for piece in _until_rejected(pieces, rejected):
                ahead.append((self._given(work, piece), piece))
                if len(ahead) > self._ahead:
                    yield _done(work, *ahead.popleft())
            while ahead:
                yield _done(work, *ahead.popleft())
        finally:
            for future, _ in ahead:
                future.cancel()
        for reason in rejected:
            raise reason

    def _given(self, work: Callable[..., T], piece: tuple[Any, ...]) -> Future[T]:
        try:
            return self._executor.submit(work, *piece)
        except BrokenExecutor:
            return Here().submit(work, *piece)


def _until_rejected(pieces: Iterable[T], rejected: list[Rejected]) -> Iterator[T]:
    """The pieces up to where they end with `Rejected`, which is put on the list."""
    try:
        yield from pieces
    except Rejected as error:
        rejected.append(error)


def _done(
    work: Callable[..., T], future: Future[T], piece: tuple[Any, ...]
) -> tuple[tuple[Any, ...], T]:
    try:
        return piece, future.result()
    except BrokenExecutor:
        return piece, work(*piece)


@contextmanager
def crew(threads: int | None, executor: Executor | None, ahead: int | None) -> Iterator[Crew]:
    """The crew of ``executor``; else one of so many threads, which are gone at the end."""
    for what, count, least in (("threads", threads, 1), ("ahead", ahead, 0)):
        if count is not None and count < least:
            raise Rejected(Invalid(f"{what} {count}", f"at least {least}"))
    if executor is not None:
        yield Crew(executor, FAR_AHEAD if ahead is None else ahead)
        return
    hands = cores() if threads is None else threads
    if hands == 1:
        yield Crew(Here(), 0)
        return
    with ThreadPoolExecutor(hands, thread_name_prefix="mars-rover") as pool:
        try:
            yield Crew(pool, hands + 1 if ahead is None else ahead)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
