"""What the guide shows is run: its Python as doctests, its files and commands in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deciderkit.wall.field_types import SYNONYMS
from tests.pages import ROOT, differences, failed_doctests, read_page

GUIDE = "src/deciderkit/README.md"
TEXT = read_page(GUIDE)


def test_the_python_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, attempted = failed_doctests(GUIDE)
    assert 0 == failed
    assert attempted > 20


def test_every_command_of_the_guide_prints_what_is_shown(tmp_path: Path) -> None:
    assert [] == differences(TEXT, tmp_path)


def test_what_the_guide_quotes_of_the_library_stands_there() -> None:
    quoted = re.search(r"^remind: Final = .*?^\)$", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert quoted is not None
    library = ROOT / "src" / "deciderkit" / "examples" / "library"
    assert quoted[0] in (library / "policies.py").read_text(encoding="utf-8")


def test_every_chapter_and_file_that_the_guide_links_is_there() -> None:
    chapters = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^## (.*)$", TEXT, flags=re.MULTILINE)
    }
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\(([^)]+)\)", prose)
    assert chapters == {link[1:] for link in links if link.startswith("#")}
    folder = (ROOT / GUIDE).parent
    assert [] == [each for each in links if each[0] != "#" and not (folder / each).exists()]


def test_the_types_that_the_guide_names_are_known_to_the_wall() -> None:
    named = re.search(
        r"^Types are (.*?), or a name of your own", TEXT, flags=re.DOTALL | re.MULTILINE
    )
    assert named is not None
    known = {*SYNONYMS.values(), "list of text"}
    assert [] == [each for each in re.findall(r"`([^`]+)`", named[1]) if each not in known]
