"""A program from the command line or from a stream of any length, read whole before anything runs.

What is read is checked and set aside, on disk where it is long, so that one bad letter at the end of
ten million is found before the first command is carried out, and memory stays bounded. White space
around a program is nobody's letter, so that a file from any system will do.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final, Protocol

from returns.result import Failure, Result, Success

from deciderkit.shell.closing import Closing
from mars_rover.notation import Program, ProgramCommand, commands_of, find_strange, parse_program
from mars_rover.values import Invalid, RoverId

_PIECE: Final = 1 << 20
_AROUND: Final = " \t\r\n"


class Readable(Protocol):
    """What bytes are read from, a piece at a time."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, up to ``size``; none at the end."""


class ProgramSource(Closing):
    """A checked program: ``length`` letters, to be read as commands. Close it, or use ``with``."""

    def __init__(self, file: SpooledTemporaryFile[bytes], length: int) -> None:
        self._file = file
        self.length = length

    def commands(self, rover_id: RoverId) -> Iterator[ProgramCommand]:
        """The commands of the program, from the start, for one rover."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield from commands_of(Program(piece.decode("ascii")), rover_id)

    def letters(self, after: int, most: int) -> str:
        """Up to ``most`` letters behind the first ``after``."""
        self._file.seek(after)
        return self._file.read(most).decode("ascii")

    def command(self, index: int, rover_id: RoverId) -> ProgramCommand:
        """The command in place ``index``, from 0."""
        return next(commands_of(Program(self.letters(index, 1)), rover_id))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def from_text(text: str) -> Result[ProgramSource, Invalid]:
    """A program that was given as an argument."""
    return _from_pieces(iter([text]))


def from_stream(stream: Readable) -> Result[ProgramSource, Invalid]:
    """A program from ``stream``, to its end.

    Bytes are UTF-8, so that an index counts characters; ones that are not are strange letters.
    """
    return _from_pieces(_decoded(stream))


def _from_pieces(pieces: Iterator[str]) -> Result[ProgramSource, Invalid]:
    file = SpooledTemporaryFile[bytes](max_size=16 * _PIECE)
    length = 0
    for offset, letters in _within(pieces):
        checked = find_strange(letters, offset)
        if isinstance(checked, Failure):
            file.close()
            return Failure(checked.failure())
        file.write(letters.encode("ascii"))
        length += len(letters)
    if length == 0:
        file.close()
        return Failure(parse_program("").failure())
    return Success(ProgramSource(file, length))


def _decoded(stream: Readable) -> Iterator[str]:
    decoder = getincrementaldecoder("utf-8")(errors="surrogateescape")
    while piece := stream.read(_PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _within(pieces: Iterator[str]) -> Iterator[tuple[int, str]]:
    """The text between the white space around it, each piece with its place in the whole.

    White space may turn out to stand inside: of a run of it only its beginning is remembered.
    """
    begun, read, held = False, 0, ("", 0)
    for piece in pieces:
        text = piece if begun else piece.lstrip(_AROUND)
        start = read + len(piece) - len(text)
        read += len(piece)
        letters = text.rstrip(_AROUND)
        if letters:
            if held[0]:
                yield held[1], held[0]
            yield start, letters
            begun, held = True, ("", 0)
        if begun and not held[0] and len(letters) < len(text):
            held = (text[len(letters)], start + len(letters))
