"""Many rovers in one world, each with its own program; they do not see each other.

Programs are short and rovers many, so programs are laid end to end, each from a new word on, and
driven as one batch. A program that is too long for that, or a stream, is driven alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import groupby, pairwise, repeat
from operator import attrgetter
from typing import Any, Final, NamedTuple, cast

import numpy as np

from mars_rover.batch import letters as reading
from mars_rover.batch.arrival import Arrivals, alone, arrived, joined
from mars_rover.batch.bench import Bench, Benches
from mars_rover.batch.columns import (
    EAST,
    LETTERS_PER_WORD,
    NORTH,
    Bytes,
    Cells,
    Rejected,
    Whole,
    reporting,
)
from mars_rover.batch.encoding import encode, words_for
from mars_rover.batch.hits import first_hits
from mars_rover.batch.legs import Leg
from mars_rover.batch.letters import ProgramLetters, as_array
from mars_rover.batch.members import Members, Places
from mars_rover.batch.planes import last_headings
from mars_rover.batch.shell.crew import Crew, crew
from mars_rover.batch.single import driven
from mars_rover.batch.starts import Start, placed
from mars_rover.batch.terrain import Terrain, wrapped
from mars_rover.batch.walk import far, walk
from mars_rover.notation import parse_program
from mars_rover.values import Invalid, World

_LETTERS: Final = {*"LRM", *b"LRM"}


@reporting
def simulate_fleet(
    world: World,
    starts: Sequence[Start],
    programs: Sequence[ProgramLetters],
    *,
    threads: int | None = None,
    executor: Executor | None = None,
    ahead: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Arrivals:
    """Where each program takes the rover that starts at the same place of ``starts``.

    Programs are of any form that `simulate` reads, and of any lengths. ``threads``, ``executor`` and
    ``ahead`` are those of `simulate`; ``progress`` is told of each number of rovers that are done.

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
    with crew(threads, executor, ahead) as hands:
        try:
            places = placed(world, terrain, starts)
            return joined(_told(_parts(terrain, places, programs, hands), progress))
        except Rejected as rejected:
            raise rejected.named() from None


def _told(parts: Iterable[Arrivals], progress: Callable[[int], None] | None) -> Iterator[Arrivals]:
    for part in parts:
        if progress is not None:
            progress(len(part))
        yield part


def _parts(
    terrain: Terrain, places: Places, programs: Sequence[ProgramLetters], hands: Crew
) -> Iterator[Arrivals]:
    """The arrivals of the fleet, batch by batch, in order."""
    drive = _Drivers(terrain).drive if hands.shares_memory else partial(_sent, terrain.world)
    for together, some in groupby(_batches(programs), key=attrgetter("together")):
        if together:
            given = ((batch, places.some(batch.first, len(batch.programs))) for batch in some)
            try:
                yield from (part for _, part in hands.in_order(drive, given))
            except Rejected as rejected:
                # The batch held bytes; the program as it came says which character is strange.
                raise Rejected(_wrong(programs[rejected.member]), rejected.member) from None
        else:
            yield from (_alone(terrain, places, batch.first, programs, hands) for batch in some)


class Batch(NamedTuple):
    """Short programs that follow each other in a fleet, from the rover ``first`` on, or a long one."""

    first: int
    programs: list[str] | list[bytes]
    lengths: Whole
    together: bool


def _batches(programs: Sequence[ProgramLetters]) -> Iterator[Batch]:
    """The programs in order, as many short ones at a time as fill a stretch."""
    shorts, lengths = _shortened(programs)
    together = (lengths >= 0) & (lengths <= reading.STRETCH)
    room = np.where(together, np.maximum(lengths, 1), 0) + LETTERS_PER_WORD
    stretch = np.cumsum(room) // reading.STRETCH
    cut = np.ones(len(shorts), np.bool_)
    cut[1:] = (stretch[1:] != stretch[:-1]) | ~together[1:] | ~together[:-1]
    for first, end in pairwise([*np.flatnonzero(cut).tolist(), len(shorts)]):
        yield Batch(first, list(shorts[first:end]), lengths[first:end], bool(together[first]))


def _shortened(programs: Sequence[ProgramLetters]) -> tuple[Sequence[Any], Whole]:
    """The programs, all text or all bytes, and their lengths, -1 for those that have to be streamed."""
    kinds = set(map(type, programs))
    if kinds not in ({str}, {bytes}):
        programs = list(map(_as_bytes, programs))
        return programs, np.array(
            [len(each) if isinstance(each, bytes) else -1 for each in programs], np.int64
        )
    return programs, np.fromiter(map(len, cast(Sequence[str], programs)), np.int64, len(programs))


