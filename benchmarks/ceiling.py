"""The ceiling: what this machine could do, to be held against what the engine does.

The first is the engine's own idea, bit planes, in C and with the instructions that were made for it:
the top bits of 32 bytes in one instruction, and a running xor over 64 bits as one multiplication
without carries. All is done in one pass, in registers. It refuses strange letters as well, knows no
obstacles, and is compiled for the processor at hand; one that lacks the instructions gets the same in
plain C. The second does nothing but read the letters from memory; nobody can be faster than that.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from benchmarks.compiled import compiled

SOURCE = r"""
#include <stdint.h>
#include <string.h>

typedef struct { int64_t x, y, heading; } Rover;

#if defined(__AVX2__) && defined(__PCLMUL__)
#include <immintrin.h>

const char *instructions(void) { return "AVX2 and carry-less multiplication"; }

static uint64_t running_xor(uint64_t bits) {
    __m128i ones = _mm_set1_epi8(-1), wide = _mm_cvtsi64_si128((int64_t)bits);
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(wide, ones, 0));
}

static uint64_t tops(__m256i low, __m256i high) {
    uint64_t upper = (uint32_t)_mm256_movemask_epi8(high);
    return (uint32_t)_mm256_movemask_epi8(low) | upper << 32;
}

/* Which of 64 letters are moves, and which are turns to the right; 0 if one of them is strange. */
static int planes(const uint8_t *letters, uint64_t *move, uint64_t *right) {
    __m256i a = _mm256_loadu_si256((const __m256i *)letters);
    __m256i b = _mm256_loadu_si256((const __m256i *)(letters + 32));
    const __m256i l = _mm256_set1_epi8('L'), m = _mm256_set1_epi8('M'), r = _mm256_set1_epi8('R');
    *move = tops(_mm256_cmpeq_epi8(a, m), _mm256_cmpeq_epi8(b, m));
    *right = tops(_mm256_cmpeq_epi8(a, r), _mm256_cmpeq_epi8(b, r));
    return (*move | *right | tops(_mm256_cmpeq_epi8(a, l), _mm256_cmpeq_epi8(b, l))) == ~0ull;
}

#else

const char *instructions(void) { return "plain C, 64 bits at a time"; }

static uint64_t running_xor(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

static int planes(const uint8_t *letters, uint64_t *move, uint64_t *right) {
    int known = 1;
    *move = *right = 0;
    for (int i = 0; i < 64; i++) {
        uint8_t letter = letters[i];
        *move |= (uint64_t)(letter == 'M') << i;
        *right |= (uint64_t)(letter == 'R') << i;
        known &= letter == 'L' || letter == 'M' || letter == 'R';
    }
    return known;
}

#endif

/* Drives the rover; gives the index of the first 64 letters with a strange one among them, or -1. */
int64_t bit_planes(const uint8_t *letters, int64_t count, Rover *rover) {
    uint64_t low_before = -(uint64_t)(rover->heading & 1);
    uint64_t high_before = -(uint64_t)(rover->heading >> 1);
    uint8_t last[64];
    for (int64_t i = 0; i < count; i += 64) {
        const uint8_t *here = letters + i;
        if (count - i < 64) {
            memset(last, 'L', 64);
            here = memcpy(last, here, count - i);
        }
        uint64_t move, right;
        if (!planes(here, &move, &right)) return i;
        uint64_t turns = ~move;
        uint64_t low = running_xor(turns) ^ low_before;
        uint64_t high = running_xor(right ^ (turns & low)) ^ high_before;
        low_before = (uint64_t)((int64_t)low >> 63);
        high_before = (uint64_t)((int64_t)high >> 63);
        uint64_t along = move & low, across = move & ~low;
        rover->x += __builtin_popcountll(along) - 2 * __builtin_popcountll(along & high);
        rover->y += __builtin_popcountll(across) - 2 * __builtin_popcountll(across & high);
    }
    rover->heading = ((low_before & 1) + 2 * (high_before & 1) + (-count & 63)) & 3;
    return -1;
}

/* All letters, eight at a time, in as many sums as fit side by side into the registers. */
uint64_t read_memory(const uint8_t *letters, int64_t count) {
    uint64_t sums[32] = {0}, word;
    int64_t i = 0;
    for (; i + 256 <= count; i += 256)
        for (int j = 0; j < 32; j++) {
            memcpy(&word, letters + i + 8 * j, 8);
            sums[j] ^= word;
        }
    for (; i < count; i++) sums[0] ^= letters[i];
    for (int j = 1; j < 32; j++) sums[0] ^= sums[j];
    return sums[0];
}
"""


class _Rover(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_int64) for name in ("x", "y", "heading"))


def _library() -> ctypes.CDLL:
    library = compiled(SOURCE, "-march=native")
    library.instructions.restype = ctypes.c_char_p
    library.bit_planes.restype = ctypes.c_int64
    library.read_memory.restype = ctypes.c_uint64
    return library


def instructions() -> str:
    """What `bit_planes` was compiled to."""
    return bytes(_library().instructions()).decode()


def bit_planes(x: int, y: int, heading: int, letters: bytes) -> tuple[int, int, int]:
    """Where a rover ends on the endless plane, and where it looks."""
    rover = _Rover(x, y, heading)
    strange = _library().bit_planes(letters, ctypes.c_int64(len(letters)), ctypes.byref(rover))
    assert strange == -1
    return rover.x, rover.y, rover.heading


def read_memory(letters: NDArray[np.uint8]) -> int:
    """The xor of all words of ``letters``, which lie side by side."""
    begin = ctypes.c_void_p(letters.ctypes.data)
    return int(_library().read_memory(begin, ctypes.c_int64(letters.size)))
