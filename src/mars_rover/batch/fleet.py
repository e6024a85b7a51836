"""Many rovers in one world, each with its own program; they do not see each other.

Programs are short and rovers many, so programs are laid end to end, each from a new word on, and
driven as one batch. A program that is too long for that, or a stream, is driven alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import cast

import numpy as np

from mars_rover.batch import letters as reading
from mars_rover.batch.arrival import Arrivals, arrived, joined
from mars_rover.batch.columns import LETTERS_PER_WORD, Rejected, reporting
from mars_rover.batch.engine import Members, Places, drive
from mars_rover.batch.letters import ProgramLetters, as_array, encode, known
from mars_rover.batch.single import driven
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.terrain import Terrain
from mars_rover.notation import parse_program
from mars_rover.values import Invalid, World


@reporting
def simulate_fleet(
    world: World, starts: Sequence[Start], programs: Sequence[ProgramLetters]
) -> Arrivals:
    """Where each program takes the rover that starts at the same place of ``starts``.

    Programs are of any form that `simulate` reads, and of any lengths.

    >>> from mars_rover.values import Direction, Point
    >>> origin = Point(0, 0), Direction.NORTH
    >>> fleet = simulate_fleet(World(4, 4), [origin, origin], ["RMLMM", "M"]).unwrap()
    >>> fleet[1]
    Arrival(point=Point(x=0, y=1), direction=Direction.NORTH, carried_out=1, obstacle=None)
    >>> fleet.x
    array([1, 0])
    >>> print(simulate_fleet(World(4, 4), [origin, origin], ["RM", "MX"]).failure())
    rover 1: unknown command 'X' at index 1: expected L, R or M
    """
    if isinstance(programs, str | bytes):
        raise Rejected(Invalid("programs are a single program", "a sequence of them, one a rover"))
    if len(starts) != len(programs):
        problem = f"{len(starts)} starts and {len(programs)} programs"
        raise Rejected(Invalid(problem, "as many of the one as of the other"))
    terrain = Terrain.of(world)
    try:
        return joined(_parts(terrain, placed(world, terrain, starts), programs))
    except Rejected as rejected:
        raise rejected.named() from None


def _parts(
    terrain: Terrain, places: Places, programs: Sequence[ProgramLetters]
) -> Iterator[Arrivals]:
    for first, batch in _batches(programs):
        if batch:
            yield _together(terrain, places.some(first, len(batch)), first, batch, programs)
        else:
            yield _alone(terrain, places.some(first, 1), first, programs[first])


def _batches(programs: Sequence[ProgramLetters]) -> Iterator[tuple[int, list[bytes]]]:
    """The number of a rover, and as many short programs from there on as fill a stretch, or none."""
    batch: list[bytes] = []
    size = 0
    for number, program in enumerate(programs):
        letters = _short(program)
        if batch and (letters is None or size >= reading.STRETCH):
            yield number - len(batch), batch
            batch, size = [], 0
        if letters is None:
            yield number, []
        else:
            batch.append(letters)
            size += len(letters) + LETTERS_PER_WORD
    if batch:
        yield len(programs) - len(batch), batch


def _short(program: ProgramLetters) -> bytes | None:
    """The letters of a short program, strange or not; None for what is long or has to be streamed."""
    if isinstance(program, str):
        # A character outside ASCII is as strange as the '?' that stands in for it here.
        short = len(program) <= reading.STRETCH
        return program.encode("ascii", "replace") if short else None
    if isinstance(program, bytes):
        return program if len(program) <= reading.STRETCH else None
    try:
        array = as_array(program, "program")
    except Rejected:
        return None  # Driven alone, it is rejected in its turn.
    return None if array is None or array.size > reading.STRETCH else array.tobytes()


def _together(
    terrain: Terrain,
    places: Places,
    first: int,
    batch: list[bytes],
    programs: Sequence[ProgramLetters],
) -> Arrivals:
    lengths = np.array(list(map(len, batch)))
    words = np.maximum(1, -(-lengths // LETTERS_PER_WORD))
    members = Members(np.cumsum(words) - words, words)
    padded = b"".join(map(bytes.ljust, batch, (words * LETTERS_PER_WORD).tolist(), repeat(b"\0")))
    planes = encode(np.frombuffer(padded, np.uint8))
    valid = np.add.reduceat(known(planes), members.first, dtype=np.int64)
    for number in np.flatnonzero((valid != lengths) | (lengths == 0))[:1].tolist():
        raise Rejected(_wrong(programs[first + number]), first + number)
    ends, hits = drive(planes, members, places, terrain)
    lengths[hits.member] = hits.bit - members.first[hits.member] * LETTERS_PER_WORD + 1
    return arrived(ends, hits, carried_out=lengths)


def _wrong(program: ProgramLetters) -> Invalid:
    """What is wrong with a short program that holds no letter, or a strange one."""
    text = program if isinstance(program, str) else bytes(cast(bytes, program)).decode("latin-1")
    return parse_program(text).failure()


def _alone(terrain: Terrain, places: Places, number: int, program: ProgramLetters) -> Arrivals:
    try:
        return driven(terrain, places, program)
    except Rejected as rejected:
        raise Rejected(rejected.invalid, number) from None
