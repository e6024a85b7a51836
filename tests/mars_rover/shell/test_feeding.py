from __future__ import annotations

import io
import mmap
import os
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mars_rover import Direction, Point, World
from mars_rover.batch import simulate
from mars_rover.shell import feeding
from mars_rover.shell.feeding import letters_of, parts_of, size_of

PAGE = mmap.ALLOCATIONGRANULARITY
contents = st.one_of(
    st.binary(max_size=300),
    st.text("LRM\n", max_size=60).map(str.encode),
    st.sampled_from((PAGE - 1, PAGE, PAGE + 1, 2 * PAGE)).map(
        lambda size: b"M" * (size - 1) + b"\n"
    ),
    st.sampled_from((PAGE - 1, PAGE, PAGE + 1)).map(lambda size: b"\n" * size),
)
in_a_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(stream: io.BufferedIOBase | io.RawIOBase) -> bytes:
    return b"".join(bytes(block) for block in letters_of(stream))  # type: ignore[arg-type]


@given(contents, st.integers(0, 3))
@in_a_folder
def test_a_file_is_its_bytes_less_one_newline_from_where_it_stands(
    tmp_path: Path, content: bytes, begin: int
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with patch.object(feeding, "WINDOW", PAGE), file.open("rb") as stream:
        assert len(content) == size_of(stream)
        stream.read(begin)
        assert content[begin:].removesuffix(b"\n") == read(stream)


@given(st.lists(contents, max_size=4), st.sampled_from((1, 7, PAGE)))
def test_a_pipe_is_its_bytes_less_one_newline(parts: list[bytes], block: int) -> None:
    out, into = os.pipe()

    def write() -> None:
        with open(into, "wb", buffering=0) as pipe:
            for part in parts:
                pipe.write(part)

    writer = threading.Thread(target=write)
    writer.start()
    with patch.object(feeding, "BLOCK", block), open(out, "rb", buffering=0) as stream:
        assert size_of(stream) is None
        assert b"".join(parts).removesuffix(b"\n") == read(stream)
    writer.join()


@given(contents)
def test_what_is_no_file_is_read_as_well(content: bytes) -> None:
    stream = io.BytesIO(content)
    with patch.object(feeding, "BLOCK", 7):
        assert size_of(stream) is None
        assert content.removesuffix(b"\n") == read(stream)


def test_a_pipe_is_read_while_the_last_piece_is_worked_on() -> None:
    out, into = os.pipe()
    with patch.object(feeding, "BLOCK", 10), open(out, "rb", buffering=0) as stream:
        blocks = letters_of(stream)
        os.write(into, b"M" * 10)
        assert b"M" * 10 == bytes(next(blocks))
        os.write(into, b"R" * 30)  # Nobody has asked for it yet.
        for _ in range(500):
            time.sleep(0.01)
            if not any(_readable(out)):
                break
        assert [] == _readable(out)
        os.close(into)
        assert b"R" * 30 == b"".join(map(bytes, blocks))


def _readable(file: int) -> list[int]:
    import select  # noqa: PLC0415

    return select.select([file], [], [], 0)[0]


def test_whoever_stops_reading_leaves_no_thread_behind_though_nothing_comes() -> None:
    out, into = os.pipe()
    before = threading.active_count()
    with patch.object(feeding, "BLOCK", 4), open(out, "rb", buffering=0) as stream:
        blocks: Iterator[memoryview | bytes] = letters_of(stream)
        os.write(into, b"MMMMMM")
        assert b"MMMM" == bytes(next(blocks))
        assert before + 1 == threading.active_count()
        blocks.close()  # type: ignore[attr-defined]
        assert before == threading.active_count()
    os.close(into)


def test_an_error_of_the_pipe_is_raised_where_it_is_read(tmp_path: Path) -> None:
    out, into = os.pipe()
    before = threading.active_count()
    with open(out, "rb", buffering=0) as stream, patch("os.readv", side_effect=OSError("broken")):
        os.write(into, b"M")
        with pytest.raises(OSError, match="broken"):
            list(letters_of(stream))
    os.close(into)
    assert before == threading.active_count()


@given(contents.filter(bool), st.sampled_from((1, 7, PAGE - 1, PAGE, PAGE + 1)))
@in_a_folder
def test_the_parts_of_a_file_are_its_bytes_less_one_newline(
    tmp_path: Path, content: bytes, length: int
) -> None:
    file = tmp_path / "file"
    content = content[: 20 * length]
    file.write_bytes(content)
    parts = parts_of(str(file), length)
    assert content.removesuffix(b"\n") == b"".join(bytes(part()) for part in parts)
    assert all(part.length == length for part, _ in pairwise(parts))


def test_the_parts_of_a_file_are_pieces_of_a_program(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"MMRML" * 1000)
    origin = (Point(0, 0), Direction.NORTH)
    by_parts = simulate(World(9, 9), origin, parts_of(str(file), 777))
    assert simulate(World(9, 9), origin, b"MMRML" * 1000) == by_parts
    assert [] == parts_of(str(_empty(tmp_path)), 10)


def _empty(folder: Path) -> Path:
    file = folder / "empty"
    file.touch()
    return file
