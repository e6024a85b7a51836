"""``board`` draws the board, and says when a drawing that was kept is no longer true."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit.picture.board import mermaid, svg
from deciderkit.wall import print_wall, wall_of
from tests.deciderkit.shell.cli.bank import board
from tests.deciderkit.shell.cli.conftest import TURNSTILE, Kit

WALL = wall_of(board)


def test_the_board_is_its_wall(kit: Kit) -> None:
    assert (0, print_wall(WALL), "") == kit("board")
    assert kit("board") == kit("board", "--text")


def test_the_board_is_drawn(kit: Kit, tmp_path: Path) -> None:
    assert (0, mermaid(WALL), "") == kit("board", "--mermaid")
    assert (0, "", "") == kit("board", "--svg", str(tmp_path / "bank.svg"))
    assert svg(WALL) == (tmp_path / "bank.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("drawn", [print_wall(WALL), mermaid(WALL), svg(WALL)])
def test_a_drawing_that_was_kept_is_true_of_its_board_and_of_no_other(
    kit: Kit, tmp_path: Path, drawn: str
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(drawn, encoding="utf-8", newline="\r\n")
    assert (0, "", "") == kit("board", "--check", str(kept))
    other = kit("board", "--check", str(kept), "--board", TURNSTILE)
    assert (1, "") == (other.code, other.out)
    assert f"error: {kept} is not this board: line " in other.err


def test_a_drawing_that_cannot_be_read_or_written_is_one_line(kit: Kit, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    said = f"error: {missing}: No such file or directory: expected a drawing\n"
    assert (2, "", said) == kit("board", "--check", str(missing))
    missing.write_bytes(b"\xff")
    assert (2, "", f"error: {missing}: no text: expected a drawing\n") == kit(
        "board", "--check", str(missing)
    )
    assert 2 == kit("board", "--svg", str(tmp_path / "no" / "bank.svg")).code


def test_a_wall_becomes_a_package(kit: Kit, tmp_path: Path) -> None:
    folder = tmp_path / "bank_again"
    made = kit("new", "-", "--to", str(folder), stdin=print_wall(WALL).encode())
    assert 0 == made.code, made.err
    assert f"{folder}/board.py\n" in made.out
