"""A wall that has grown: what to add, in which file; and nothing where nothing grew."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciderkit.new import package_of, what_to_add
from deciderkit.wall import Wall, parse_wall, print_wall, wall_of
from tests.deciderkit.new.made import imported, written
from tests.deciderkit.wall.walls import LIBRARY, library

GROWN = (
    LIBRARY.replace("Copy Returned, Copy Returned Late\n", "Copy Returned, Copy Returned Late\n"
        "Mend Copy -> [Copy] -> Copy Mended\nOpen -> [Branch] -> Opened\n")
    .replace("not lent, member", "not lent, in repair, member")
    .replace("Lend Copy, Copy Lent: member", "Copy Mended: by whom (Mender)\nLend Copy, Copy Lent: desk, member")
    .replace("view holds:", "whenever Copy Mended: Offer Copy\nview repairs: Copy Mended\nview holds:")
    .replace("system Bank", "system Post: Copy Mended\nsystem Bank")
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("made")
    written(found, "books", package_of(library, "books").unwrap())
    return found


def added(folder: Path, wall: Wall) -> list[str]:
    with imported(folder, "books") as board:
        additions = what_to_add(wall, board).unwrap()
    return [f"{each.file}: {each.what}" for each in additions]


def test_where_nothing_grew_nothing_is_to_be_added(folder: Path) -> None:
    assert [] == added(folder, library)


def test_what_grew_is_named_with_its_file(folder: Path) -> None:
    assert [
        "books/values.py: the value Mender",
        "books/commands.py: fields of Lend Copy, and in tests/strategies.py where it is drawn",
        "books/commands.py: command Mend Copy",
        "books/events.py: fields of Copy Lent",
        "books/events.py: event Copy Mended",
        "books/copy.py: in decide: Mend Copy",
        "books/copy.py: in Stage: Copy Mended",
        "books/copy.py: in evolve: Copy Mended",
        "books/copy.py: in Reason: in repair",
        "books/board.py: instead of the aggregate Copy",
        "books/commands.py: command Open",
        "books/events.py: event Opened",
        "books/commands.py: the alias BranchCommand, and in the alias Command: | BranchCommand",
        "books/events.py: the alias BranchEvent, and in the alias Event: | BranchEvent",
        "books/branch.py: the aggregate Branch, a new file",
        "books/board.py: among the aggregates: Branch, and branch among the imports from books",
        "books/tests/strategies.py: what is drawn for Branch, with its imports, and branch_commands() "
        "among board_commands",
        "books/tests/test_laws.py: the laws of Branch, with branch and branch_commands among the imports",
        "books/policies.py: the policy offer copy after copy mended, and in board.py among the policies",
        "books/projections.py: the view repairs, and in board.py among the projections",
        "books/board.py: among the externals: Post",
    ] == added(folder, parse_wall(GROWN).unwrap())


def test_what_the_wall_has_no_more_is_named(folder: Path) -> None:
    wall = parse_wall(GROWN).unwrap()
    written(folder, "grown", package_of(wall, "grown").unwrap())
    with imported(folder, "grown") as board:
        gone = [str(each) for each in what_to_add(library, board).unwrap()]
    assert {
        "grown: Mend Copy is not on the wall any more",
        "grown: repairs is not on the wall any more",
        "grown: Branch is not on the wall any more",
        "grown: Lend Copy has no desk (text) on the wall any more",
    } <= set(gone)


def test_what_is_added_is_the_code_of_a_new_package(folder: Path) -> None:
    wall = parse_wall(GROWN).unwrap()
    files = package_of(wall, "books").unwrap()
    with imported(folder, "books") as board:
        additions = what_to_add(wall, board).unwrap()
    for each in additions:
        code = each.code.split("\n\n# and in the alias")[0]
        assert code in files[each.file.removeprefix("books/")]


def test_an_addition_that_was_made_is_not_asked_for_again(folder: Path) -> None:
    """The files of the grown wall, in place of those of the first: nothing is left to add."""
    wall = parse_wall(GROWN).unwrap()
    written(folder / "later", "books", package_of(wall, "books").unwrap())
    with imported(folder / "later", "books") as board:
        assert print_wall(wall) == print_wall(wall_of(board))
        assert () == what_to_add(wall, board).unwrap()


def test_a_wall_that_cannot_be_run_is_refused(folder: Path) -> None:
    wall = parse_wall(f"{LIBRARY}\nEnd -> [Nothing]").unwrap()
    with imported(folder, "books") as board:
        error = what_to_add(wall, board).failure()
    assert "'Nothing' takes no command or gives no event" in str(error)


def test_who_follows_what_is_said_of_a_new_aggregate_has_it(tmp_path: Path) -> None:
    """All that is printed is done by the letter, and the package runs and holds its laws' module."""
    first = "Reserve -> [Stay] -> Reserved\n"
    wall = parse_wall(f"{first}Pay -> [Bill] -> Bill Paid\nPay, Bill Paid: by whom\n").unwrap()
    written(tmp_path, "inn", package_of(parse_wall(first).unwrap(), "inn").unwrap())
    with imported(tmp_path, "inn") as board:
        additions = what_to_add(wall, board).unwrap()
    for each in additions:
        file = tmp_path / each.file
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if "among the aggregates" in each.what:
            text = text.replace("events, stay", "bill, events, stay").replace(
                "aggregates=(", f"aggregates=(\n{each.code}\n", 1
            )
        elif " and in the alias " in each.what:
            whole, _, more = each.what.partition(" and in the alias ")[2].partition(": ")
            before, _, after = text.partition(f"\n{whole}: TypeAlias = ")
            text = f"{before}\n{each.code}\n{whole}: TypeAlias = {after.rstrip()} {more}\n"
        elif each.file.startswith("inn/tests/"):
            continue  # what they import stands in the words, and what they hold in the next line
        else:
            before, alias, after = text.partition("\nStay")
            text = f"{before}\n{each.code}\n\n{alias}{after}"
        file.write_text(text, encoding="utf-8")
    with imported(tmp_path, "inn") as board:
        assert () == what_to_add(wall, board).unwrap()
        assert ["Stay", "Bill"] == sorted((each.name for each in board.aggregates), reverse=True)
