"""The engine once more as plain loops, which go over the letters once, for a compiler to make fast.

numpy does one operation on a whole column at a time, and each is a trip of that column through memory.
These loops do all of them on a few words while these are in registers and in the first cache. The
arithmetic is that of `encoding`, `planes`, `walk` and `hits`, which stay the reference:

1. `survey` makes planes of letters and headings of planes, 512 words at a time, and counts the steps.
   Where obstacles are to be looked for, it notes for each word how far that gets, in four bytes.
2. `search` follows these notes from where the stretch begins, and looks closer at the words that come
   near an obstacle: at their bytes, and at the steps of a byte.

All of it is Python that runs as it stands, and so it is tested; `shell.native` has it compiled by numba.
It is written for that: numbers keep their type, rows are taken one by one so that the compiler sees no
gaps in them, and what can be done without branches is, so that it does eight rounds of a loop at once.
What is compiled stands in this one file, since numba compiles anew when the file changes.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from mars_rover.batch.columns import Bytes, Column, Notes, Small, Whole, Words

BLOCK: Final = 128
"""Words surveyed at a time: their letters and planes stay in the first cache of a core."""

GROUP: Final = 4096
"""Words searched at a time: enough for the room that they need to be had cheaply."""

ALL_L: Final = np.uint64(0x4C4C4C4C4C4C4C4C)
_BYTE: Final = np.uint64(0xFF)
_ONES: Final = np.uint64(0x0101010101010101)
_SAME: Final = np.uint64(0x0E0E0E0E0E0E0E0E)
_CLEAR: Final = np.uint64(0xE0E0E0E0E0E0E0E0)
_1, _2, _4, _8, _16, _32 = (np.uint64(1 << power) for power in range(6))
_7, _14, _28, _63 = np.uint64(7), np.uint64(14), np.uint64(28), np.uint64(63)


class Tiles(NamedTuple):
    """A `Sieve`: a row of tiles after the other."""

    shortfall: Bytes
    rows: int
    columns: int
    shift: int
    unknown: int


class Ground(NamedTuple):
    """The sides of a world, and its sieves."""

    width: int
    height: int
    coarse: Tiles
    fine: Tiles
    cells: Tiles


def survey(octets: Words, notes: Notes) -> tuple[int, int, int, int]:
    """What letters do to a rover that looks north: its heading, all, eastern and southern steps.

    The letters come eight at a time, and fill their last word. If one of them is strange, the heading
    is -1. There are ``notes`` for all the words, or for none.

    >>> letters = b"RMLMM".ljust(64, b"L")
    >>> survey(np.frombuffer(letters, np.uint64), np.empty((4, 0), np.int8))
    (1, 3, 1, 0)
    """
    right, up, reach, last = notes[0], notes[1], notes[2], notes[3]
    planes = np.empty((3, BLOCK), np.uint64)
    moves, low, high = planes[0], planes[1], planes[2]
    low_before = high_before = steps = eastern = southern = 0
    for begin in range(0, octets.size // 8, BLOCK):
        end = min(begin + BLOCK, octets.size // 8)
        move, odd, back = moves[: end - begin], low[: end - begin], high[: end - begin]
        if not encode(octets[8 * begin : 8 * end], move.view(np.uint8), back.view(np.uint8)):
            return -1, 0, 0, 0
        for at in range(move.size):
            odd[at] = summed(~move[at])
        low_before = carry(odd.view(np.int64), low_before)
        for at in range(move.size):
            back[at] = summed(back[at] ^ (~move[at] & odd[at]))
        high_before = carry(back.view(np.int64), high_before)
        for at in range(move.size):
            steps += ones(move[at])
            eastern += ones((odd[at] ^ back[at]) & move[at])
            southern += ones(back[at] & move[at])
        if notes.shape[1]:
            way = move, odd, back
            note(way, right[begin:end], up[begin:end], reach[begin:end], last[begin:end])
    return int(low_before & 1) + 2 * int(high_before & 1), steps, eastern, southern


def search(
    octets: Words, notes: Notes, word: int, place: Whole, ground: Ground
) -> tuple[Whole, int]:
    """Steps that may end on an obstacle, from a ``word`` of the stretch on, and where to go on.

    The steps are four rows: letters, cells by x and y, and headings. Either there are some, or the
    stretch is at its end. ``place`` is where the word begins, and by how many quarters the stretch is
    turned; it is kept up to date.
    """
    steps = np.empty((4, 0), np.int64)
    while word < notes.shape[1] and not steps.shape[1]:
        end = min(word + GROUP, notes.shape[1])
        words = near_words(notes, word, end, place, ground)
        steps = near_steps(octets, words, ground)
        word = end
    return steps, word


def ones(word: np.uint64) -> int:
    """How many bits of a word are set; compiled, it is an instruction of the processor."""
    return int(np.bitwise_count(word))


def gathered(octet: np.uint64) -> np.uint64:
    """The lowest bits of eight bytes side by side, that of the first one in the lowest bit.

    >>> bin(gathered(np.uint64(0x01_00_00_00_00_00_01_01)))
    '0b10000011'
    """
    bits = octet & _ONES
    bits |= bits >> _7
    bits |= bits >> _14
    return (bits | bits >> _28) & _BYTE


def strange(octet: np.uint64) -> np.uint64:
    """Zero if eight letters, with the bits of L flipped in each, are all of the alphabet.

    So flipped, an L is 0, an M is 1 and an R is 0b11110: bits 1 to 4 are all the same, those above
    are clear, and bit 0 is not set beside bit 1.

    >>> [int(strange(np.uint64(ord(letter) ^ ord("L")))) for letter in "LMRSX"]
    [0, 0, 0, 1, 14]
    """
    above = octet >> _1
    return ((octet ^ above) & _SAME) | (octet & _CLEAR) | (octet & above & _ONES)


def encode(octets: Words, moves: Bytes, rights: Bytes) -> bool:
    """Fill in the planes of letters, eight of them to a byte; False if one of them is strange."""
    wrong = ALL_L & ~ALL_L
    for at in range(octets.size):
        octet = octets[at] ^ ALL_L
        wrong |= strange(octet)
        moves[at] = gathered(octet)
        rights[at] = gathered(octet >> _1)
    return not wrong


def summed(word: np.uint64) -> np.uint64:
    """Each bit the xor of itself and of all those before it, by doubling.

    >>> bin(summed(np.uint64(0b100100)) & np.uint64(0b111111))
    '0b11100'
    """
    word ^= word << _1
    word ^= word << _2
    word ^= word << _4
    word ^= word << _8
    word ^= word << _16
    return word ^ word << _32


def carry(words: Whole, before: int) -> int:
    """Flip all of a word where the last bit before it is set; gives the last bit of all, 64 times.

    The words are signed, since a shift of a signed number copies its highest bit.
    """
    for at in range(words.size):
        words[at] ^= before
        before = words[at] >> 63
    return before


def note(
    planes: tuple[Words, Words, Words], right: Small, up: Small, reach: Small, last: Small
) -> None:
    """Note how far words get to the right and up, how far from their middle, and the last headings.

    The planes are the moves, and the low and the high bits of the headings.
    """
    moves, low, high = planes
    for at in range(moves.size):
        eastern, southern = (low[at] ^ high[at]) & moves[at], high[at] & moves[at]
        steps, along = ones(moves[at]), ones(eastern ^ southern)
        east, south = ones(eastern), ones(southern)
        right[at] = np.int8(east - south)
        up[at] = np.int8(steps - east - south)
        reach[at] = np.int8((max(along, steps - along) + 1) >> 1)
        last[at] = np.int8(low[at] >> _63 | (high[at] >> _63) << _1)


def middles(ways: Small, sign: int, place: int, middle: Whole) -> int:
    """Fill in the middles of some words along an axis; gives the place of their end."""
    for at in range(ways.size):
        way = sign * ways[at]
        place += way
        middle[at] = place - (way >> 1)
    return place


def wrap(places: Whole, side: int) -> None:
    """Bring places on the endless plane back into ``0 .. side - 1``; mostly they are there already."""
    outside = 0
    for at in range(places.size):
        outside |= places[at] | side - 1 - places[at]
    if outside < 0:
        for at in range(places.size):
            places[at] %= side


def sift(tiles: Tiles, x: Whole, y: Whole, reach: Column) -> Whole:
    """Which of some cells on the grid may have an obstacle within reach, as `Sieve.near` tells it."""
    shortfall, rows, columns, shift, unknown = tiles
    tile, which = np.empty(x.size, np.int64), np.empty(x.size, np.int64)
    for at in range(x.size):
        tile[at] = (y[at] >> shift & rows - 1) * columns + (x[at] >> shift & columns - 1)
    count = 0
    for at in range(x.size):
        if shortfall[tile[at]] + int(reach[at]) >= unknown:
            which[count] = at
            count += 1
    return which[:count]


def near_words(notes: Notes, begin: int, end: int, place: Whole, ground: Ground) -> Whole:
    """Words that come near an obstacle: their numbers, where they begin, and with which heading."""
    x, y = np.empty(end - begin, np.int64), np.empty(end - begin, np.int64)
    quarters = place[2]
    by_x, by_y = notes[quarters & 1][begin:end], notes[~quarters & 1][begin:end]
    reach, last = notes[2][begin:end], notes[3]
    east, north = 1 - (quarters & 2), 1 - (quarters + 1 & 2)
    place[0] = middles(by_x, east, place[0], x)
    place[1] = middles(by_y, north, place[1], y)
    wrap(x, ground.width)
    wrap(y, ground.height)
    near = sift(ground.coarse, x, y, reach)
    near = near[sift(ground.fine, x[near], y[near], reach[near])]
    words = np.empty((4, near.size), np.int64)
    for number in range(near.size):
        at = near[number]
        word, way_x, way_y = begin + at, east * by_x[at], north * by_y[at]
        words[0, number] = word
        words[1, number] = x[at] + (way_x >> 1) - way_x
        words[2, number] = y[at] + (way_y >> 1) - way_y
        words[3, number] = (int(last[word - 1]) if word else 0) + quarters & 3
    return words


def way_of(octets: Words, heading: int) -> tuple[np.uint64, np.uint64, np.uint64]:
    """The steps of a word, the eastern and the southern ones, if it looks to ``heading`` at first."""
    moves = rights = ALL_L & ~ALL_L
    for at in range(7, -1, -1):
        octet = octets[at] ^ ALL_L
        moves = moves << _8 | gathered(octet)
        rights = rights << _8 | gathered(octet >> _1)
    low = summed(~moves)
    if heading & 1:
        low = ~low
    high = summed(rights ^ (~moves & low))
    if heading & 2:
        high = ~high
    return moves, (low ^ high) & moves, high & moves


def near_octets(ways: Words, words: Whole, ground: Ground) -> Whole:
    """Bytes of some words that come near: their numbers, and where they begin."""
    x, y = np.empty(8 * words.shape[1], np.int64), np.empty(8 * words.shape[1], np.int64)
    reach = np.empty(8 * words.shape[1], np.int8)
    for number in range(words.shape[1]):
        at_x, at_y = words[1, number], words[2, number]
        moves, eastern, southern = ways[0, number], ways[1, number], ways[2, number]
        for at in range(8 * number, 8 * number + 8):
            steps, east = ones(moves & _BYTE), ones(eastern & _BYTE)
            south, along = ones(southern & _BYTE), ones((eastern ^ southern) & _BYTE)
            # No step is further from where the byte begins than there are steps along an axis.
            x[at], y[at], reach[at] = at_x, at_y, max(along, steps - along)
            at_x, at_y = at_x + east - south, at_y + steps - east - south
            moves, eastern, southern = moves >> _8, eastern >> _8, southern >> _8
    wrap(x, ground.width)
    wrap(y, ground.height)
    near = sift(ground.fine, x, y, reach)
    found = np.empty((3, near.size), np.int64)
    for number in range(near.size):
        at = near[number]
        found[0, number], found[1, number], found[2, number] = at, x[at], y[at]
    return found


def near_steps(octets: Words, words: Whole, ground: Ground) -> Whole:
    """Steps of some words that may end on an obstacle: the letters, the cells, and the headings."""
    ways = np.empty((3, words.shape[1]), np.uint64)
    for number in range(words.shape[1]):
        word = words[0, number]
        way = way_of(octets[8 * word : 8 * word + 8], words[3, number])
        ways[0, number], ways[1, number], ways[2, number] = way
    near = near_octets(ways, words, ground)
    steps = np.empty((4, 8 * near.shape[1] + 1), np.int64)
    count = 0
    for number in range(near.shape[1]):
        octet, x, y = near[0, number], near[1, number], near[2, number]
        letter, shift = 64 * words[0, octet >> 3] + 8 * (octet & 7), np.uint64(8 * (octet & 7))
        moves, eastern = ways[0, octet >> 3] >> shift, ways[1, octet >> 3] >> shift
        southern = ways[2, octet >> 3] >> shift
        for bit in range(8):
            move, east, south = int(moves & _1), int(eastern & _1), int(southern & _1)
            x, y = x + east - south, y + move - east - south
            steps[0, count], steps[1, count], steps[2, count] = letter + bit, x, y
            steps[3, count] = (east ^ south) + 2 * south
            count += move  # What is no step is written over by the next one.
            moves, eastern, southern = moves >> _1, eastern >> _1, southern >> _1
    x, y = steps[1][:count], steps[2][:count]
    wrap(x, ground.width)
    wrap(y, ground.height)
    return steps[:, sift(ground.cells, x, y, np.zeros(count, np.int8))]
