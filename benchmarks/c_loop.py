"""The other baseline: a loop in C over the letters, with a bitmap of the obstacles.

Two of them, both compiled with ``-O3`` on the spot. The first is what one writes down, and guesses
two letters of three wrong when they are random; the second has no branch that depends on the letter.
"""

from __future__ import annotations

import ctypes

import numpy as np

from benchmarks.compiled import compiled
from mars_rover.values import Point, World

SOURCE = r"""
#include <stdint.h>

typedef struct { int64_t x, y, heading, carried_out, blocked; } Rover;
typedef struct { int64_t width, height; const uint8_t *taken; } World;

static const int64_t EAST[4] = {0, 1, 0, -1}, NORTH[4] = {1, 0, -1, 0};

static int64_t wrap(int64_t place, int64_t side) {
    return place == side ? 0 : place < 0 ? side - 1 : place;
}

static int is_taken(const World *world, int64_t x, int64_t y) {
    int64_t cell = y * world->width + x;
    return world->taken[cell >> 3] >> (cell & 7) & 1;
}

/* Both give the index of the first letter that is none, or -1. */

int64_t with_switch(const uint8_t *letters, int64_t count, const World *world, Rover *rover) {
    int64_t x = rover->x, y = rover->y, heading = rover->heading, i;
    for (i = 0; i < count && !rover->blocked; i++) {
        switch (letters[i]) {
        case 'L': heading = (heading + 3) & 3; break;
        case 'R': heading = (heading + 1) & 3; break;
        case 'M': {
            int64_t ahead_x = wrap(x + EAST[heading], world->width);
            int64_t ahead_y = wrap(y + NORTH[heading], world->height);
            if (is_taken(world, ahead_x, ahead_y)) { rover->blocked = 1; break; }
            x = ahead_x;
            y = ahead_y;
            break;
        }
        default: return i;
        }
    }
    rover->x = x, rover->y = y, rover->heading = heading, rover->carried_out = i;
    for (; i < count; i++)
        if (letters[i] != 'L' && letters[i] != 'R' && letters[i] != 'M') return i;
    return -1;
}

static const uint8_t TURN[256] = {['L'] = 3, ['R'] = 1};
static const uint8_t MOVES[256] = {['M'] = 1};
static const uint8_t KNOWN[256] = {['L'] = 1, ['R'] = 1, ['M'] = 1};

int64_t without_branches(const uint8_t *letters, int64_t count, const World *world, Rover *rover) {
    int64_t x = rover->x, y = rover->y, heading = rover->heading, i;
    for (i = 0; i < count; i++) {
        uint8_t letter = letters[i];
        if (!KNOWN[letter]) return i;
        heading = (heading + TURN[letter]) & 3;
        int64_t ahead_x = wrap(x + MOVES[letter] * EAST[heading], world->width);
        int64_t ahead_y = wrap(y + MOVES[letter] * NORTH[heading], world->height);
        if (is_taken(world, ahead_x, ahead_y)) { rover->blocked = 1; i++; break; }
        x = ahead_x;
        y = ahead_y;
    }
    rover->x = x, rover->y = y, rover->heading = heading, rover->carried_out = i;
    for (; i < count; i++)
        if (!KNOWN[letters[i]]) return i;
    return -1;
}
"""


class _Rover(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_int64) for name in ("x", "y", "heading", "carried_out", "blocked")
    )


class _World(ctypes.Structure):
    _fields_ = (
        ("width", ctypes.c_int64),
        ("height", ctypes.c_int64),
        ("taken", ctypes.c_void_p),
    )


class Loop:
    """One of the loops in one world, ready to run."""

    def __init__(self, name: str, world: World) -> None:
        self._run = compiled(SOURCE)[name]
        self._run.restype = ctypes.c_int64
        self._taken = np.zeros(world.width * world.height // 8 + 1, np.uint8)
        for obstacle in world.obstacles:
            cell = obstacle.y * world.width + obstacle.x
            self._taken[cell >> 3] |= 1 << (cell & 7)
        self._world = _World(world.width, world.height, self._taken.ctypes.data)

    def __call__(self, start: Point, heading: int, letters: bytes) -> tuple[int, int, int, int]:
        """Where a rover ends, as x, y and heading, and how many commands it carried out."""
        rover = _Rover(start.x, start.y, heading, 0, 0)
        count = ctypes.c_int64(len(letters))
        strange = self._run(letters, count, ctypes.byref(self._world), ctypes.byref(rover))
        assert strange == -1
        return rover.x, rover.y, rover.heading, rover.carried_out
