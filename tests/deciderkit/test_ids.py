"""The names that stand in a log."""

from __future__ import annotations

import re
from datetime import date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit.ids import (
    COMMAND_ID_PATTERN,
    BadId,
    is_category,
    is_command_id,
    is_id,
    is_time,
    key_text,
    slug,
    todo_id,
    todo_of,
)


class Named(str):
    """A text of a class of its own, which shows itself otherwise."""

    __slots__ = ()

    def __str__(self) -> str:
        return "another"


class Numbered(int):
    """A number of a class of its own, which shows itself otherwise."""

    def __repr__(self) -> str:
        return "another"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ann", "ann"),
        ("", ""),
        (7, "7"),
        (-7, "-7"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (date(2027, 1, 31), "2027-01-31"),
        (Named("ann"), "ann"),
        (Numbered(7), "7"),
    ],
)
def test_a_key_is_written_in_one_way(key: object, text: str) -> None:
    assert text == key_text(key)
    assert str is type(key_text(key))


@pytest.mark.parametrize(
    "key", [None, True, False, 1.0, b"a", ("a",), datetime(2027, 1, 31)], ids=repr
)
def test_what_is_no_key_is_a_mistake(key: object) -> None:
    said = f"the key {key!r}: expected a str, an int, a UUID or a date"
    with pytest.raises(TypeError, match=f"^{re.escape(said)}$"):
        key_text(key)


@pytest.mark.parametrize("good", ["a", "7", "A.b_c-d", "a" * 256, "a~x", "a~x~y", "a@1"])
def test_what_stands_in_a_log_as_a_request(good: str) -> None:
    assert is_command_id(good)
    assert bool(is_id(good)) == ("~" not in good and "@" not in good)


@pytest.mark.parametrize("bad", ["", "~a", "@1", "a@0", "a@01", "a@1@2", "a~x~y~z", "a~X", "a\n"])
def test_what_does_not(bad: str) -> None:
    assert not is_command_id(bad)
    assert not is_id(bad)


@given(st.from_regex(COMMAND_ID_PATTERN))
def test_only_the_id_of_a_to_do_is_taken_for_one(command_id: str) -> None:
    told = todo_of(command_id)
    assert ("@" in command_id) == (told is not None)
    if told is not None:
        assert command_id == todo_id(*told)


def test_a_category_is_the_part_before_the_first_hyphen() -> None:
    assert is_category("mars.rover_1")
    for bad in ("", "on-call", "my account", "_a", "a" * 101, "caf\u00e9", "a\n"):
        assert not is_category(bad)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Notify obstacle found", "notify-obstacle-found"),
        ("  charge -- the fee! ", "charge-the-fee"),
        ("caf\u00e9", "cafue9"),
        ("?!", ""),
        ("v1.2_b", "v1.2_b"),
        ("a@7", "a-7"),
    ],
)
def test_a_name_becomes_an_id(name: str, expected: str) -> None:
    assert expected == slug(name)


@given(st.text(max_size=30))
def test_whatever_a_policy_is_called_its_id_is_one_or_nothing(name: str) -> None:
    found = slug(name)
    assert found == "" or (is_id(found) and is_command_id(todo_id(found, 1)))


@pytest.mark.parametrize(
    "good",
    [
        "2026-01-01T00:00:00Z",
        "2026-12-31T23:59:59.123456+05:30",
        "2026-07-01T12:00:00.1-00:00",
    ],
)
def test_a_time_is_iso_8601_with_an_offset(good: str) -> None:
    assert is_time(good)
    for bad in (good[:-1], good + "\n", good.replace("T", " "), good.replace("20", "2", 1), ""):
        assert not is_time(bad)


def test_a_bad_id_is_shown_on_one_line_and_cut() -> None:
    said = str(BadId("\x1b[31m\nok: 9 events" + "a" * 3_000))
    assert said.startswith("bad id '\\x1b[31m\\nok: 9 events")
    assert len(said) < 180
    assert said.isascii()
    assert said.isprintable()
