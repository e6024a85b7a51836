"""A broken law is told as a page, whatever it is a law of and however badly it is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, CorruptHistory, Decider, Projection, Refused
from deciderkit.testing import check_board, check_decider, check_equal, check_projection
from deciderkit.testing.laws.law import LawBroken
from deciderkit.testing.laws.page import story_of, write_page
from tests.deciderkit import turnstile


class Push(Struct, frozen=True):
    turnstile: str


class Pushed(Struct, frozen=True):
    turnstile: str


def broken_by(check: Any, *arguments: Any) -> LawBroken:
    with pytest.raises(LawBroken) as found:
        check(*arguments, seed=1)
    return found.value


def notes(broken: LawBroken) -> list[str]:
    """The commands and events of the page, by name, and what its last moment says."""
    data = story_of(broken).data
    texts = data["texts"]
    commands = [texts[each] for each in data["steps"][0] if each >= 0]
    events = [texts[each] for each in data["moments"][1] if each >= 0]
    return [*commands, *events, *(texts[each] for each in data["steps"][6] if each >= 0)]


def never(state: Any) -> bool:
    return False


def test_a_decider_without_annotations_is_told_with_what_it_gave() -> None:
    def decide(command: Any, state: Any) -> Any:
        return (Pushed("x"),)

    def evolve(state: Any, event: Any) -> Any:
        if state == 2:
            raise CorruptHistory(state, event)
        return state + 1

    broken = broken_by(check_decider, Decider(0, decide, evolve, never), st.just(Push("x")))
    assert "evolve_takes_what_decide_gives" == broken.law.name
    assert ["Push", "Push", "Pushed", "Pushed", "broken law"] == notes(broken)


def test_a_decide_that_raises_is_told_up_to_there() -> None:
    def decide(command: Any, state: Any) -> Any:
        if state:
            raise RuntimeError("</script>")
        return (Pushed("x"),)

    decider = Decider[Any, Any, Any, Any](0, decide, lambda state, event: state + 1, never)
    broken = broken_by(check_decider, decider, st.just(Push("x")))
    assert ["Push", "Pushed", "broken law"] == notes(broken)
    assert "raised: RuntimeError: </script>" in " ".join(story_of(broken).data["texts"])


def test_messages_that_are_plain_texts_are_told_too(tmp_path: Path) -> None:
    decider = Decider[Any, Any, Any, Any](
        False, lambda command, state: (command,), lambda state, event: True, bool
    )
    broken = broken_by(check_decider, decider, st.just("open"))
    assert ["str", "str", "broken law"] == notes(broken)
    assert write_page(broken, tmp_path).startswith(f"as a page: {tmp_path}")


def test_a_board_is_told_with_its_streams() -> None:
    def decide(command: Push, state: int) -> tuple[Pushed, ...] | tuple[Refused[Push, str]]:
        return (Pushed("another"),)

    def evolve(state: int, event: Pushed | Refused[Push, str]) -> int:
        return state + 1

    decider = Decider[Push, Pushed, int, str](0, decide, evolve, never)
    board = Board((Aggregate("Gate", "gate", decider, turnstile.by_turnstile),))
    broken = broken_by(check_board, board, st.just(Push("x")))
    assert "broken law" == notes(broken)[-1]
    assert "Push" in notes(broken)


def test_a_projection_is_told_with_its_view() -> None:
    seen: list[int] = []

    def count(total: int, event: Pushed) -> int:
        seen.append(1)
        return len(seen)

    view = Projection("pushed", 0, count)
    broken = broken_by(check_projection, view, st.lists(st.just(Pushed("x")), min_size=1))
    assert ["Pushed", "broken law"] == notes(broken)[-2:]


def test_what_has_no_run_has_no_page_and_says_why(tmp_path: Path) -> None:
    broken = broken_by(check_equal, abs, lambda number: number, st.integers())
    note = write_page(broken, tmp_path)
    assert note.startswith("there is no page of it: LookupError: a law of a ")
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said_and_hides_no_law(tmp_path: Path) -> None:
    decider = Decider[Any, Any, Any, Any](
        False, lambda command, state: (command,), lambda state, event: True, bool
    )
    taken = tmp_path / "taken"
    taken.write_text("")
    note = write_page(broken_by(check_decider, decider, st.just("open")), taken)
    assert note.startswith("there is no page of it: ")