def _as_bytes(program: ProgramLetters) -> ProgramLetters:
    if isinstance(program, bytes) or callable(program):
        return program
    if isinstance(program, str):
        return program if len(program) > reading.STRETCH else program.encode("ascii", "replace")
    try:
        array = as_array(program, "program")
    except Rejected:
        return program  # Driven alone, it is rejected in its turn.
    return program if array is None or array.size > reading.STRETCH else array.tobytes()


class _Drivers:
    """Drive batches in this process."""

    def __init__(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._benches = Benches()

    def drive(self, batch: Batch, places: Places) -> Arrivals:
        bench = self._benches.take()
        arrivals = _driven_together(self._terrain, batch, places, bench)
        self._benches.give(bench)
        return arrivals


def _sent(world: World, batch: Batch, places: Places) -> Arrivals:
    """Drive a batch where it was sent to."""
    return _driven_together(Terrain.of(world), batch, places, Bench())


def _driven_together(terrain: Terrain, batch: Batch, places: Places, bench: Bench) -> Arrivals:
    """Where the members of a batch get to, each from its place."""
    lengths = batch.lengths.copy()
    words = np.maximum(1, words_for(lengths))
    members = Members(np.cumsum(words) - words, words)
    planes = encode(_laid_out(batch.programs, lengths, words), bench) if lengths.all() else None
    if planes is None:
        raise _first_wrong(batch)
    way = walk(planes, members, places.heading, bench)
    # The programs are filled up with turns to the left; these are undone.
    turn = last_headings(way.headings, members.last) - lengths & 3
    right, up = (np.add.reduceat(by, members.first, dtype=np.int64) for by in far(way.counts))
    x, y = places.x + right, places.y + up
    hits = first_hits(way, members, places, 0, terrain)
    x[hits.member] = hits.x - EAST.take(hits.heading)
    y[hits.member] = hits.y - NORTH.take(hits.heading)
    turn[hits.member] = hits.heading
    lengths[hits.member] = hits.bit - members.first[hits.member] * LETTERS_PER_WORD + 1
    return arrived(_on_grid(x, y, turn, terrain), hits, lengths)


def _on_grid(x: Cells, y: Cells, heading: Whole, terrain: Terrain) -> Places:
    return Places(
        wrapped(x.astype(np.int64), terrain.width),
        wrapped(y.astype(np.int64), terrain.height),
        heading.astype(np.uint8),
    )


def _laid_out(programs: list[str] | list[bytes], lengths: Whole, words: Whole) -> Bytes:
    """The letters of a batch, each program filled up with L to the end of its last word."""
    length, size = int(lengths[0]), int(words[0]) * LETTERS_PER_WORD
    if np.all(lengths == length):  # Nobody needs to be looked at alone.
        letters = np.full((lengths.size, size), ord("L"), np.uint8)
        letters[:, :length] = _end_to_end(programs).reshape(-1, length)
        return letters.ravel()
    sizes = (words * LETTERS_PER_WORD).tolist()
    if isinstance(programs[0], str):
        return _end_to_end(list(map(str.ljust, programs, sizes, repeat("L"))))
    return _end_to_end(list(map(bytes.ljust, programs, sizes, repeat(b"L"))))


def _end_to_end(programs: list[str] | list[bytes]) -> Bytes:
    if isinstance(programs[0], str):
        # A character outside ASCII is as strange as the '?' that stands in for it here.
        return np.frombuffer("".join(programs).encode("ascii", "replace"), np.uint8)
    return np.frombuffer(b"".join(programs), np.uint8)


def _first_wrong(batch: Batch) -> Rejected:
    """What is wrong with the first program that holds no letter, or a strange one."""
    wrong = (
        Rejected(_wrong(cast(bytes, program)), batch.first + number)
        for number, program in enumerate(batch.programs)
        if set(program) - _LETTERS or not program
    )
    return next(wrong)


def _wrong(program: ProgramLetters) -> Invalid:
    """What is wrong with a short program that holds no letter, or a strange one."""
    text = program if isinstance(program, str) else bytes(cast(bytes, program)).decode("latin-1")
    return parse_program(text).failure()


def _alone(
    terrain: Terrain, places: Places, number: int, programs: Sequence[ProgramLetters], hands: Crew
) -> Arrivals:
    x, y, heading = (int(column[number]) for column in places)
    try:
        return alone(driven(terrain, Leg(0, heading, x, y), programs[number], hands))
    except Rejected as rejected:
        raise Rejected(rejected.invalid, number) from None
