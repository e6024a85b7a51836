"""Python laid out as a formatter would lay it out."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deciderkit.new.layout import Bracket, call, import_block, imports, laid_out, tuple_of, union
from deciderkit.new.naming import members_of, unique
from deciderkit.new.texts import literal, words


@given(st.text())
def test_a_text_written_as_python_is_that_text(text: str) -> None:
    written = literal(text)
    assert text == ast.literal_eval(written)
    assert written.isprintable()


@given(st.text())
def test_no_text_ends_a_docstring(text: str) -> None:
    said = words(text)
    assert said == ast.literal_eval(f'"""{said}."""')[:-1]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (tuple_of(["a"]), ["(a,)"]),
        (tuple_of(["a", "b"], "return "), ["return (a, b)"]),
        (tuple_of([]), ["()"]),
        (call("f", "x" * 90), ["f(", f"    {'x' * 90},", ")"]),
        (
            call("f", call("g", "x" * 40, "y" * 50), Bracket("{", ("a: 1",), "}")),
            ["f(", "    g(", f"        {'x' * 40},", f"        {'y' * 50},", "    ),", "    {a: 1},", ")"],
        ),
        (call("f", "x=1  # why"), ["f(", "    x=1,  # why", ")"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_has_an_item_a_line(code: Bracket, lines: list[str]) -> None:
    assert lines == laid_out(code).splitlines()


def test_a_long_union_gets_brackets() -> None:
    short, longer, longest = (
        ("Abc",),
        tuple("A" * 18 for _ in range(4)),
        tuple("A" * 30 for _ in range(3)),
    )
    assert "X = Abc" == union("X = ", short)
    assert f"Command = (\n    {' | '.join(longer)}\n)" == union("Command = ", longer)
    assert "X = (\n    " + "\n    | ".join(longest) + "\n)" == union("X = ", longest)


def test_imports_are_sorted_and_broken() -> None:
    assert "from a import MAX, Board, Zoo, call" == imports("a", ["call", "Zoo", "Board", "MAX"])
    assert "from a import (\n    B" in imports("a", ["B" * 50, "C" * 50])
    assert "import z\nfrom a import b\n\nfrom c import d" == import_block(
        ["from a import b", "import z"], [], ["from c import d", "from c import d"]
    )


def test_names_are_made_different() -> None:
    assert ["a", "a_2", "a_3", "class_", "b_2"] == unique(["a", "a", "a", "class", "b"], ["b"])
    assert ["NOT_LENT", "REASON", "REASON_2", "REASON_2_LATE"] == members_of(
        ["not lent", "???", "!", "2 late"]
    )
