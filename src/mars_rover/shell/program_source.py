"""A program from the command line or from a stream of any length, read whole before anything runs.

What is read is checked and set aside, on disk where it is long, so that one bad letter at the end of
ten million is found before the first command is carried out, and memory stays bounded.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import BinaryIO

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from mars_rover.notation import Program, ProgramCommand, commands_of, find_strange, parse_program
from mars_rover.values import Invalid, RoverId

_PIECE = 1 << 20


class ProgramSource:
    """A checked program: ``length`` letters, to be read as commands. Close it, or use ``with``."""

    def __init__(self, file: SpooledTemporaryFile[bytes], length: int) -> None:
        self._file = file
        self.length = length

    def commands(self, rover_id: RoverId) -> Iterator[ProgramCommand]:
        """The commands of the program, from the start, for one rover."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield from commands_of(Program(piece.decode("ascii")), rover_id)

    def __enter__(self) -> ProgramSource:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def from_text(text: str) -> Result[ProgramSource, Invalid]:
    """A program that was given as an argument."""
    return parse_program(text).map(_in_memory)


def from_stream(stream: BinaryIO) -> Result[ProgramSource, Invalid]:
    """A program from ``stream``, to its end; one newline there is allowed.

    Bytes are UTF-8, so that an index counts characters; ones that are not are strange letters.
    """
    file = SpooledTemporaryFile[bytes](max_size=16 * _PIECE)
    length = 0
    for piece in _pieces(stream):
        checked = find_strange(piece, length)
        if not is_successful(checked):
            file.close()
            return Failure(checked.failure())
        file.write(piece.encode("ascii"))
        length += len(piece)
    if length == 0:
        file.close()
        return Failure(parse_program("").failure())
    return Success(ProgramSource(file, length))


def _in_memory(program: Program) -> ProgramSource:
    file = SpooledTemporaryFile[bytes](max_size=len(program) + 1)
    file.write(program.encode("ascii"))
    return ProgramSource(file, len(program))


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """The text of ``stream``, less one newline at its very end."""
    decoder = getincrementaldecoder("utf-8")(errors="surrogateescape")
    newline = ""
    while piece := stream.read(_PIECE):
        text = newline + decoder.decode(piece)
        newline = "\n" if text.endswith("\n") else ""
        yield text.removesuffix("\n")
    yield decoder.decode(b"", final=True)
