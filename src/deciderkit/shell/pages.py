"""The replay page as a file: its template is read from the files that the package brings."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from deciderkit.picture.page import Template, page
from deciderkit.picture.story import Story
from deciderkit.shell.whole import write_whole


def read_template() -> Template:
    """The template of `page`, as it was installed."""
    assets = files("deciderkit.picture") / "assets"
    html, style, script = (
        (assets / f"page.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return Template(html, style, script)


def write_page(file: Path, story: Story) -> None:
    """Write the page that tells ``story``, whole or not at all. Raises ``OSError``."""
    write_whole(file, page(story, read_template()))
