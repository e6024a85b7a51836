from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mars_rover import Direction, Point, World, parse_program
from mars_rover.batch import ProgramLetters, letters, simulate
from mars_rover.batch.letters import bundles, stretches

ORIGIN = (Point(0, 0), Direction.NORTH)
WORLD = World(10, 10, frozenset({Point(3, 3)}))

texts = st.text("LRM", min_size=1, max_size=300)
spoilt = st.text("LRMXé\0\udc80𝄞", max_size=300)
sizes = st.sampled_from((1, 2, 3, 64, 100, 2**20))


@st.composite
def pieces(draw: st.DrawFn, text: st.SearchStrategy[str]) -> tuple[str, list[str]]:
    whole = draw(text)
    cuts = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    bounds = [0, *cuts, len(whole)]
    return whole, [whole[a:b] for a, b in pairwise(bounds)]


def buffer(text: str) -> bytearray:
    return bytearray(text.encode())


@given(texts)
def test_all_forms_of_a_program_are_one(text: str) -> None:
    raw = text.encode()
    mixed: list[str | bytes] = [text[:5], raw[5:]]
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        forms: list[ProgramLetters] = [
            raw,
            bytearray(raw),
            memoryview(raw),
            mapped,
            np.frombuffer(raw, np.uint8),
            list(text),
            iter([raw]),
            iter(mixed),
        ]
        arrival = simulate(WORLD, ORIGIN, text)
        assert [arrival] * len(forms) == [simulate(WORLD, ORIGIN, form) for form in forms]


@given(pieces(texts), sizes)
def test_stretches_are_the_letters_in_order_and_of_one_size(
    cut: tuple[str, list[str]], size: int
) -> None:
    whole, parts = cut
    with patch.object(letters, "STRETCH", size):
        got = [bytes(stretch) for stretch in stretches(parts)]
    assert whole.encode() == b"".join(got)
    assert {size} >= {len(stretch) for stretch in got[:-1]}
    assert 1 <= len(got[-1]) <= size


@given(pieces(texts), sizes, st.integers(1, 5), st.sampled_from((str, str.encode, buffer)))
def test_bundles_are_stretches_that_lie_side_by_side(
    cut: tuple[str, list[str]], size: int, few: int, form: Callable[[str], Any]
) -> None:
    whole, parts = cut
    with patch.object(letters, "STRETCH", size), patch.object(letters, "BUNDLE", few):
        got = list(bundles(map(form, parts)))
    assert whole.encode() == b"".join(map(bytes, got))
    most = few if form is str.encode else 1
    assert size * most >= max(map(len, got))
    assert {0} >= {len(bundle) % size for bundle in got[:-1]}


def test_nothing_is_copied_to_be_bundled() -> None:
    """Only a stretch of two pieces is put together, and the letters that are left."""
    raw = b"LRM" * 5 + b"L"
    with patch.object(letters, "STRETCH", 2), patch.object(letters, "BUNDLE", 3):
        got = list(bundles([raw[:1], raw]))
    assert [2, 6, 6, 2, 1] == [len(bundle) for bundle in got]
    memory = np.frombuffer(raw, np.uint8)
    shared = [np.shares_memory(bundle, memory) for bundle in got]
    assert [False, True, True, True, False] == shared


@given(pieces(spoilt), sizes)
def test_what_is_wrong_is_what_the_parser_says(cut: tuple[str, list[str]], size: int) -> None:
    whole, parts = cut
    said = parse_program(whole).map(lambda _: None)
    with patch.object(letters, "STRETCH", size):
        assert said == simulate(WORLD, ORIGIN, whole).map(lambda _: None)
        assert said == simulate(WORLD, ORIGIN, parts).map(lambda _: None)


@given(st.binary(min_size=1, max_size=200))
def test_bytes_are_counted_as_bytes(raw: bytes) -> None:
    said = parse_program(raw.decode("latin-1")).map(lambda _: None)
    assert said == simulate(WORLD, ORIGIN, raw).map(lambda _: None)


def test_a_buffer_may_be_used_again_for_the_next_piece() -> None:
    def refilled() -> Iterator[bytearray]:
        buffer = bytearray(3)
        for text in (b"MMR", b"MML", b"RRM"):
            buffer[:] = text
            yield buffer

    assert simulate(WORLD, ORIGIN, "MMRMMLRRM") == simulate(WORLD, ORIGIN, refilled())


FORMS = "str, or contiguous bytes (an array of uint8, one dimension), or pieces of these"


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        (7, "program is of type int"),
        (None, "program is of type NoneType"),
        ([76, 77], "piece 0 of the program is of type int"),
        (["MM", None], "piece 1 of the program is of type NoneType"),
        (np.array([76, 77]), "program is memory of format 'l' and 1 dimension(s)"),
        (
            np.array(["2020"], "M8[Y]"),
            "program cannot be read: cannot include dtype 'M' in a buffer",
        ),
        (np.zeros((2, 2), np.uint8), "program is memory of format 'B' and 2 dimension(s)"),
        (
            np.zeros(8, np.uint8)[::2],
            "program is non-contiguous memory of format 'B' and 1 dimension(s)",
        ),
        (["M", np.zeros(2)], "piece 1 of the program is memory of format 'd' and 1 dimension(s)"),
    ],
)
def test_what_is_no_program_is_named(program: Any, problem: str) -> None:
    assert f"{problem}: expected {FORMS}" == str(simulate(WORLD, ORIGIN, program).failure())


def test_the_first_thing_wrong_is_told_first() -> None:
    programs: list[Any] = [["MXM", None], ["MX", "é"], [b"MX", np.zeros(2)]]
    indices = [simulate(WORLD, ORIGIN, program).failure().index for program in programs]
    assert indices == [1, 1, 1]


@pytest.mark.parametrize(
    "program",
    ["", b"", [], [""], ["", b""], iter(())],
    ids=["str", "bytes", "list", "empty piece", "empty pieces", "iterator"],
)
def test_a_program_has_letters(program: ProgramLetters) -> None:
    assert parse_program("").failure() == simulate(WORLD, ORIGIN, program).failure()
