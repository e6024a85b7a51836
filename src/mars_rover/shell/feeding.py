"""Letters from a file or a pipe to the batch engine, as fast as they can be had.

A file is mapped, a window at a time, so nothing is copied and no more than a few windows are held. A
pipe is read by a thread of its own while the engine works on what came before, so the slower of the
two sets the pace, and not their sum. `FilePart` is a piece of a file that is opened where it is worked
on: for hands in other processes, and on other machines that see the same file.
"""

from __future__ import annotations

import mmap
import os
import select
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, Final

WINDOW: Final = 2**26
"""Bytes of a file that are mapped at a time."""

BLOCK: Final = 2**22
"""Bytes of a pipe that are read before they are handed on: a stretch of the engine."""

_BLOCKS: Final = 4
_WIDEST_PIPE: Final = 2**20
_SHARED: Final = getattr(mmap, "MAP_SHARED", 0) | getattr(mmap, "MAP_POPULATE", 0)


def size_of(stream: BinaryIO) -> int | None:
    """How many bytes there are to come, as far as that can be known."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def letters_of(stream: BinaryIO) -> Iterator[memoryview | bytes]:
    """The bytes of ``stream`` from where it stands to its end, less one newline there."""
    newline = False
    for block in _blocks(stream):
        if newline:
            yield b"\n"
        newline = block[-1] == ord("\n")
        yield block[:-1] if newline else block


def _blocks(stream: BinaryIO) -> Iterator[memoryview]:
    try:
        file = stream.fileno()
    except OSError:
        return _read_here(stream)
    if size_of(stream) is None:
        return _read_behind(file)
    return _mapped(file, stream.tell())


def _mapped(file: int, begin: int) -> Iterator[memoryview]:
    end = os.fstat(file).st_size
    for offset in range(begin - begin % WINDOW, end, WINDOW):
        window = memoryview(_window(file, offset, min(WINDOW, end - offset)))
        if block := window[max(0, begin - offset) :]:
            yield block


def _window(file: int, offset: int, length: int) -> mmap.mmap:
    if not hasattr(mmap, "PROT_READ"):  # pragma: no cover - Windows
        return mmap.mmap(file, length, access=mmap.ACCESS_READ, offset=offset)
    return mmap.mmap(file, length, flags=_SHARED, prot=mmap.PROT_READ, offset=offset)


def _read_here(stream: BinaryIO) -> Iterator[memoryview]:
    while block := stream.read(BLOCK):
        yield memoryview(block)


def _read_behind(file: int) -> Iterator[memoryview]:
    """What comes from a pipe, read by a thread that is gone when this ends, however it ends.

    Nobody writes to a block again, so that the engine need not copy it.
    """
    with suppress(
        ImportError, AttributeError, OSError
    ):  # Fewer calls, where a pipe can be widened.
        import fcntl  # noqa: PLC0415 - there is none on Windows

        fcntl.fcntl(file, fcntl.F_SETPIPE_SZ, _WIDEST_PIPE)
    reader = _Reader(file)
    try:
        yield from reader.blocks()
    finally:
        reader.stop()


class _Reader:
    """A thread that reads ahead, a few blocks at most."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._more: SimpleQueue[bool] = SimpleQueue()
        self._full: SimpleQueue[memoryview | OSError] = SimpleQueue()
        self._stopped, self._stop = os.pipe()
        for _ in range(_BLOCKS):
            self._more.put(True)
        self._thread = Thread(target=self._read, name="mars-rover-reader", daemon=True)
        self._thread.start()

    def blocks(self) -> Iterator[memoryview]:
        """What was read, block by block, to the end."""
        while len(block := self._next()):
            yield block
            self._more.put(True)

    def stop(self) -> None:
        """End the thread, also one that waits for a pipe on which nothing comes."""
        self._more.put(False)
        os.close(self._stop)
        self._thread.join()
        os.close(self._stopped)

    def _next(self) -> memoryview:
        block = self._full.get()
        if isinstance(block, OSError):
            raise block
        return block

    def _read(self) -> None:
        """Fill blocks as long as more are wanted; the one that stays empty is the end."""
        try:
            while self._more.get():
                buffer = memoryview(bytearray(BLOCK))
                block = buffer[: self._filled(buffer)].toreadonly()
                self._full.put(block)
                if not len(block):
                    return
        except OSError as error:
            self._full.put(error)

    def _filled(self, buffer: memoryview) -> int:
        """How many bytes of the buffer were filled before it was full, or the end came."""
        filled = 0
        while filled < len(buffer):
            ready, _, _ = select.select([self._file, self._stopped], [], [])
            if self._stopped in ready:
                return 0
            count = os.readv(self._file, [buffer[filled:]])
            if not count:
                break
            filled += count
        return filled


@dataclass(frozen=True)
class FilePart:
    """Some bytes of a file, read when it is called: a piece for `simulate` with an executor."""

    path: str
    offset: int
    length: int

    def __call__(self) -> memoryview:
        """The bytes, mapped."""
        with open(self.path, "rb") as file:
            begin = self.offset - self.offset % mmap.ALLOCATIONGRANULARITY
            length = self.offset - begin + self.length
            return memoryview(_window(file.fileno(), begin, length))[self.offset - begin :]


def parts_of(path: str, length: int) -> list[FilePart]:
    """A file in parts of ``length`` bytes, less one newline at its end."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size and os.pread(file.fileno(), 1, size - 1) == b"\n":
            size -= 1
    return [FilePart(path, at, min(length, size - at)) for at in range(0, size, length)]
