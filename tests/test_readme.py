"""What the README shows is run: its Python as doctests, its files and commands in order."""

from __future__ import annotations

import re
from pathlib import Path

from tests.pages import differences, failed_doctests, read_page

TEXT = read_page("README.md")


def test_the_python_of_the_readme_runs() -> None:
    failed, attempted = failed_doctests("README.md")
    assert 0 == failed
    assert attempted > 0


def test_every_command_of_the_readme_prints_what_is_shown(tmp_path: Path) -> None:
    assert [] == differences(TEXT, tmp_path)


def test_the_readme_has_two_commands_for_a_fresh_clone() -> None:
    block = re.search(r"^```sh\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert block is not None
    commands = block[1].splitlines()
    assert 2 == len(commands)
    assert all(each.startswith("python3 -m venv .venv && ") for each in commands)


def test_the_readme_is_a_tour_and_links_the_guide() -> None:
    assert len(TEXT.splitlines()) < 250
    assert "(src/deciderkit/README.md)" in TEXT
